/// Why a text is not a regular expression that can be used.
///
/// Two errors are equal when their codes are; the message is for people.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case tooLong
            case invalid
        }

        private let kind: Kind

        /// It has more than `PatternLimits.patternBytesMax` bytes.
        package static let tooLong = Code(kind: .tooLong)
        /// PCRE2 refused it: it is no regular expression, or too large a one.
        package static let invalid = Code(kind: .invalid)

        /// The code's name.
        package var description: String { self.kind.rawValue }
    }

    /// What kind of mistake it is.
    package let code: Code
    /// Where it is, in UTF-8 bytes from the start of the pattern.
    package let offset: Int
    /// What is wrong.
    package let message: String

    init(_ code: Code, offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    /// The message and the place.
    package var description: String { "\(self.message), at byte \(self.offset)" }

    /// Compares codes only.
    package static func == (lhs: PatternError, rhs: PatternError) -> Bool { lhs.code == rhs.code }

    /// Hashes the code only.
    package func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
