internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import LocalCluster
internal import Usage
internal import Wire

/// Many SDKs that report what they counted, and what that costs the log.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Measures what usage reports cost: entries of the log, and their size."
    )

    @OptionGroup var options: ClusterOptions

    @Option(help: "SDKs that report.")
    var clients = 100

    @Option(help: "Evaluations of all of them together in one second.")
    var rate = 50_000

    @Option(help: "How long they report.")
    var seconds = 20

    @Option(help: "Between two reports of one SDK.")
    var reportMs = 5_000

    @Option(help: "Flags that are evaluated.")
    var flags = 20

    func validate() throws {
        guard (1...BenchLimits.reportersMax).contains(self.clients) else {
            throw ValidationError("--clients must be from 1 to \(BenchLimits.reportersMax)")
        }
        guard (1...BenchLimits.evaluationsPerSecondMax).contains(self.rate) else {
            throw ValidationError("--rate is too small or too great")
        }
        guard (1...600).contains(self.seconds), (100...60_000).contains(self.reportMs),
            (1...1_000).contains(self.flags)
        else { throw ValidationError("--seconds, --report-ms or --flags is out of bounds") }
    }

    func run() async throws {
        let outcome = try await self.options.withCluster { cluster in
            try await self.measure(cluster)
        }
        print(self.report(outcome).json())
    }

    private struct Outcome {
        var reported: UInt64 = 0
        var counted: UInt64 = 0
        var dropped: UInt64 = 0
        var entries: UInt64 = 0
        var seconds = 0.0
    }

    private func measure(_ cluster: LocalCluster) async throws -> Outcome {
        let client = try cluster.access.client(timeout: .seconds(20))
        defer { client.shutdown() }
        let tenant = LoadTenant(client: client)
        try await tenant.prepare()
        let environment = try await tenant.environment("usage")
        try await tenant.fill(environment, flags: self.flags)
        let clients = try cluster.nodes.map { try cluster.access(to: $0.id).client() }
        defer { for client in clients { client.shutdown() } }
        let before = try await client.status()
        let start = BenchProcess.nanoseconds()
        BenchProcess.progress("\(self.clients) SDKs report for \(self.seconds) s")
        var outcome = Outcome()
        try await withThrowingTaskGroup(of: (UInt64, UInt64).self) { group in
            for number in 0..<self.clients {
                let node = clients[number % clients.count]
                group.addTask { try await self.report(as: number, to: node, of: environment) }
            }
            for try await (reported, dropped) in group {
                outcome.reported += reported
                outcome.dropped += dropped
            }
        }
        outcome.seconds = Double(BenchProcess.nanoseconds() - start) / 1e9
        let limit = Duration.seconds(BenchLimits.stallSeconds)
        let wanted = outcome.reported - outcome.dropped
        outcome.counted = try await Patience.wait(limit, for: "the reported usage") {
            let request = MetricsRequest(environment: environment)
            let metrics = (try? await client.metrics(request).metrics) ?? []
            let sum = metrics.reduce(0) { $0 + $1.usageCount }
            return sum >= wanted ? sum : nil
        }
        let after = try await client.status()
        outcome.entries = Self.commit(after) - Self.commit(before)
        return outcome
    }

    private static func commit(_ status: StatusResponse) -> UInt64 {
        status.nodes.map(\.commit).max() ?? 0
    }

    /// Reports as one SDK does; answers how many evaluations, and how many had no room.
    private func report(
        as number: Int,
        to node: AdministrationClient,
        of environment: EnvironmentID
    ) async throws -> (UInt64, UInt64) {
        let rounds = max(1, self.seconds * 1_000 / self.reportMs)
        let perRound = UInt64(self.rate * self.reportMs / 1_000 / self.clients)
        var (reported, dropped): (UInt64, UInt64) = (0, 0)
        // SDKs do not begin at the same moment.
        try await Task.sleep(for: .milliseconds(self.reportMs * number / self.clients))
        for round in 0..<rounds {
            let began = ContinuousClock.now
            let entries = self.entries(of: number, round, perRound)
            let report = UsageReport(
                environment: environment,
                start: Timestamp(milliseconds: BenchProcess.wallMilliseconds()),
                entries: entries
            )
            reported += entries.reduce(0) { $0 + $1.counts.evaluations }
            dropped += try await node.reportUsage(report).dropped
            let next = began + .milliseconds(self.reportMs)
            if round + 1 < rounds { try await Task.sleep(until: next) }
        }
        return (reported, dropped)
    }

    /// What an SDK counted: every flag, for a few companies, plans, roles and regions.
    private func entries(of number: Int, _ round: Int, _ count: UInt64) -> [UsageReport.Entry] {
        (0..<self.flags).map { flag in
            var counts = UsageCounts()
            counts.evaluations = count / UInt64(self.flags)
            let variant = (number + round + flag) % 4
            return UsageReport.Entry(
                flag: FlagKey("load-\(flag)"),
                variation: "on",
                company: "company-\((number * 7 + flag) % 50)",
                plan: ["FREE", "PREMIUM", "ENTERPRISE", "PRO"][variant],
                role: ["ADMIN", "OWNER", "USER", "GUEST"][variant],
                region: ["MX", "CO", "AR", "BR"][(number + flag) % 4],
                counts: counts
            )
        }
    }

    /// One node's roll-up of one round of a third of the SDKs: its rows, and the bytes of its entry.
    private func rollUp() -> (rows: Int, bytes: Int) {
        let environment = EnvironmentID(
            organization: LoadTenant.organization,
            environment: "usage"
        )
        var aggregator = UsageAggregator(node: 1)
        let count = UInt64(self.rate * self.reportMs / 1_000 / self.clients)
        let minute = Timestamp(milliseconds: BenchProcess.wallMilliseconds())
        for number in stride(from: 0, to: self.clients, by: 3) {
            for entry in self.entries(of: number, 0, count) {
                let occasion = UsageAggregator.Occasion(
                    environment: environment,
                    flag: entry.flag,
                    variation: entry.variation,
                    company: entry.company,
                    plan: entry.plan,
                    role: entry.role,
                    region: entry.region
                )
                aggregator.add(occasion, entry.counts, at: minute)
            }
        }
        let batch = aggregator.drain()
        return (batch.rows.count, WriteRequest(command: .recordUsage(batch)).encode().count)
    }

    private func report(_ outcome: Outcome) -> Report {
        var report = Report()
        report.add("bench", "usage")
        var parameters = Report()
        parameters.add("clients", self.clients)
        parameters.add("rate", self.rate)
        parameters.add("seconds", self.seconds)
        parameters.add("report_ms", self.reportMs)
        parameters.add("flags", self.flags)
        report.add("parameters", .object(parameters))
        report.add("reported", Int(outcome.reported))
        report.add("counted", Int(outcome.counted))
        report.add("dropped", Int(outcome.dropped))
        report.add("evaluations_per_second", Double(outcome.reported) / outcome.seconds, digits: 0)
        report.add("log_entries", Int(outcome.entries))
        report.add("log_entries_per_second", Double(outcome.entries) / outcome.seconds)
        let (rows, bytes) = self.rollUp()
        report.add("roll_up_rows", rows)
        report.add("roll_up_bytes", bytes)
        return report
    }
}
