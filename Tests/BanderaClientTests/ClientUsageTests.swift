import BanderaClient
import ClientProtocol
import Flags
import Testing
import Usage
import Wire

/// Counting and values through the whole client, against listeners in this process.
@Suite struct ClientUsageTests {
    private let ana = EvaluationContext(targetingKey: "ana", company: "globex")

    private func configuration(
        _ cluster: FakeCluster,
        _ node: FakeNode,
        context: EvaluationContext? = nil,
        usage: UsageReporting = .on(interval: .milliseconds(20))
    ) -> ClientConfiguration {
        var timing = ClientTiming()
        timing.backoffMin = .milliseconds(5)
        timing.backoffMax = .milliseconds(20)
        return ClientConfiguration(
            endpoints: [node.endpoint],
            environment: acme,
            credentials: cluster.credentials,
            cluster: FakeCluster.name,
            context: context,
            usage: usage,
            timing: timing
        )
    }

    private func evaluations(_ cluster: FakeCluster) -> UInt64 {
        cluster.reports.flatMap(\.entries).reduce(0) { $0 + $1.counts.evaluations }
    }

    @Test(.timeLimit(.minutes(1))) func whatIsEvaluatedIsReportedOnce() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(self.configuration(cluster, node))
        try await client.waitForRevision(cluster.change("search"))
        // A report that fails goes out again.
        cluster.refuseReports(2)
        for _ in 0..<100 { _ = client.isEnabled(FlagKey("search"), context: self.ana) }
        _ = client.isEnabled(FlagKey("unknown"), context: self.ana)
        client.track(.click, FlagKey("search"), context: self.ana)
        while client.usage.reported < 101 { await Task.yield() }
        #expect(self.evaluations(cluster) == 100)
        let entries = cluster.reports.flatMap(\.entries)
        #expect(Set(entries.map(\.flag)) == [FlagKey("search")], "an unknown flag has no usage")
        #expect(entries.reduce(0) { $0 + $1.counts.clicks } == 1)
        #expect(entries.allSatisfy { $0.variation == "on" && $0.company == "globex" })
        var users = HyperLogLog()
        for sketch in cluster.reports.flatMap(\.sketches) { users.merge(sparse: sketch.registers) }
        #expect(users.estimate == 1)
        await client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func theLastCountsAreReportedWhenTheClientShutsDown()
        async throws
    {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(
            self.configuration(cluster, node, usage: .on(interval: .seconds(3_600)))
        )
        try await client.waitForRevision(cluster.change("search"))
        for _ in 0..<7 { _ = client.isEnabled(FlagKey("search"), context: self.ana) }
        await client.shutdown()
        #expect(self.evaluations(cluster) == 7)
        await client.shutdown()
        #expect(self.evaluations(cluster) == 7)
        await node.stop()
    }

    @Test(
        "Reports that will never be taken in are dropped, and told of once",
        .timeLimit(.minutes(1))
    )
    func refusedReports() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(
            self.configuration(cluster, node, usage: .on(interval: .milliseconds(20)))
        )
        try await client.waitForRevision(cluster.change("search"))
        var changes = client.changes.makeAsyncIterator()
        cluster.refuseReports(.max, with: .permissionDenied)
        for count: UInt64 in 1...2 {
            _ = client.isEnabled(FlagKey("search"), context: self.ana)
            while client.usage.dropped < count { await Task.yield() }
        }
        cluster.refuseReports(0)
        _ = client.isEnabled(FlagKey("search"), context: self.ana)
        await client.shutdown()
        var refusals = 0
        while let event = await changes.next() {
            if case .failed(let error) = event, error.code == .unauthorized { refusals += 1 }
        }
        #expect(refusals == 1 && self.evaluations(cluster) == 1)
        #expect(client.usage.reported == 1 && client.usage.dropped == 2)
        #expect(cluster.reports.reduce(0) { $0 + $1.dropped } == 2)
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func nothingIsCountedWhenThatIsOff() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(self.configuration(cluster, node, usage: .off))
        try await client.waitForRevision(cluster.change("search"))
        _ = client.isEnabled(FlagKey("search"), context: self.ana)
        client.track(.click, FlagKey("search"), context: self.ana)
        await client.shutdown()
        #expect(cluster.reports.isEmpty && client.usage == UsageStatistics())
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aClientWithAContextAnswersFromValues() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        cluster.change("search") { $0.audience.companies = ["globex"] }
        let client = try BanderaClient(self.configuration(cluster, node, context: self.ana))
        try await client.waitUntilReady()
        let key = FlagKey("search")
        // Whoever is asked for: the values are those of the client's own context.
        let somebody = EvaluationContext(targetingKey: "ben")
        #expect(client.isEnabled(key, context: somebody))
        #expect(cluster.watches.map(\.context) == [self.ana])

        var changes = client.changes.makeAsyncIterator()
        let same = cluster.change("search") { $0.name = "Search" }
        try await client.waitForRevision(same)
        let off = cluster.change("search") { $0.enabled = false }
        try await client.waitForRevision(off)
        #expect(await changes.next() == .valuesChanged([key]), "only a value that is another")
        #expect(!client.isEnabled(key, context: somebody))

        let on = cluster.change("search") { $0.audience.companies = ["initech"] }
        try await client.waitForRevision(on)
        #expect(!client.isEnabled(key, context: somebody))
        try await client.setContext(EvaluationContext(targetingKey: "eva", company: "initech"))
        #expect(client.isEnabled(key, context: somebody))
        #expect(client.freshness == .live)
        #expect(cluster.watches.count == 2)
        await client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func onlyAClientWithAContextCanBeGivenAnother() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(self.configuration(cluster, node))
        await #expect(throws: BanderaError(.invalidConfiguration, "")) {
            try await client.setContext(self.ana)
        }
        await client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func providerEventsTellOfReadinessAndAbsence() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        var configuration = self.configuration(cluster, node)
        configuration.timing.staleAfter = .milliseconds(20)
        let client = try BanderaClient(configuration)
        var events = client.events.makeAsyncIterator()
        #expect(await events.next() == .ready)
        cluster.change("search")
        #expect(await events.next() == .configurationChanged([FlagKey("search")]))
        await node.stop()
        #expect(await events.next() == .stale)
        let back = try await FakeNode.start(
            cluster,
            id: 1,
            region: "MX",
            port: node.endpoint.port
        )
        #expect(await events.next() == .ready)
        var late = client.events.makeAsyncIterator()
        #expect(await late.next() == .ready)
        await client.shutdown()
        #expect(await events.next() == nil)
        await back.stop()
    }
}
