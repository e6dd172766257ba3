internal import NIOCore
internal import TLS
internal import Wire

/// The part of one listener that lives on one event loop: its service and its connections.
final class ServerLoop {
    let loop: TransportLoop
    let profile: ConnectionProfile
    let service: any TransportService

    private var connections: [Int: ServerConnection] = [:]
    private var drained: EventLoopPromise<Void>?
    private var goaway: Goaway?

    init(loop: TransportLoop, profile: ConnectionProfile, service: any TransportService) {
        self.loop = loop
        self.profile = profile
        self.service = service
    }

    /// Notes a connection whose peer is known.
    func add(_ connection: ServerConnection) {
        self.connections[connection.id] = connection
        if let goaway = self.goaway { connection.drain(goaway) }
    }

    /// Forgets a connection that is gone.
    func remove(_ connection: ServerConnection) {
        self.connections[connection.id] = nil
        self.finishIfDrained()
    }

    /// Tells every client to go elsewhere.
    ///
    /// The future succeeds when all are gone.
    func drain(_ goaway: Goaway, grace: TimeAmount) -> EventLoopFuture<Void> {
        if let drained = self.drained { return drained.futureResult }
        let drained = self.loop.eventLoop.makePromise(of: Void.self)
        self.drained = drained
        self.goaway = goaway
        for connection in self.connections.values { connection.drain(goaway) }
        let bound = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        let deadline = self.loop.eventLoop.scheduleTask(in: grace) { bound.value.cut() }
        drained.futureResult.whenComplete { _ in deadline.cancel() }
        self.finishIfDrained()
        return drained.futureResult
    }

    /// Ends what the grace period did not.
    private func cut() {
        let status = Status(code: .unavailable, message: "the server stops")
        for connection in self.connections.values { connection.cut(status) }
    }

    private func finishIfDrained() {
        guard let drained = self.drained, self.connections.isEmpty else { return }
        drained.succeed()
    }
}

@available(*, unavailable)
extension ServerLoop: Sendable {}

extension ServerLoop {
    /// Puts TLS and frames on an accepted channel, or refuses it when there are too many.
    func accept(_ channel: any Channel, tls: TLSContext, admission: Admission) throws {
        guard let id = admission.enter() else {
            throw TransportError(.closed, "too many connections")
        }
        channel.closeFuture.whenComplete { _ in admission.leave() }
        let security = TLSHandler(context: tls, buffers: self.loop.tlsBuffers)
        try channel.pipeline.syncOperations.addHandler(security)
        try channel.pipeline.syncOperations.addHandler(self.makeHandler(id: id, tls: security))
    }

    /// Makes a connection and the handler that feeds it.
    func makeHandler(id: Int, tls: TLSHandler?) -> FrameHandler {
        let connection = ServerConnection(id: id, server: self)
        let handler = FrameHandler(
            loop: self.loop,
            profile: self.profile,
            tls: tls,
            receiver: connection
        )
        connection.handler = handler
        return handler
    }
}
