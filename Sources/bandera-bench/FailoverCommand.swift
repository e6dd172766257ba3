internal import ArgumentParser
internal import BanderaClient
internal import Flags
internal import LocalCluster
internal import NIOCore
internal import NIOPosix

/// The leader is killed again and again while clients write.
struct FailoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Measures the time from kill -9 of the leader to the next acknowledged write.",
        discussion: """
            A write counts when it was begun after the kill. Every acknowledged write is looked \
            for on every node at the end.
            """
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "How often the leader is killed.")
    var kills = 20

    @Option(help: "Clients that write all the time.")
    var writers = 4

    @Option(help: "The pause of each client between two writes.")
    var pauseMs = 5

    @Option(help: "Writes that must be acknowledged between a recovery and the next kill.")
    var settleWrites = 200

    func validate() throws {
        guard (1...BenchLimits.killsMax).contains(self.kills) else {
            throw ValidationError("--kills must be from 1 to \(BenchLimits.killsMax)")
        }
        guard (1...64).contains(self.writers), (0...1_000).contains(self.pauseMs),
            (0...10_000).contains(self.settleWrites)
        else { throw ValidationError("--writers, --pause-ms or --settle-writes is out of range") }
        guard self.options.endpoints == nil else {
            throw ValidationError("failover kills nodes, so it needs a cluster of its own")
        }
    }

    func run() async throws {
        let report = try await self.options.withCluster { cluster in
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
        // The last two are for the probes that are sent right after a kill.
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
        for kill in 1...self.kills {
            let time = try await self.killLeader(cluster, load)
            times.record(nanoseconds: time)
            BenchProcess.progress(
                "kill \(kill) of \(self.kills): \(Double(time / 10_000) / 100) ms"
            )
        }
        let acknowledged = try await load.stop()
        try await group.shutdownGracefully()
        BenchProcess.progress("looking for \(acknowledged.count) writes on every node")
        let lost = try await FailoverReadback(cluster: cluster).lost(of: acknowledged)
        return self.report(times, acknowledged: acknowledged.count, lost: lost)
    }

    private func killLeader(_ cluster: LocalCluster, _ load: FailoverLoad) async throws -> UInt64 {
        try await load.acknowledged(more: self.settleWrites)
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let time = try await load.kill(leader)
        try await cluster.restart(leader)
        try await cluster.caughtUp(leader, to: load.lastRevision())
        try await load.revive(leader)
        return time
    }

    private func report(_ times: Latencies, acknowledged: Int, lost: Int) -> Report {
        var report = Report()
        report.add("bench", "failover")
        var parameters = Report()
        parameters.add("kills", self.kills)
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
