import ClientProtocol
import LocalCluster
import Testing

/// Makes the faults of a plan happen, each at some moment under load, and mends them.
struct CrashFaults {
    private let cluster: LocalCluster
    private var plan: CrashPlan
    /// What happened last.
    private(set) var last = CrashPlan.Fault.killLeader

    init(cluster: LocalCluster, seed: UInt64) {
        self.cluster = cluster
        self.plan = CrashPlan(seed: seed)
    }

    /// One fault, after some operations; some more go on until it is mended.
    mutating func happen(under load: CrashLoad) async throws {
        self.last = self.plan.next()
        let leader = try await self.cluster.leader(within: .seconds(30))
        let others = self.cluster.nodes.map(\.id).filter { $0 != leader }
        let follower = others[self.plan.below(others.count)]
        try await load.ended(more: self.plan.below(100))
        let until = self.plan.below(60)
        switch self.last {
        case .killLeader: try await self.kill([leader], under: load, until)
        case .killFollower: try await self.kill([follower], under: load, until)
        case .killMajority: try await self.kill([leader, follower], under: load, 0)
        case .killAll: try await self.kill([leader] + others, under: load, 0)
        case .killLeaderTwice:
            try await self.kill([leader], under: load, 0)
            let next = try await self.cluster.leader(within: .seconds(30))
            try await self.kill([next], under: load, until)
        case .pauseLeader:
            try self.cluster.pause(leader)
            _ = try await self.cluster.leader(within: .seconds(30))
            try await load.ended(more: until)
            try self.cluster.resume(leader)
        case .cutLeader:
            try self.cluster.isolate(leader)
            _ = try await self.cluster.leader(within: .seconds(30))
            try await load.ended(more: until)
            try self.cluster.rejoin(leader)
        case .replaceMember: try await self.replace([leader, follower][self.plan.below(2)])
        }
        _ = try await self.cluster.leader(within: .seconds(30))
        for node in self.cluster.nodes {
            let process = try self.cluster.process(node.id)
            #expect(process.exit == nil, "node \(node.id) ended by itself")
        }
    }

    /// A learner joins with nothing, is killed while it catches up, is promoted, and a member leaves.
    private func replace(_ leaving: UInt64) async throws {
        let region = try self.cluster.node(leaving).region
        let node = try await self.cluster.addNode(region: region)
        try await self.cluster.restart(node.id)
        try await self.cluster.administer(.promote(node.id))
        let log = self.cluster.log(of: node.id)
        #expect(Self.tellsOfSnapshot(log), "node \(node.id) was not sent a snapshot: \(log)")
        try await self.cluster.removeNode(leaving)
    }

    /// A node that was killed when the snapshot had just taken its place, and nobody was told yet,
    /// finds itself with a log that begins after it.
    private static func tellsOfSnapshot(_ log: String) -> Bool {
        log.contains("snapshot took the place")
            || log.split(separator: "\n").contains { line in
                line.contains("data folder opened") && !line.contains("base=0/0")
            }
    }

    /// SIGKILL for all at once, and a restart after so many operations.
    private func kill(_ ids: [UInt64], under load: CrashLoad, _ count: Int) async throws {
        for id in ids { try self.cluster.killNow(id) }
        for id in ids {
            let exit = try await self.cluster.process(id).exit(within: .seconds(5))
            #expect(exit == .signalled(9), "node \(id) had ended by itself: \(exit)")
        }
        try await load.ended(more: count)
        for id in ids { try self.cluster.start(id) }
    }
}
