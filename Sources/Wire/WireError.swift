/// Why received bytes were refused; equal when the codes are.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of refusal.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case malformed
            case tooLarge
            case tooDeep
            case notUTF8
            case outOfRange
            case missing
            case violation
            case incompatible
        }

        private let kind: Kind

        /// The bytes are not a frame or message of the expected type.
        package static let malformed = Code(kind: .malformed)
        /// A length or a count exceeds its limit, or unpacking would take too much memory.
        package static let tooLarge = Code(kind: .tooLarge)
        /// Values are nested too deeply.
        package static let tooDeep = Code(kind: .tooDeep)
        /// A string is not UTF-8.
        package static let notUTF8 = Code(kind: .notUTF8)
        /// A number or an enum case is not one that the field allows.
        package static let outOfRange = Code(kind: .outOfRange)
        /// A field that is required is absent.
        package static let missing = Code(kind: .missing)
        /// A frame is not allowed here: the order of frames or streams was broken.
        package static let violation = Code(kind: .violation)
        /// The other side speaks another protocol version, or is of another cluster.
        package static let incompatible = Code(kind: .incompatible)

        package var description: String { self.kind.rawValue }
    }

    /// What kind of refusal it is: all that equality looks at.
    package let code: Code
    /// Says what was wrong, for logs; never holds received bytes.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(self.code): \(self.message)" }

    package static func == (lhs: WireError, rhs: WireError) -> Bool { lhs.code == rhs.code }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
