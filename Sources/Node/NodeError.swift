/// Why a node could not start or had to stop.
package struct NodeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for code that has to tell one from another.
    package struct Code: Hashable, Sendable {
        private enum Kind {
            case configuration
            case storage
            case ledger
            case listener
            case identity
        }

        private let kind: Kind

        /// The configuration file is missing, malformed or contradicts itself.
        package static let configuration = Code(kind: .configuration)
        /// The log cannot be opened, or can no longer be written.
        package static let storage = Code(kind: .storage)
        /// The record store cannot be opened, or can no longer be written.
        package static let ledger = Code(kind: .ledger)
        /// A port cannot be listened on.
        package static let listener = Code(kind: .listener)
        /// The certificate does not belong to this node.
        package static let identity = Code(kind: .identity)
    }

    package let code: Code
    /// What happened, to what, and what to do next.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Errors are equal when their codes are: messages are for people.
    package static func == (lhs: NodeError, rhs: NodeError) -> Bool { lhs.code == rhs.code }

    package var description: String { self.message }
}
