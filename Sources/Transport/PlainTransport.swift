package import NIOCore
package import Wire

/// Frames on a channel without TLS, for tests that need no socket.
///
/// Both functions MUST be called on the channel's event loop.
package enum PlainTransport {
    /// Serves the one connection that `channel` is.
    package static func serve(
        _ channel: any Channel,
        limits: TransportLimits,
        hello: Settings,
        service: any TransportService
    ) throws {
        let server = ServerLoop(
            loop: TransportLoop.shared(on: channel.eventLoop),
            profile: ConnectionProfile(
                side: .server,
                limits: try limits.validated(),
                settings: hello
            ),
            service: service
        )
        let id = Admission(connectionsMax: 1).enter() ?? 0
        try channel.pipeline.syncOperations.addHandler(server.makeHandler(id: id, tls: nil))
    }

    /// Makes a client's connection over `channel`; succeeds once the server's settings arrived.
    package static func connect(
        _ channel: any Channel,
        limits: TransportLimits,
        settings: Settings
    ) throws -> EventLoopFuture<TransportConnection> {
        let profile = ConnectionProfile(
            side: .client,
            limits: try limits.validated(),
            settings: settings
        )
        let loop = TransportLoop.shared(on: channel.eventLoop)
        let connection = ClientConnection(loop: loop, profile: profile)
        try channel.pipeline.syncOperations.addHandler(connection.makeHandler(tls: nil))
        let bound = NIOLoopBound(connection, eventLoop: channel.eventLoop)
        return connection.opened.futureResult.map { settings in
            TransportConnection(bound.value, peerSettings: settings)
        }
    }
}
