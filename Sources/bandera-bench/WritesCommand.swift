internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import LocalCluster
internal import NIOCore
internal import NIOPosix
internal import Transport

/// Durable writes: each acknowledged once a majority has it on disk.
struct WritesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "writes",
        abstract: "Measures durable writes per second and how long one takes."
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "Clients, each with its own session and one write in flight.")
    var clients = 1

    @Option(help: "Writes that are measured, all clients together.")
    var total = 10_000

    @Option(help: "The size of the variation value that each write sets.")
    var valueBytes = 256

    @Option(help: "Connections that the clients share; otherwise the clients, at most 8.")
    var connections: Int?

    @Option(help: "Writes before those that are measured; otherwise a tenth, at most 5000.")
    var warmup: Int?

    @Option(help: "Which nodes take the writes: leader, or any (round robin).")
    var target = Target.leader

    enum Target: String, ExpressibleByArgument, CaseIterable {
        case leader
        case any
    }

    /// A connection takes about a thousand calls at once.
    private var connectionCount: Int {
        min(self.clients, max(self.connections ?? 8, (self.clients + 999) / 1_000))
    }
    private var warmupCount: Int { self.warmup ?? min(5_000, self.total / 10) }

    func validate() throws {
        guard (1...BenchLimits.clientsMax).contains(self.clients) else {
            throw ValidationError("--clients must be from 1 to \(BenchLimits.clientsMax)")
        }
        guard (1...BenchLimits.writesMax).contains(self.total), self.warmupCount >= 0 else {
            throw ValidationError("--total must be from 1 to \(BenchLimits.writesMax)")
        }
        guard (1...FlagsLimits.valueBytesMax / 2).contains(self.valueBytes) else {
            throw ValidationError(
                "--value-bytes must be from 1 to \(FlagsLimits.valueBytesMax / 2)"
            )
        }
        guard (self.connections ?? 1) > 0 else {
            throw ValidationError("--connections must be at least 1")
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
        let environment = try await tenant.environment("writes")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let floor = try await self.floor(cluster, environment, on: group.next())
        let load = try await self.connect(
            cluster,
            environment,
            clients: self.clients,
            on: group.next()
        )
        BenchProcess.progress(
            "\(self.clients) clients over \(self.connectionCount) connections: preparing"
        )
        try await load.prepare()
        try await load.run(writes: self.warmupCount)
        BenchProcess.progress("measuring \(self.total) writes")
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let logBefore = try await cluster.client(of: leader).status().log
        let before = self.processorMicroseconds(cluster)
        let outcome = try await load.run(writes: self.total)
        let after = self.processorMicroseconds(cluster)
        let logAfter = try await cluster.client(of: leader).status().log
        load.close()
        try await group.shutdownGracefully()
        var report = self.report(outcome)
        report.add(
            "server_cpu_us_per_write",
            before.flatMap { before in
                after.map { Double($0 &- before) / Double(self.total) }
            }
        )
        // Counted by the leader itself, for its own log, in the measured run.
        let appends = logAfter.appends &- logBefore.appends
        let entries = logAfter.entries &- logBefore.entries
        report.add("leader_fsyncs", Int(clamping: appends))
        report.add("entries_per_fsync", Double(entries) / Double(max(1, appends)))
        report.add("one_client", .object(floor.report))
        return report
    }

    /// What a write of one client takes against its parts, while nobody else writes.
    private func floor(
        _ cluster: LocalCluster,
        _ environment: EnvironmentID,
        on eventLoop: any EventLoop
    ) async throws -> CommitFloor {
        BenchProcess.progress("one client, and the floor of what it does")
        let load = try await self.connect(cluster, environment, clients: 1, on: eventLoop)
        defer { load.close() }
        try await load.prepare()
        try await load.run(writes: 100)
        var floor = CommitFloor()
        try await floor.measure(load, folder: "/tmp", bytes: self.valueBytes)
        return floor
    }

    private func connect(
        _ cluster: LocalCluster,
        _ environment: EnvironmentID,
        clients: Int,
        on eventLoop: any EventLoop
    ) async throws -> WriteLoad {
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let endpoints =
            switch self.target {
            case .leader: cluster.nodes.filter { $0.id == leader }.map(\.client)
            case .any: cluster.nodes.map(\.client)
            }
        let dialer = try LoadDialer(cluster.access, on: eventLoop)
        var connections: [TransportConnection] = []
        for index in 0..<min(clients, self.connectionCount) {
            let endpoint = endpoints[index % endpoints.count]
            connections.append(try await dialer.dial(endpoint).get())
        }
        return try await WriteLoad.make(
            connections: connections,
            clients: clients,
            environment: environment,
            valueBytes: self.valueBytes,
            on: eventLoop
        )
    }

    private func processorMicroseconds(_ cluster: LocalCluster) -> UInt64? {
        guard cluster.isOwned else { return nil }
        return cluster.nodes.reduce(0) { sum, node in
            sum + ((try? cluster.usage(of: node.id))?.processorMicroseconds ?? 0)
        }
    }

    private func report(_ outcome: WriteOutcome) -> Report {
        var report = Report()
        report.add("bench", "writes")
        var parameters = Report()
        parameters.add("clients", self.clients)
        parameters.add("total", self.total)
        parameters.add("value_bytes", self.valueBytes)
        parameters.add("connections", self.connectionCount)
        parameters.add("warmup", self.warmupCount)
        parameters.add("target", self.target.rawValue)
        report.add("parameters", .object(parameters))
        report.add("writes_per_second", Double(self.total) / outcome.seconds, digits: 1)
        report.add("p50_ms", outcome.latencies.milliseconds(50))
        report.add("p99_ms", outcome.latencies.milliseconds(99))
        report.add("max_ms", outcome.latencies.maxMilliseconds)
        report.add("seconds", outcome.seconds)
        report.add("retries", outcome.retries)
        return report
    }
}
