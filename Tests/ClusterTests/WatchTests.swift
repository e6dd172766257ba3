import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Testing

extension ClusterTests {
    /// No client misses a change.
    @Suite
    struct WatchTests {
        private static let changes = 300
        private static let key = FlagKey("watched")

        @Test func everyRevisionIsSeenOnceAcrossALeaderChangeAndAReconnect() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let created = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("watched"))
                )
                async let written = Self.write(on: cluster)
                var watcher = WatchedRevisions(after: created)
                // Three connections: one that is dropped, one whose node dies, and the last.
                try await watcher.follow(cluster, until: { $0.count >= Self.changes / 4 })
                let leader = try await cluster.leader(within: .seconds(10))
                async let death: Void = cluster.kill(leader)
                try await watcher.follow(cluster, until: { $0.count >= Self.changes / 2 })
                try await death
                let last = try await written
                try await watcher.follow(cluster, until: { ($0.last ?? .zero) >= last })
                try cluster.start(leader)

                let rows = try await client.history(
                    of: Self.key,
                    in: ClusterTests.environment,
                    limit: 1_000,
                    atLeast: last
                ).rows
                let happened = rows.map(\.revision).filter { $0 > created }.sorted()
                #expect(happened.count >= Self.changes)
                #expect(watcher.revisions == happened)
            }
        }

        /// Makes the changes one after the other; gives the revision of the last.
        private static func write(on cluster: LocalCluster) async throws -> Revision {
            let client = try cluster.access.client(timeout: .seconds(20))
            defer { client.shutdown() }
            var last = Revision.zero
            for number in 1...Self.changes {
                var patch = FlagPatch()
                patch.description = "change \(number)"
                last = try await client.write(
                    .updateFlag(ClusterTests.environment, Self.key, patch)
                )
            }
            return last
        }
    }
}

/// The revisions that a client saw which resumes where it was.
struct WatchedRevisions {
    /// In the order in which they came.
    private(set) var revisions: [Revision] = []
    private var reached: Revision

    init(after revision: Revision) { self.reached = revision }

    /// Watches, going to another node whenever one fails, until `isDone`; then disconnects.
    mutating func follow(
        _ cluster: LocalCluster,
        until isDone: ([Revision]) -> Bool
    ) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        let client = try cluster.access.client()
        defer { client.shutdown() }
        while clock.now < deadline {
            do {
                let stream = try await client.watch(
                    WatchRequest(
                        environment: ClusterTests.environment,
                        from: self.reached,
                        hasBasis: true
                    )
                )
                for try await event in stream {
                    try self.take(event)
                    if isDone(self.revisions) { return }
                }
            } catch let error as BanderaError {
                guard error.code == .unavailable || error.code == .timedOut else { throw error }
            }
        }
        throw LocalClusterError(.timedOut, "the watch did not get as far as it should")
    }

    private mutating func take(_ event: WatchEvent) throws {
        switch event {
        case .changes(let changes):
            #expect(!changes.coalesced)
            self.revisions += changes.changes.map(\.revision)
            #expect(changes.revision > self.reached, "a change came twice")
            self.reached = changes.revision
        case .bookmark(let revision):
            self.reached = max(self.reached, revision)
        case .snapshot:
            throw LocalClusterError(.process, "a resumed watch was given a snapshot")
        case .values:
            throw LocalClusterError(.process, "a watch for rules was given values")
        case .resync(let reason):
            throw LocalClusterError(.process, "the watch was told to start again: \(reason)")
        }
    }
}
