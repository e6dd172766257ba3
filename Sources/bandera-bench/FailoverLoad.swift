internal import Flags
internal import LocalCluster
internal import NIOCore

/// Clients that write all the time and go to another node when one fails, on one event loop.
struct FailoverLoad: Sendable {
    private let eventLoop: any EventLoop
    private let cluster: LocalCluster
    private let core: NIOLoopBound<FailoverCore>

    /// One session per writer, and one more per node for the probes.
    static func make(
        _ cluster: LocalCluster,
        sessions: [Revision],
        writers: Int,
        pauseMilliseconds: Int64,
        on eventLoop: any EventLoop
    ) async throws -> FailoverLoad {
        let dialer = try LoadDialer(cluster.access, on: eventLoop)
        let core = try await eventLoop.submit {
            let core = FailoverCore(
                endpoints: cluster.nodes.map(\.client),
                dialer: dialer,
                sessions: sessions,
                writers: writers,
                pauseMilliseconds: pauseMilliseconds,
                eventLoop: eventLoop
            )
            return NIOLoopBound(core, eventLoop: eventLoop)
        }.get()
        return FailoverLoad(eventLoop: eventLoop, cluster: cluster, core: core)
    }

    /// Connects to every node and lets the writers begin.
    func start() async throws {
        let core = self.core
        let links = try await self.eventLoop.submit {
            self.cluster.nodes.indices.map { core.value.connect($0) }
        }.get()
        for link in links { try await link.get() }
        try await self.eventLoop.submit { core.value.start() }.get()
    }

    /// Waits until `count` more writes were acknowledged.
    func acknowledged(more count: Int) async throws {
        let core = self.core
        try await self.eventLoop.flatSubmit { core.value.acknowledged(more: count) }.get()
    }

    /// Loses the leader and waits for the first acknowledgement of a write begun after that.
    ///
    /// Returns the nanoseconds in between.
    func lose(_ id: UInt64, by loss: LeaderLoss) async throws -> UInt64 {
        let core = self.core
        let cluster = self.cluster
        return try await self.eventLoop.flatSubmit {
            core.value.lose(Int(id) - 1, by: loss) { try loss.happen(to: id, of: cluster) }
        }.get()
    }

    /// Uses a node again whose connections were closed.
    func reconnect(_ id: UInt64) async throws {
        let core = self.core
        try await self.eventLoop.flatSubmit { core.value.connect(Int(id) - 1) }.get()
    }

    /// The highest revision that was acknowledged.
    func lastRevision() async throws -> Revision {
        let core = self.core
        return try await self.eventLoop.submit { core.value.lastRevision }.get()
    }

    /// Stops the writers; gives everything that was acknowledged.
    func stop() async throws -> [AcknowledgedWrite] {
        let core = self.core
        return try await self.eventLoop.submit { core.value.stop() }.get()
    }
}
