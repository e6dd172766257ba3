/// What went wrong between this program and the cluster.
///
/// Errors are equal when their codes are.
public struct BanderaError: Error, Sendable {
    /// What kind of failure it is, and so what can be done about it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case unavailable
            case timedOut
            case unauthorized
            case refused
            case stale
            case notFound
            case alreadyExists
            case outcomeUnknown
            case invalidConfiguration
            case protocolViolation
            case shutDown
            case sessionExpired
        }

        private let base: Base

        /// No node could be reached, or none could serve.
        ///
        /// Trying again later is safe.
        public static let unavailable = Code(base: .unavailable)
        /// The time allowed ran out before an answer to a call that changes nothing.
        public static let timedOut = Code(base: .timedOut)
        /// The credentials were not accepted, or do not permit this.
        public static let unauthorized = Code(base: .unauthorized)
        /// The cluster judged the request and said no.
        ///
        /// Trying again gives the same answer.
        public static let refused = Code(base: .refused)
        /// What was to be changed has changed since the revision that the change was based on.
        public static let stale = Code(base: .stale)
        /// What was asked for does not exist.
        public static let notFound = Code(base: .notFound)
        /// What was to be created exists already.
        public static let alreadyExists = Code(base: .alreadyExists)
        /// The write may or may not have happened: look before doing it again.
        public static let outcomeUnknown = Code(base: .outcomeUnknown)
        /// The configuration cannot work as it is.
        public static let invalidConfiguration = Code(base: .invalidConfiguration)
        /// The other side does not speak the protocol as agreed.
        public static let protocolViolation = Code(base: .protocolViolation)
        /// The client was shut down.
        public static let shutDown = Code(base: .shutDown)

        /// The cluster forgot the write session; never leaves this module.
        package static let sessionExpired = Code(base: .sessionExpired)

        /// The code's name.
        public var description: String { self.base.rawValue }
    }

    /// What kind of failure it is.
    public let code: Code
    /// What happened, to what, in words for a person.
    public let message: String

    /// An error of `code` that says `message`.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension BanderaError: Hashable {
    /// Compares codes only: messages are for people.
    public static func == (lhs: BanderaError, rhs: BanderaError) -> Bool { lhs.code == rhs.code }

    /// Hashes the code only.
    public func hash(into hasher: inout Hasher) { hasher.combine(self.code) }
}

extension BanderaError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(self.code): \(self.message)" }
}
