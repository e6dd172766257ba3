package import NIOCore
internal import NIOPosix
internal import Synchronization
package import TLS
package import Wire

/// One listener: accepts connections, secures them, and hands their calls to a service per loop.
///
/// A node has two: the peer port on the consensus loop, the client port on the client loops.
package final class TransportServer: Sendable {
    /// The port that is listened on; the system's choice when 0 was asked for.
    package let port: Int

    private let listener: any Channel
    private let loops: [NIOLoopBound<ServerLoop>]

    private init(listener: any Channel, port: Int, loops: [NIOLoopBound<ServerLoop>]) {
        self.listener = listener
        self.port = port
        self.loops = loops
    }

    /// Listens on `host` and `port` with the loops of `group`.
    ///
    /// `service` is called once on each loop, before the first connection is accepted. The group
    /// stays the caller's; it MUST outlive the server.
    package static func bind(
        host: String,
        port: Int,
        tls: TLSContext,
        group: any EventLoopGroup,
        limits: TransportLimits = TransportLimits(),
        hello: Settings,
        service: @escaping @Sendable (any EventLoop) -> any TransportService
    ) async throws(TransportError) -> TransportServer {
        fatalError()
    }

    /// Stops: takes no more connections and calls, lets open calls end, and closes what is left.
    ///
    /// Clients are told to reconnect elsewhere at a random moment within `retryAfter`. Returns
    /// when every connection is closed, at the latest soon after `grace`.
    package func shutdown(
        grace: TimeAmount = .seconds(5),
        retryAfter: TimeAmount = .seconds(1)
    ) async {
        fatalError()
    }
}
