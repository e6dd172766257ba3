internal import ArgumentParser
internal import BanderaClient
internal import Flags
internal import LocalCluster
internal import NIOCore
internal import NIOPosix

/// The leader is taken away again and again while clients write.
struct FailoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Measures the time from losing the leader to the next acknowledged write.",
        discussion: """
            The leader is lost in one of these ways: kill (SIGKILL), pause (SIGSTOP: its \
            connections stay open), cut (nothing passes between it and the other nodes, nothing \
            is closed, and clients still reach it), transfer (it is asked to hand over). A write \
            counts when it was begun after that; after a transfer, when it was begun after the \
            transfer was answered, and the time still counts from the request. Every acknowledged write is looked for on every node at the end, those that \
            the lost leader acknowledged, too.
            """
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "How the leader is lost: \(LeaderLoss.names).")
    var by = LeaderLoss.kill

    @Option(help: "How often the leader is lost.")
    var rounds = 20

    @Option(help: "Clients that write all the time.")
    var writers = 4

    @Option(help: "The pause of each client between two writes.")
    var pauseMs = 5

    @Option(help: "Writes that must be acknowledged between a recovery and the next loss.")
    var settleWrites = 200

    func validate() throws {
        guard (1...BenchLimits.roundsMax).contains(self.rounds) else {
            throw ValidationError("--rounds must be from 1 to \(BenchLimits.roundsMax)")
        }
        guard (1...64).contains(self.writers), (0...1_000).contains(self.pauseMs),
            (0...10_000).contains(self.settleWrites)
        else { throw ValidationError("--writers, --pause-ms or --settle-writes is out of range") }
        guard self.options.endpoints == nil else {
            throw ValidationError("failover takes nodes away, so it needs a cluster of its own")
        }
    }

    func run() async throws {
        var configuration = LocalClusterConfiguration(cluster: "bench")
        configuration.relaysPeers = self.by == .cut
        let report = try await self.options.withCluster(configuration) { cluster in
            try await self.measure(cluster)
        }
        print(report.json())
    }

    private func measure(_ cluster: LocalCluster) async throws -> Report {
        let client = try cluster.access.client(timeout: .seconds(20))
        defer { client.shutdown() }
        let tenant = LoadTenant(client: client)
        try await tenant.prepare()
        for index in 0..<BenchLimits.environmentsMax {
            _ = try await tenant.environment(FailoverKey.environmentName(index))
        }
        var sessions: [Revision] = []
        // The last ones are for the probes that are sent right after a loss.
        for _ in 0..<(self.writers + cluster.nodes.count) {
            sessions.append(try await client.write(.openSession))
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let load = try await FailoverLoad.make(
            cluster,
            sessions: sessions,
            writers: self.writers,
            pauseMilliseconds: Int64(self.pauseMs),
            on: group.next()
        )
        try await load.start()
        var times = Latencies()
        for round in 1...self.rounds {
            let time = try await self.loseLeader(cluster, load)
            times.record(nanoseconds: time)
            BenchProcess.progress(
                "\(self.by) \(round) of \(self.rounds): \(Double(time / 10_000) / 100) ms"
            )
        }
        let acknowledged = try await load.stop()
        try await group.shutdownGracefully()
        BenchProcess.progress("looking for \(acknowledged.count) writes on every node")
        let lost = try await FailoverReadback(cluster: cluster).lost(of: acknowledged)
        return self.report(times, acknowledged: acknowledged.count, lost: lost)
    }

    private func loseLeader(_ cluster: LocalCluster, _ load: FailoverLoad) async throws -> UInt64 {
        try await load.acknowledged(more: self.settleWrites)
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let time = try await load.lose(leader, by: self.by)
        try await self.by.undo(leader, of: cluster)
        try await cluster.caughtUp(leader, to: load.lastRevision())
        if self.by.closesConnections { try await load.reconnect(leader) }
        return time
    }

    private func report(_ times: Latencies, acknowledged: Int, lost: Int) -> Report {
        var report = Report()
        report.add("bench", "failover")
        var parameters = Report()
        parameters.add("by", self.by.rawValue)
        parameters.add("rounds", self.rounds)
        parameters.add("writers", self.writers)
        parameters.add("pause_ms", self.pauseMs)
        report.add("parameters", .object(parameters))
        report.add("min_ms", times.minMilliseconds)
        report.add("median_ms", times.milliseconds(50))
        report.add("p99_ms", times.milliseconds(99))
        report.add("max_ms", times.maxMilliseconds)
        report.add("acknowledged", acknowledged)
        report.add("lost", lost)
        return report
    }
}
