/// Why a definition, a patch, a name or a text was not accepted.
///
/// Two errors are equal when their codes are; the message is for people.
public struct FlagsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of mistake it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case invalidName
            case invalidText
            case invalidRollout
            case invalidWindow
            case invalidStatus
            case invalidVariations
            case invalidValue
            case invalidDocument
            case invalidTargeting
            case invalidToken
            case invalidPlan
            case invalidSchema
            case circularDependency
            case limitExceeded
        }

        private let kind: Kind

        /// A key or an id has the wrong characters or length.
        public static let invalidName = Code(kind: .invalidName)
        /// A text has control characters or cannot be read as what it should be.
        public static let invalidText = Code(kind: .invalidText)
        /// A percentage is outside 0 through 100 or too precise.
        public static let invalidRollout = Code(kind: .invalidRollout)
        /// An end is not after its start, or a moment cannot be written.
        public static let invalidWindow = Code(kind: .invalidWindow)
        /// A flag cannot begin in this status.
        public static let invalidStatus = Code(kind: .invalidStatus)
        /// Variations are repeated, unknown or of different kinds.
        public static let invalidVariations = Code(kind: .invalidVariations)
        /// A value is not a value that a flag can take.
        public static let invalidValue = Code(kind: .invalidValue)
        /// A document or a JSON text is not what it should be.
        public static let invalidDocument = Code(kind: .invalidDocument)
        /// A rule, clause, target, prerequisite, override or segment makes no sense.
        public static let invalidTargeting = Code(kind: .invalidTargeting)
        /// A member or a token has a role, hash or expiry that it cannot have.
        public static let invalidToken = Code(kind: .invalidToken)
        /// A release plan has steps that cannot be carried out.
        public static let invalidPlan = Code(kind: .invalidPlan)
        /// A schema is not one, or a value does not conform to it.
        public static let invalidSchema = Code(kind: .invalidSchema)
        /// Segments or prerequisites lead back to where they began.
        public static let circularDependency = Code(kind: .circularDependency)
        /// Something is longer, deeper or more than `FlagsLimits` allows.
        public static let limitExceeded = Code(kind: .limitExceeded)

        /// The code's name.
        public var description: String { self.kind.rawValue }
    }

    /// What kind of mistake it is.
    public let code: Code
    /// What is wrong and what would be right.
    public let message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { self.message }

    /// Compares codes only.
    public static func == (lhs: FlagsError, rhs: FlagsError) -> Bool { lhs.code == rhs.code }

    /// Hashes the code only.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}
