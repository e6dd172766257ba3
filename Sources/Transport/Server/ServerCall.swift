package import NIOCore
package import Wire

/// One call that a client made, as the service sees it.
///
/// MUST only be used on its event loop.
///
/// A call is open until it is ended, cancelled, past its deadline, or its connection is gone; on
/// one that is not open, every method is a no-op that returns false.
package final class ServerCall: StreamHolder, DeadlineHolder {
    package let stream: StreamID
    package let connection: ServerConnection
    package let method: String
    package let metadata: [MetadataField]
    /// When the caller stops waiting; `.distantFuture` when it never does.
    package let deadline: NIODeadline
    /// Whatever the service wants to find again with the call.
    package var userState: AnyObject?
    /// Whether the caller said that it sends no more.
    package internal(set) var isHalfClosed: Bool

    /// Whether the call still waits for its end, as far as its connection knows.
    var isActive = true
    /// How many DATA messages the caller knows that it may send.
    var callerCredit: UInt32
    /// What was granted and not announced, because the caller has plenty.
    var withheldCredit: UInt32 = 0
    var heapIndex: Int32 = -1

    init(
        stream: StreamID,
        connection: ServerConnection,
        request: Request,
        deadline: NIODeadline,
        isHalfClosed: Bool,
        callerCredit: UInt32
    ) {
        self.stream = stream
        self.connection = connection
        self.method = request.method
        self.metadata = request.metadata
        self.deadline = deadline
        self.isHalfClosed = isHalfClosed
        self.callerCredit = callerCredit
    }

    /// Whether the call still waits for its end.
    package var isOpen: Bool { self.isActive && self.connection.isOpen }

    /// How long the caller still waits; a very long time when it has no deadline.
    package var timeRemaining: TimeAmount { self.deadline - self.connection.eventLoop.now }

    /// How many DATA messages the caller still takes.
    package var credit: UInt32 { self.connection.credit(of: self) }

    /// Sends one DATA message.
    ///
    /// Returns false, having sent nothing, without credit.
    @discardableResult
    package func send(_ message: [UInt8]) -> Bool {
        self.connection.send(message, on: self)
    }

    /// Sends one DATA message that was built once for many calls.
    ///
    /// The cheapest way out: the first frame of a turn is encrypted and written at once, without a
    /// copy; further ones are gathered until the turn ends. Returns false without credit.
    @discardableResult
    package func sendPreparedFrame(_ frame: PreparedFrame) -> Bool {
        self.connection.send(frame, on: self)
    }

    /// Allows the caller to send `messages` more DATA.
    ///
    /// It is told when it has used up half of what it could send at first.
    package func grantCredit(_ messages: UInt32) {
        self.connection.grantCredit(messages, on: self)
    }

    /// Ends the call with its status and, for a unary call, its answer.
    package func end(_ status: Status, body: [UInt8] = []) {
        self.connection.end(self, status: status, body: body)
    }
}

@available(*, unavailable)
extension ServerCall: Sendable {}
