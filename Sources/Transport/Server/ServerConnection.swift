package import NIOCore
package import TLS
package import Wire

/// One client's (or peer's) connection to a listener.
///
/// MUST only be used on its event loop.
package final class ServerConnection {
    /// Unique among all connections of the process.
    package let id: Int
    /// The client's settings: who it says it is, and what it accepts.
    package internal(set) var settings: Settings
    /// Whatever the service wants to find again with the connection.
    package var userState: AnyObject?

    let server: ServerLoop
    var handler: FrameHandler?
    var streams: ServerStreams
    var calls = CallTable<ServerCall>()
    var deadlines = DeadlineHeap<ServerCall>()
    var timer = DeadlineTimer()
    var isOpened = false
    var isDraining = false

    init(id: Int, server: ServerLoop) {
        self.id = id
        self.server = server
        self.settings = server.profile.settings
        self.streams = ServerStreams(limits: server.profile.limits.wire)
    }

    package var eventLoop: any EventLoop { self.server.loop.eventLoop }

    /// Who the client is by its certificate; nil for one that showed none where that is allowed.
    package var identity: PeerIdentity? { self.handler?.identity }

    /// Whether frames can still be sent.
    package var isOpen: Bool { self.handler?.isOpen ?? false }

    /// Whether the client keeps up, so that more should be sent to it.
    package var isWritable: Bool { self.handler?.isWritable ?? false }

    /// Where the client connects from, for logs.
    package var remoteAddress: SocketAddress? { self.handler?.remoteAddress }

    /// Closes the connection after telling the client why; its calls are cancelled in a later turn.
    package func close(_ status: Status) {
        let reason = TransportError(.closed, "the server closed the connection: \(status)")
        self.handler?.close(reason, telling: self.goaway(status))
    }

    var service: any TransportService { self.server.service }

    private func goaway(_ status: Status) -> Goaway {
        Goaway(
            lastStream: self.stopTaking(),
            code: status.code,
            message: status.message,
            retryAfterMilliseconds: status.detail?.retryAfterMilliseconds ?? 0
        )
    }
}

@available(*, unavailable)
extension ServerConnection: Sendable {}
