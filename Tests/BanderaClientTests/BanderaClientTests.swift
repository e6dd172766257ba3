import BanderaClient
import Flags
import Testing

/// The whole client against listeners in this process: TLS, frames, watches and all.
@Suite struct BanderaClientTests {
    private let context = EvaluationContext(targetingKey: "ana")

    private func configuration(
        _ cluster: FakeCluster,
        _ endpoints: [Endpoint],
        region: String = "",
        file: Bool = false
    ) -> ClientConfiguration {
        var timing = ClientTiming()
        timing.backoffMin = .milliseconds(5)
        timing.backoffMax = .milliseconds(20)
        timing.homeProbeInterval = .milliseconds(20)
        timing.homeStableFor = .milliseconds(50)
        timing.connectTimeout = .seconds(5)
        return ClientConfiguration(
            endpoints: endpoints,
            region: region,
            environment: acme,
            credentials: cluster.credentials,
            cluster: FakeCluster.name,
            lastKnownGoodPath: file ? "\(cluster.folder)/flags" : nil,
            timing: timing
        )
    }

    /// Waits until `events` tells of a connection to `endpoint`.
    private func wait(
        for endpoint: Endpoint,
        in events: inout FlagEvents.AsyncIterator
    ) async {
        while let event = await events.next() {
            if case .connected(let reached) = event, reached.address == endpoint.address { return }
        }
        Issue.record("never connected to \(endpoint)")
    }

    @Test(.timeLimit(.minutes(1))) func evaluatesWhatIsPushed() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(self.configuration(cluster, [node.endpoint]))
        let key = FlagKey("search")
        #expect(!client.isEnabled(key, context: self.context))
        #expect(try await client.waitUntilReady() == .live)
        let before = client.boolDetails(key, default: true, context: self.context)
        #expect(before.value && before.errorCode == .flagNotFound && before.reason == .error)

        let revision = cluster.change("search")
        try await client.waitForRevision(revision)
        let after = client.boolDetails(key, default: false, context: self.context)
        #expect(after.value && after.variant == "on" && after.errorCode == nil)
        #expect(after.revision == revision)
        #expect(client.isEnabled(key, context: self.context))
        let wrong = client.stringDetails(key, default: "x", context: self.context)
        #expect(wrong.value == "x" && wrong.errorCode == .typeMismatch)

        let gone = cluster.change("search", isArchived: true)
        try await client.waitForRevision(gone)
        #expect(!client.isEnabled(key, context: self.context))
        await client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func tellsEveryConsumerOfEveryChangeInOrder() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try BanderaClient(self.configuration(cluster, [node.endpoint]))
        try await client.waitUntilReady()
        var first = client.changes.makeAsyncIterator()
        var second = client.changes.makeAsyncIterator()
        let revisions = (0..<50).map { cluster.change("flag-\($0)") }
        for revision in revisions {
            guard case .changed(let change)? = await first.next() else {
                Issue.record("expected change \(revision)")
                return
            }
            #expect(change.revision == revision)
        }
        for revision in revisions {
            guard case .changed(let change)? = await second.next() else { return }
            #expect(change.revision == revision)
        }
        await client.shutdown()
        #expect(await first.next() == nil, "the sequence ends with the client")
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func failsOverWithoutAGapAndGoesHome() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let home = try await FakeNode.start(cluster, id: 1, region: "MX")
        let away = try await FakeNode.start(cluster, id: 2, region: "CO")
        let client = try BanderaClient(
            self.configuration(cluster, [away.endpoint, home.endpoint], region: "MX")
        )
        var connections = client.changes.makeAsyncIterator()
        var changes = client.changes.makeAsyncIterator()
        await self.wait(for: home.endpoint, in: &connections)
        // Changes from here on are told one by one: those before come with the snapshot.
        try await client.waitUntilReady()
        var revisions = [cluster.change("a")]
        try await client.waitForRevision(revisions[0])

        await home.stop()
        revisions.append(cluster.change("b"))
        await self.wait(for: away.endpoint, in: &connections)
        revisions.append(cluster.change("c"))
        try await client.waitForRevision(revisions[2])

        let back = try await FakeNode.start(cluster, id: 1, region: "MX", port: home.endpoint.port)
        await self.wait(for: back.endpoint, in: &connections)
        revisions.append(cluster.change("d"))
        try await client.waitForRevision(revisions[3])

        var seen: [Revision] = []
        while seen.count < revisions.count, let event = await changes.next() {
            if case .changed(let change) = event { seen.append(change.revision) }
        }
        #expect(seen == revisions, "each change exactly once, in order")
        await client.shutdown()
        await away.stop()
        await back.stop()
    }

    @Test(.timeLimit(.minutes(1))) func startsFromItsFileWhenNothingCanBeReached() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let revision = cluster.change("search")
        let configuration = self.configuration(cluster, [node.endpoint], file: true)
        let first = try BanderaClient(configuration)
        try await first.waitForRevision(revision)
        await first.shutdown()
        await node.stop()

        let second = try BanderaClient(configuration)
        try await second.waitForRevision(revision)
        #expect(try await second.waitUntilReady(timeout: .milliseconds(1)) == .cached)
        let details = second.boolDetails(
            FlagKey("search"),
            default: false,
            context: self.context
        )
        #expect(details.value && details.reason == .cached && details.revision == revision)
        await second.shutdown()
    }

    @Test(.timeLimit(.minutes(1))) func isStaleWhileItIsAloneAndLiveAgainAfterwards() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let revision = cluster.change("search")
        var configuration = self.configuration(cluster, [node.endpoint])
        configuration.timing.staleAfter = .milliseconds(20)
        let client = try BanderaClient(configuration)
        try await client.waitForRevision(revision)
        await node.stop()
        while client.freshness != .stale { await Task.yield() }
        let details = client.boolDetails(
            FlagKey("search"),
            default: false,
            context: self.context
        )
        #expect(details.value && details.reason == .stale)

        // Nothing has changed in between: a bookmark is all that there is to hear.
        let back = try await FakeNode.start(
            cluster,
            id: 1,
            region: "MX",
            port: node.endpoint.port
        )
        while client.freshness != .live { await Task.yield() }
        #expect(client.revision == revision)
        await client.shutdown()
        await back.stop()
    }

    @Test(.timeLimit(.minutes(1))) func saysThatItIsNotReady() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let nowhere = Endpoint(host: "127.0.0.1", port: 1)
        let client = try BanderaClient(self.configuration(cluster, [nowhere]))
        let details = client.boolDetails(FlagKey("x"), default: true, context: self.context)
        #expect(details.value && details.errorCode == .providerNotReady)
        await #expect(throws: BanderaError(.timedOut, "")) {
            try await client.waitUntilReady(timeout: .milliseconds(10))
        }
        await client.shutdown()
        await #expect(throws: BanderaError(.shutDown, "")) {
            try await client.waitUntilReady()
        }
    }

    @Test func refusesAConfigurationThatCannotWork() throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        var configuration = self.configuration(cluster, [])
        #expect(throws: BanderaError(.invalidConfiguration, "")) {
            try BanderaClient(configuration)
        }
        configuration.endpoints = [Endpoint(host: "a", port: 1)]
        configuration.credentials = .token("t", authority: "/nowhere/ca.pem")
        #expect(throws: BanderaError(.invalidConfiguration, "")) {
            try BanderaClient(configuration)
        }
    }
}
