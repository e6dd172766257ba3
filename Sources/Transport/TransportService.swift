package import NIOCore
package import Wire

/// What a listener serves: told about connections and calls on the loop that owns them.
///
/// There is one service object per event loop, used on that loop only. Every method has a default:
/// calls are answered with UNIMPLEMENTED and the rest is ignored. No method may block. A method
/// may end calls and close connections, its own included.
package protocol TransportService: AnyObject {
    /// The connection is secured and its settings are known; calls may follow.
    func connectionOpened(_ connection: ServerConnection)
    /// The connection is gone; `cancelled(_:)` was already called for each of its open calls.
    func connectionClosed(_ connection: ServerConnection, reason: TransportError)
    /// A connection ended before it was opened: no TLS, no settings, or another cluster's.
    func connectionRefused(_ reason: TransportError, from address: SocketAddress?)
    /// A new call. It stays open until `ServerCall.end(_:body:)` or `cancelled(_:)`.
    func received(call: ServerCall, request: Request)
    /// A DATA message of an open call; the buffer's bytes are only the message.
    func received(call: ServerCall, message: ByteBuffer)
    /// The caller will send no more on this call. Not called when the request said so already.
    func halfClosed(_ call: ServerCall)
    /// The call ended without the service: cancelled, past its deadline, or its connection lost.
    func cancelled(_ call: ServerCall)
    /// A call that had no credit left has some again.
    func creditAvailable(_ call: ServerCall)
    /// `ServerConnection.isWritable` changed.
    func writabilityChanged(_ connection: ServerConnection)
    /// The server stops: end long calls soon, or they are ended at the end of the grace period.
    func drainStarted(_ connection: ServerConnection)
}

extension TransportService {
    package func connectionOpened(_ connection: ServerConnection) {}
    package func connectionClosed(_ connection: ServerConnection, reason: TransportError) {}
    package func connectionRefused(_ reason: TransportError, from address: SocketAddress?) {}
    package func received(call: ServerCall, request: Request) {
        call.end(Status(code: .unimplemented, message: "unknown method \(call.method)"))
    }
    package func received(call: ServerCall, message: ByteBuffer) {}
    package func halfClosed(_ call: ServerCall) {}
    package func cancelled(_ call: ServerCall) {}
    package func creditAvailable(_ call: ServerCall) {}
    package func writabilityChanged(_ connection: ServerConnection) {}
    package func drainStarted(_ connection: ServerConnection) {}
}
