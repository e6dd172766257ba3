internal import Glibc
package import NIOCore
internal import NIOPosix
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
        let limits = try limits.validated()
        let profile = ConnectionProfile(side: .server, limits: limits, settings: hello)
        do {
            let loops = try await Self.makeLoops(of: group, profile: profile, service: service)
            let admission = Admission(connectionsMax: limits.connectionsMax)
            let listener = try await Self.bootstrap(group, limits: limits)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop })
                        else { preconditionFailure("a connection on a loop of another group") }
                        try loop.value.accept(channel, tls: tls, admission: admission)
                    }
                }
                .bind(host: host, port: port).get()
            let bound = listener.localAddress?.port ?? port
            return TransportServer(listener: listener, port: bound, loops: loops)
        } catch {
            throw Self.bindError(error, host: host, port: port)
        }
    }

    private static func makeLoops(
        of group: any EventLoopGroup,
        profile: ConnectionProfile,
        service: @escaping @Sendable (any EventLoop) -> any TransportService
    ) async throws -> [NIOLoopBound<ServerLoop>] {
        var loops: [NIOLoopBound<ServerLoop>] = []
        for eventLoop in group.makeIterator() {
            let loop = try await eventLoop.submit {
                let server = ServerLoop(
                    loop: TransportLoop.shared(on: eventLoop),
                    profile: profile,
                    service: service(eventLoop)
                )
                return NIOLoopBound(server, eventLoop: eventLoop)
            }.get()
            loops.append(loop)
        }
        return loops
    }

    private static func bootstrap(
        _ group: any EventLoopGroup,
        limits: TransportLimits
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 64)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: limits.readsPerWakeupMax)
            .childChannelOption(.writeBufferWaterMark, value: limits.waterMark)
            .childChannelOption(.recvAllocator, value: limits.receiveAllocator)
    }

    private static func bindError(_ error: any Error, host: String, port: Int) -> TransportError {
        if let error = error as? TransportError { return error }
        guard let cause = error as? IOError, cause.errnoCode == EADDRINUSE else {
            return TransportError(
                .bindFailed,
                "cannot listen on \(host) port \(port): check that the address belongs to this "
                    + "machine and that the port may be used",
                cause: error
            )
        }
        return TransportError(
            .addressInUse,
            "cannot listen on \(host) port \(port): another process uses that port; stop it or "
                + "configure another port",
            cause: error
        )
    }

    /// Stops: takes no more connections and calls, lets open calls end, and closes what is left.
    ///
    /// Clients are told to reconnect elsewhere at a random moment within `retryAfter`. Returns
    /// when every connection is closed, soon after `grace` at the latest.
    package func shutdown(
        grace: TimeAmount = .seconds(5),
        retryAfter: TimeAmount = .seconds(1)
    ) async {
        // A listener that is closed already is what is wanted.
        try? await self.listener.close().get()
        let goaway = Goaway(
            lastStream: .connection,
            code: .unavailable,
            message: "the server stops",
            retryAfterMilliseconds: UInt32(clamping: retryAfter.nanoseconds / 1_000_000)
        )
        let drained = self.loops.map { loop in
            loop.eventLoop.flatSubmit { loop.value.drain(goaway, grace: grace) }
        }
        for future in drained {
            // Fails only when the loop is gone, and the connections with it.
            try? await future.get()
        }
    }
}

extension TransportLimits {
    var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: self.outboundLowWaterBytes, high: self.outboundHighWaterBytes)
    }

    /// Small to begin with: an idle connection keeps the buffer of its last read.
    var receiveAllocator: AdaptiveRecvByteBufferAllocator {
        .init(minimum: self.readBytesMin, initial: self.readBytesMin, maximum: self.readBytesMax)
    }
}
