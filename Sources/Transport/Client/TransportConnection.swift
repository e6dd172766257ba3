package import NIOCore
internal import NIOPosix
package import TLS
package import Wire

/// A client's connection to a listener: calls go out, answers come back, on one event loop.
///
/// The async methods can be called from anywhere; those that take or return loop-bound values MUST
/// be called on `eventLoop` and never hop.
package final class TransportConnection: Sendable {
    package let eventLoop: any EventLoop
    /// What the server said about itself.
    package let peerSettings: Settings
    /// Who the server is by its certificate.
    package let identity: PeerIdentity?
    /// Succeeds with the reason once the connection is gone. Never fails.
    package let closeFuture: EventLoopFuture<TransportError>
    /// Succeeds when the server asks to go elsewhere; open calls may still be answered. Fails when
    /// the connection closes without that.
    package let goawayFuture: EventLoopFuture<Goaway>

    let core: NIOLoopBound<ClientConnection>

    init() { fatalError() }

    /// Dials, secures and greets. The connection can be used once this returns.
    ///
    /// `peers` narrows whom the certificate may name (a dialled node's exact id).
    package static func connect(
        host: String,
        port: Int,
        tls: TLSContext,
        peers: PeerPolicy? = nil,
        settings: Settings,
        limits: TransportLimits = TransportLimits(),
        on eventLoop: any EventLoop
    ) async throws(TransportError) -> TransportConnection {
        fatalError()
    }

    /// Dials like the async form, for callers that live on an event loop. Fails with
    /// `TransportError` only.
    package static func dial(
        host: String,
        port: Int,
        tls: TLSContext,
        peers: PeerPolicy? = nil,
        settings: Settings,
        limits: TransportLimits = TransportLimits(),
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<TransportConnection> {
        fatalError()
    }

    /// Makes a unary call and waits for its answer; a cancelled task cancels the call.
    ///
    /// Without a `timeout` the call waits for as long as the connection lives.
    package func unary(
        _ method: String,
        body: [UInt8],
        timeout: TimeAmount? = nil,
        metadata: [MetadataField] = []
    ) async throws(Status) -> [UInt8] {
        fatalError()
    }

    /// Makes a unary call on the event loop. `completion` is called once, in a later turn.
    @discardableResult
    package func unary(
        _ method: String,
        body: [UInt8],
        timeout: TimeAmount? = nil,
        metadata: [MetadataField] = [],
        completion: @escaping (Result<[UInt8], Status>) -> Void
    ) -> ClientCall? {
        fatalError()
    }

    /// Opens a streaming call on the event loop; `credit` is how many DATA it takes at first.
    ///
    /// `endStream` says that the first message is the only one. `events.ended` is always called,
    /// in a later turn even if the call cannot be made at all, when nil is returned.
    package func openStream(
        _ method: String,
        body: [UInt8],
        credit: UInt32,
        timeout: TimeAmount? = nil,
        metadata: [MetadataField] = [],
        endStream: Bool = false,
        events: ClientCallEvents
    ) -> ClientCall? {
        fatalError()
    }

    /// Closes the connection; open calls end with UNAVAILABLE. May be called from anywhere.
    package func close() {
        fatalError()
    }
}
