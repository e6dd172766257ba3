/// Why a listener or a connection could not be used or came to its end.
package struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for code that has to tell one from another.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case configuration, addressInUse, bindFailed, connectFailed, handshake
            case handshakeTimeout, incompatible, violation
            case keepAliveTimeout, slowReader, connectionLost, closedByPeer, closed, goaway
            case shuttingDown
        }

        private let kind: Kind

        /// A limit or setting makes no sense.
        package static let configuration = Code(kind: .configuration)
        /// Another process listens on the port.
        package static let addressInUse = Code(kind: .addressInUse)
        /// The port could not be listened on for another reason.
        package static let bindFailed = Code(kind: .bindFailed)
        /// No connection to the address could be opened.
        package static let connectFailed = Code(kind: .connectFailed)
        /// TLS failed; the cause says how.
        package static let handshake = Code(kind: .handshake)
        /// TLS and settings were not exchanged in time.
        package static let handshakeTimeout = Code(kind: .handshakeTimeout)
        /// The peer belongs to another cluster or speaks another major version of the protocol.
        package static let incompatible = Code(kind: .incompatible)
        /// The peer sent bytes that the protocol does not allow.
        package static let violation = Code(kind: .violation)
        /// The peer did not answer a ping.
        package static let keepAliveTimeout = Code(kind: .keepAliveTimeout)
        /// The peer did not read what was sent to it.
        package static let slowReader = Code(kind: .slowReader)
        /// The connection broke.
        package static let connectionLost = Code(kind: .connectionLost)
        /// The peer closed the connection.
        package static let closedByPeer = Code(kind: .closedByPeer)
        /// This side closed the connection.
        package static let closed = Code(kind: .closed)
        /// The peer refused to go on; the message says why.
        package static let goaway = Code(kind: .goaway)
        /// The server stops.
        package static let shuttingDown = Code(kind: .shuttingDown)

        package var description: String { self.kind.rawValue }
    }

    package let code: Code
    /// What happened and what to do next, for the operator.
    package let message: String
    /// The error below this one, if there is one.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// Errors are equal when their codes are: messages are for people.
    package static func == (lhs: TransportError, rhs: TransportError) -> Bool {
        lhs.code == rhs.code
    }

    package var description: String {
        guard let cause = self.cause else { return self.message }
        return "\(self.message) [\(cause)]"
    }
}
