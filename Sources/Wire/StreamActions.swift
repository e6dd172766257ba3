/// What to do with a DATA frame that was received.
package enum DataAction: Equatable, Sendable {
    /// Hand the message to the call; `isLast` when the other side will send no more.
    case deliver(isLast: Bool)
    /// The call is over: the frame was on its way when it ended.
    case ignore
    /// The call broke a rule and is closed here.
    ///
    /// Server: send END with this status and tell the service. Client: send CANCEL with its code
    /// and fail the call.
    case failStream(Status)
    /// Send GOAWAY and close.
    case failConnection(WireError)
}

/// What to do with a CREDIT frame that was received.
package enum CreditAction: Equatable, Sendable {
    /// The call had run out and may send again.
    case resume
    /// Nothing: there was credit left.
    case none
    /// The call is over.
    case ignore
    /// As in ``DataAction/failStream(_:)``.
    case failStream(Status)
    /// Send GOAWAY and close.
    case failConnection(WireError)
}

/// Whether a frame may be sent on a call.
package enum SendAction: Equatable, Sendable {
    /// Send it.
    case send
    /// Wait for credit, or drop the message.
    case blocked
    /// The call is over, or was half-closed by this side; send nothing.
    case closed
}
