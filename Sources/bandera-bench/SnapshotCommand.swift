internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import LocalCluster
internal import NIOCore
internal import NIOPosix

/// A new node is brought up to date by a snapshot while clients write.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Measures a snapshot to a new learner, and what it does to writes meanwhile.",
        discussion: """
            Fills the record store with large values, lets the log be compacted to less than \
            that, and adds a node with an empty folder. Writes of 256 bytes are begun at a \
            steady rate before and meanwhile; one that is late counts from when it should have \
            begun.
            """
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "The size to which the record store is filled.")
    var megabytes = 1_024

    @Option(help: "Writes per second before and meanwhile.")
    var writesPerSecond = 200

    @Option(help: "How long the writes before are measured.")
    var seconds = 10

    @Option(help: "Bytes of snapshots that a node sends in a second; otherwise the product's.")
    var bytesPerSecond: UInt64?

    private static let fillClients = 16
    private static let fillValueBytes = 60_000
    private static let fillWritesPerLook = 256
    private static let steadyClients = 64
    private static let tailBytes: UInt64 = 16 << 20

    func validate() throws {
        guard (1...65_536).contains(self.megabytes), (1...5_000).contains(self.writesPerSecond),
            (1...60).contains(self.seconds)
        else { throw ValidationError("an option is out of range") }
        guard self.options.endpoints == nil else {
            throw ValidationError("snapshot starts a node, so it needs a cluster of its own")
        }
    }

    func run() async throws {
        var configuration = LocalClusterConfiguration(cluster: "bench")
        // What the new node needs is not in the log any more.
        configuration.tuning.compaction = [
            "tail_entries": 1_000, "tail_bytes": Self.tailBytes, "step_entries": 1_000,
            "step_bytes": Self.tailBytes,
        ]
        configuration.tuning.snapshots = self.bytesPerSecond.map { ["bytes_per_second": $0] }
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
        let environment = try await tenant.environment("snapshot")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let fill = try await self.fill(cluster, environment, on: group.next())
        let steady = try await self.load(
            cluster,
            environment,
            clients: Self.steadyClients,
            valueBytes: 256,
            on: group.next()
        )
        BenchProcess.progress("\(self.writesPerSecond) writes per second, for \(self.seconds) s")
        let before = try await steady.steadily(perSecond: self.writesPerSecond) {
            try await Task.sleep(for: .seconds(self.seconds))
        }
        BenchProcess.progress("adding a node")
        let meanwhile = try await steady.steadily(perSecond: self.writesPerSecond) {
            try await self.addNode(cluster)
        }
        steady.close()
        try await group.shutdownGracefully()
        return self.report(fill, before.outcome, meanwhile.outcome, meanwhile.success)
    }

    // MARK: - Steps

    /// What was filled.
    private struct Fill {
        var seconds = 0.0
        var writes = 0
        var ledgerBytes: UInt64 = 0
        var logBytes: UInt64 = 0
    }

    /// Writes until the leader's record store is large enough, or time is over.
    private func fill(
        _ cluster: LocalCluster,
        _ environment: EnvironmentID,
        on eventLoop: any EventLoop
    ) async throws -> Fill {
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let folder = try cluster.node(leader).dataFolder
        let load = try await self.load(
            cluster,
            environment,
            clients: Self.fillClients,
            valueBytes: Self.fillValueBytes,
            on: eventLoop
        )
        defer { load.close() }
        let goal = UInt64(self.megabytes) << 20
        let start = BenchProcess.nanoseconds()
        var fill = Fill()
        while fill.ledgerBytes < goal, fill.seconds < Double(BenchLimits.fillSecondsMax) {
            _ = try await load.run(writes: Self.fillWritesPerLook)
            fill.writes += Self.fillWritesPerLook
            fill.seconds = Double(BenchProcess.nanoseconds() - start) / 1e9
            fill.ledgerBytes = FolderSize.ledger(in: folder)
            BenchProcess.progress("filled \(fill.ledgerBytes >> 20) of \(self.megabytes) MiB")
        }
        BenchProcess.progress("waiting until the log is compacted")
        try await Patience.wait(.seconds(60), for: "the log to be compacted") {
            FolderSize.log(in: folder) < 8 * Self.tailBytes ? () : nil
        }
        fill.ledgerBytes = FolderSize.ledger(in: folder)
        fill.logBytes = FolderSize.log(in: folder)
        return fill
    }

    private func load(
        _ cluster: LocalCluster,
        _ environment: EnvironmentID,
        clients: Int,
        valueBytes: Int,
        on eventLoop: any EventLoop
    ) async throws -> WriteLoad {
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let dialer = try LoadDialer(cluster.access, on: eventLoop)
        let load = try await WriteLoad.make(
            connections: dialer.dial(cluster.node(leader).client, count: min(8, clients)),
            clients: clients,
            environment: environment,
            valueBytes: valueBytes,
            on: eventLoop
        )
        try await load.prepare()
        return load
    }

    /// Seconds until the new node has everything, and the size of what it has then.
    private func addNode(_ cluster: LocalCluster) async throws -> (Double, UInt64) {
        let client = try cluster.access.client(timeout: .seconds(20))
        defer { client.shutdown() }
        let start = BenchProcess.nanoseconds()
        let node = try await cluster.addNode(region: "MX")
        let status = try await client.status()
        let goal = status.nodes.map(\.applied).max() ?? 0
        try await cluster.caughtUp(
            node.id,
            to: Revision(goal),
            within: .seconds(BenchLimits.catchUpSecondsMax)
        )
        let time = Double(BenchProcess.nanoseconds() - start) / 1e9
        return (time, FolderSize.ledger(in: node.dataFolder))
    }

    // MARK: - Report

    private func report(
        _ fill: Fill,
        _ before: WriteOutcome,
        _ meanwhile: WriteOutcome,
        _ added: (seconds: Double, bytes: UInt64)
    ) -> Report {
        var report = Report()
        report.add("bench", "snapshot")
        var parameters = Report()
        parameters.add("megabytes", self.megabytes)
        parameters.add("writes_per_second", self.writesPerSecond)
        parameters.add("seconds", self.seconds)
        parameters.add("bytes_per_second", self.bytesPerSecond.map { .integer(Int($0)) } ?? .null)
        report.add("parameters", .object(parameters))
        report.add("fill_seconds", fill.seconds)
        report.add("fill_writes", fill.writes)
        report.add("ledger_mib", Int(fill.ledgerBytes >> 20))
        report.add("log_mib_before", Int(fill.logBytes >> 20))
        report.add("caught_up_seconds", added.seconds)
        report.add("new_ledger_mib", Int(added.bytes >> 20))
        report.add("mib_per_second", Double(added.bytes >> 20) / max(added.seconds, 1e-9))
        report.add("writes_before", .object(Self.report(before)))
        report.add("writes_meanwhile", .object(Self.report(meanwhile)))
        return report
    }

    private static func report(_ outcome: WriteOutcome) -> Report {
        var report = Report()
        report.add("count", outcome.latencies.count)
        report.add("p50_ms", outcome.latencies.milliseconds(50))
        report.add("p99_ms", outcome.latencies.milliseconds(99))
        report.add("max_ms", outcome.latencies.maxMilliseconds)
        report.add("retries", outcome.retries)
        return report
    }
}
