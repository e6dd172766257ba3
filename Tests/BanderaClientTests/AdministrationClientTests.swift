import BanderaClient
import ClientProtocol
import Flags
import Testing

@Suite struct AdministrationClientTests {
    private let command = Command.archiveFlag(acme, FlagKey("x"))

    private func client(
        _ cluster: FakeCluster,
        _ endpoints: [Endpoint],
        credentials: ClientConfiguration.Credentials? = nil,
        timeout: Duration = .seconds(20)
    ) throws -> AdministrationClient {
        try AdministrationClient(
            AdministrationConfiguration(
                endpoints: endpoints,
                credentials: credentials ?? cluster.credentials,
                cluster: FakeCluster.name,
                timeout: timeout
            )
        )
    }

    @Test(.timeLimit(.minutes(1))) func repeatsAWriteWithTheSameSequence() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let first = try await FakeNode.start(cluster, id: 1, region: "MX")
        let second = try await FakeNode.start(cluster, id: 2, region: "CO")
        let client = try self.client(cluster, [first.endpoint, second.endpoint])
        cluster.loseAnswers(2)
        #expect(try await client.write(self.command) == Revision(200))
        let session = Revision(100)
        let attempt = WriteRequest(session: session, sequence: 1, command: self.command)
        #expect(cluster.writes == [WriteRequest(command: .openSession), attempt, attempt, attempt])
        _ = try await client.write(self.command)
        #expect(
            cluster.writes.last
                == WriteRequest(session: session, sequence: 2, command: self.command)
        )
        client.shutdown()
        await first.stop()
        await second.stop()
    }

    @Test("An emergency rollback waits for no session, and is repeated", .timeLimit(.minutes(1)))
    func urgentWrites() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try self.client(cluster, [node.endpoint])
        cluster.loseAnswers(1)
        let command = Command.emergencyRollback(acme, FlagKey("x"))
        let terms = WriteTerms(reason: "p1")
        #expect(try await client.write(command, on: terms).revision == Revision(200))
        let attempt = WriteRequest(command: command, reason: "p1")
        #expect(cluster.writes == [attempt, attempt])
        client.shutdown()
        await node.stop()
    }

    @Test("A list comes in as many portions as it takes", .timeLimit(.minutes(1)))
    func listsInPortions() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try self.client(cluster, [node.endpoint])
        for key in ["e", "a", "d", "b", "c"] { cluster.change(key) }
        let all = try await client.listFlags(in: acme)
        #expect(all.flags.map(\.key.rawValue) == ["a", "b", "c", "d", "e"] && !all.hasMore)
        #expect(all.revision == cluster.revision)
        client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func saysThatItDoesNotKnow() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try self.client(cluster, [node.endpoint], timeout: .milliseconds(1_500))
        cluster.loseAnswers(.max)
        await #expect(throws: BanderaError(.outcomeUnknown, "")) {
            try await client.write(self.command)
        }
        client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func asksAnotherNodeWhenOneIsGone() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let gone = Endpoint(host: "127.0.0.1", port: 1)
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try self.client(cluster, [gone, node.endpoint])
        #expect(try await client.topology().nodes.map(\.id) == [1])
        client.shutdown()
        await #expect(throws: BanderaError(.shutDown, "")) { try await client.topology() }
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aNodeOfAnotherAuthorityIsRefused() async throws {
        let cluster = try FakeCluster()
        let other = try FakeCluster()
        defer {
            cluster.remove()
            other.remove()
        }
        let node = try await FakeNode.start(cluster, id: 1, region: "MX")
        let client = try self.client(cluster, [node.endpoint], credentials: other.credentials)
        await #expect(throws: BanderaError(.unauthorized, "")) { try await client.topology() }
        client.shutdown()
        await node.stop()
    }

    @Test(.timeLimit(.minutes(1))) func followsAcrossABreak() async throws {
        let cluster = try FakeCluster()
        defer { cluster.remove() }
        let first = try await FakeNode.start(cluster, id: 1, region: "MX")
        let second = try await FakeNode.start(cluster, id: 2, region: "CO")
        let client = try self.client(cluster, [first.endpoint, second.endpoint])
        let (news, continuation) = AsyncStream<Revision>.makeStream()
        let following = Task {
            try await client.follow(acme) { event in
                switch event {
                case .snapshot(_, let revision): continuation.yield(revision)
                case .change(let change): continuation.yield(change.revision)
                }
                return true
            }
        }
        var seen = news.makeAsyncIterator()
        #expect(await seen.next() == cluster.revision)
        let before = cluster.change("a")
        #expect(await seen.next() == before)
        await first.stop()
        let after = cluster.change("b")
        #expect(await seen.next() == after)
        following.cancel()
        try await following.value
        client.shutdown()
        await second.stop()
    }
}
