/// What is wrong with a configuration that an operator wrote.
package struct RaftError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of error; two errors are equal when their codes are.
    package struct Code: Hashable, Sendable {
        private enum Value: Hashable, Sendable {
            case invalidConfiguration
        }
        private let value: Value

        /// A value of the configuration is out of range or contradicts another.
        package static let invalidConfiguration = Code(value: .invalidConfiguration)
    }

    /// The kind of error.
    package let code: Code
    /// What is wrong and what to write instead.
    package let message: String

    package init(code: Code, message: String) {
        precondition(!message.isEmpty, "an error without a message helps nobody")
        self.code = code
        self.message = message
    }

    package var description: String { self.message }

    package static func == (lhs: RaftError, rhs: RaftError) -> Bool { lhs.code == rhs.code }
}
