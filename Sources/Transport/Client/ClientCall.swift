package import NIOCore
package import Wire

/// What the caller of a stream is told, on the connection's event loop.
package struct ClientCallEvents {
    /// A DATA message came; the buffer's bytes are only the message.
    package var message: (ClientCall, ByteBuffer) -> Void
    /// A call that had no credit left may send again.
    package var creditAvailable: (ClientCall) -> Void
    /// The call is over, whatever ended it.
    ///
    /// Called once; nothing follows.
    package var ended: (ClientCall, Status, _ body: [UInt8]) -> Void

    package init(
        message: @escaping (ClientCall, ByteBuffer) -> Void = { _, _ in },
        creditAvailable: @escaping (ClientCall) -> Void = { _ in },
        ended: @escaping (ClientCall, Status, _ body: [UInt8]) -> Void
    ) {
        self.message = message
        self.creditAvailable = creditAvailable
        self.ended = ended
    }
}

/// One call that this side made.
///
/// MUST only be used on its event loop.
///
/// On a call that is over, every method is a no-op that returns false.
package final class ClientCall: StreamHolder, DeadlineHolder {
    /// Who waits for the call.
    enum Caller {
        case unary((Result<[UInt8], Status>) -> Void)
        case streaming(ClientCallEvents)
    }

    package let stream: StreamID
    package let deadline: NIODeadline
    /// Whatever the caller wants to find again with the call.
    package var userState: AnyObject?

    /// Nil once the caller was told how the call ended.
    var caller: Caller?
    /// Whether the call still waits for its end, as far as its connection knows.
    var isActive = true
    var heapIndex: Int32 = -1
    private let connection: ClientConnection

    init(
        stream: StreamID,
        connection: ClientConnection,
        deadline: NIODeadline,
        caller: Caller
    ) {
        self.stream = stream
        self.connection = connection
        self.deadline = deadline
        self.caller = caller
    }

    /// Whether the call still waits for its end.
    package var isOpen: Bool { self.isActive && self.connection.isOpen }

    /// How many DATA messages the server still takes.
    package var credit: UInt32 { self.connection.credit(of: self) }

    /// Sends one DATA message.
    ///
    /// Returns false, having sent nothing, without credit, for a message that is larger than the
    /// server accepts, and after `endStream`.
    @discardableResult
    package func send(_ message: [UInt8], endStream: Bool = false) -> Bool {
        self.connection.send(message, endStream: endStream, on: self)
    }

    /// Allows the server to send `messages` more DATA.
    package func grantCredit(_ messages: UInt32) {
        self.connection.grantCredit(messages, on: self)
    }

    /// Gives the call up: the server is told, and the caller gets `status` in a later turn.
    package func cancel(_ status: Status = Status(code: .cancelled)) {
        self.connection.cancel(self, status: status)
    }

    /// Tells the caller how the call ended, once.
    func finish(_ status: Status, body: [UInt8]) {
        guard let caller = self.caller else { return }
        self.caller = nil
        switch caller {
        case .unary(let completion):
            completion(status.code == .ok ? .success(body) : .failure(status))
        case .streaming(let events):
            events.ended(self, status, body)
        }
    }
}

@available(*, unavailable)
extension ClientCall: Sendable {}
