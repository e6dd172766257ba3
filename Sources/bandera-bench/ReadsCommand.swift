internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import LocalCluster
internal import NIOCore
internal import NIOPosix
internal import Transport

/// Linearizable reads, beside local reads and writes.
struct ReadsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reads",
        abstract: "Measures evaluations per second, local and linearizable, beside writes.",
        discussion: """
            In turns, each for --seconds: evaluations as the node has the flags, linearizable \
            evaluations, durable writes, and then linearizable evaluations while as many clients \
            write.
            """
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "Clients, each with one call in flight.")
    var clients = 64

    @Option(help: "How long each kind is measured.")
    var seconds = 5

    @Option(help: "Which nodes are read from: leader, or any (round robin).")
    var target = WritesCommand.Target.any

    @Option(help: "The size of the variation value that each write sets.")
    var valueBytes = 256

    /// A connection takes about a thousand calls at once.
    private var connectionCount: Int { min(self.clients, max(6, (self.clients + 999) / 1_000)) }

    func validate() throws {
        guard (1...BenchLimits.clientsMax).contains(self.clients) else {
            throw ValidationError("--clients must be from 1 to \(BenchLimits.clientsMax)")
        }
        guard (1...60).contains(self.seconds),
            (1...FlagsLimits.valueBytesMax / 2).contains(self.valueBytes)
        else { throw ValidationError("--seconds or --value-bytes is out of range") }
    }

    func run() async throws {
        let report = try await self.options.withCluster { cluster in
            try await self.measure(cluster)
        }
        print(report.json())
    }

    /// Everything that the phases share.
    private struct Loads {
        let reads: ReadLoad
        let writes: WriteLoad
        let request: EvaluateRequest
        let connections: [TransportConnection]
    }

    private func measure(_ cluster: LocalCluster) async throws -> Report {
        let client = try cluster.access.client(timeout: .seconds(20))
        defer { client.shutdown() }
        let tenant = LoadTenant(client: client)
        try await tenant.prepare()
        let environment = try await tenant.environment("reads")
        let key = FlagKey("reads-\(String(UInt64.random(in: .min ... .max), radix: 36))")
        let definition = LoadTenant.definition(key, value: LoadTenant.value(0, bytes: 64))
        let revision = try await client.write(.createFlag(environment, definition))
        for node in cluster.nodes { try await cluster.caughtUp(node.id, to: revision) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let request = EvaluateRequest(
            environment: environment,
            key: key,
            context: EvaluationContext(targetingKey: "user-1")
        )
        let loads = try await self.loads(cluster, request, on: group.next())
        let report = try await self.phases(loads)
        loads.writes.close()
        for connection in loads.connections { connection.close() }
        try await group.shutdownGracefully()
        return report
    }

    private func loads(
        _ cluster: LocalCluster,
        _ request: EvaluateRequest,
        on eventLoop: any EventLoop
    ) async throws -> Loads {
        let leader = try await cluster.leader(within: LocalClusterLimits.electionTimeout)
        let home = try cluster.node(leader).client
        let places = self.target == .leader ? [home] : cluster.nodes.map(\.client)
        let dialer = try LoadDialer(cluster.access, on: eventLoop)
        var reading: [TransportConnection] = []
        for index in 0..<self.connectionCount {
            reading.append(try await dialer.dial(places[index % places.count]).get())
        }
        let writing = try await dialer.dial(home, count: self.connectionCount)
        let reads = try await ReadLoad.make(
            connections: reading,
            clients: self.clients,
            on: eventLoop
        )
        let writes = try await WriteLoad.make(
            connections: writing,
            clients: self.clients,
            environment: request.environment,
            valueBytes: self.valueBytes,
            on: eventLoop
        )
        try await writes.prepare()
        return Loads(reads: reads, writes: writes, request: request, connections: reading)
    }

    private func phases(_ loads: Loads) async throws -> Report {
        var linearizable = loads.request
        linearizable.isLinearizable = true
        let time = TimeAmount.seconds(Int64(self.seconds))
        _ = try await loads.reads.run(linearizable, for: .seconds(1))
        BenchProcess.progress("local reads")
        let local = try await loads.reads.run(loads.request, for: time)
        BenchProcess.progress("linearizable reads")
        let alone = try await loads.reads.run(linearizable, for: time)
        BenchProcess.progress("writes")
        let writes = try await loads.writes.run(for: time)
        BenchProcess.progress("linearizable reads while clients write")
        async let writesBeside = loads.writes.run(for: time)
        let beside = try await loads.reads.run(linearizable, for: time)
        var report = Report()
        report.add("bench", "reads")
        var parameters = Report()
        parameters.add("clients", self.clients)
        parameters.add("seconds", self.seconds)
        parameters.add("target", self.target.rawValue)
        parameters.add("value_bytes", self.valueBytes)
        report.add("parameters", .object(parameters))
        report.add("local_reads", .object(Self.report(local)))
        report.add("linearizable_reads", .object(Self.report(alone)))
        report.add("writes", .object(Self.report(writes)))
        var mixed = Report()
        mixed.add("linearizable_reads", .object(Self.report(beside)))
        mixed.add("writes", .object(Self.report(try await writesBeside)))
        report.add("at_once", .object(mixed))
        return report
    }

    private static func report(_ outcome: WriteOutcome) -> Report {
        var report = Report()
        let rate = Double(outcome.latencies.count) / max(outcome.seconds, 1e-9)
        report.add("per_second", rate, digits: 1)
        report.add("p50_ms", outcome.latencies.milliseconds(50))
        report.add("p99_ms", outcome.latencies.milliseconds(99))
        report.add("max_ms", outcome.latencies.maxMilliseconds)
        report.add("retries", outcome.retries)
        return report
    }
}
