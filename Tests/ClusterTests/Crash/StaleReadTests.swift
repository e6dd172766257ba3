import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Synchronization
import Testing

extension ClusterTests {
    /// A leader that slept must not answer as if no time had passed (tikv#964, etcd#20418).
    @Suite
    struct StaleReadTests {
        private static let key = FlagKey("watched-clock")
        private static let rounds = 4
        private static let readers = 16

        @Test(
            "item 28: a paused leader never answers a linearizable read with what it had",
            arguments: [0, 100]
        )
        func pausedLeader(_ lease: UInt64) async throws {
            var configuration = LocalClusterConfiguration(cluster: "tests")
            configuration.tuning.reads = ["lease_ms": lease]
            try await ClusterTests.withCluster(configuration) { cluster, client in
                _ = try await client.write(
                    .createFlag(
                        ClusterTests.environment,
                        ClusterTests.definition(Self.key.rawValue, value: "0")
                    )
                )
                for round in 1...Self.rounds {
                    let paused = try await cluster.leader(within: .seconds(30))
                    try await Self.readAcrossPause(of: paused, writing: "\(round)", cluster)
                }
            }
        }

        /// Reads wait in the sockets of the sleeping leader: the first thing that it does when it
        /// goes on is to answer them.
        private static func readAcrossPause(
            of paused: UInt64,
            writing value: String,
            _ cluster: LocalCluster
        ) async throws {
            let client = try cluster.access(to: paused).client(timeout: .seconds(10))
            defer { client.shutdown() }
            // It is the leader, and the connection is open.
            _ = try await client.getFlag(
                Self.key,
                in: ClusterTests.environment,
                isLinearizable: true
            )
            try cluster.pause(paused)
            let next = try await cluster.leader(within: .seconds(30))
            try await Self.write(value, by: next, cluster)

            let begun = Tally()
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<Self.readers {
                    group.addTask {
                        begun.add()
                        return try await Self.read(client)
                    }
                }
                try await Patience.wait(.seconds(10), for: "the reads to begin") {
                    begun.count == Self.readers ? () : nil
                }
                try cluster.resume(paused)
                // And some more, while it learns what it missed.
                for _ in 0..<Self.readers { group.addTask { try await Self.read(client) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let answered = answers.compactMap(\.self)
            #expect(answered.allSatisfy { $0 == value }, "\(answered) after \(value) was written")
            #expect(!answered.isEmpty, "no read was answered")
        }

        /// What the flag is; `nil` when the node could not say.
        private static func read(
            _ client: AdministrationClient
        ) async throws(BanderaError) -> String? {
            let response: GetFlagResponse
            do throws(BanderaError) {
                response = try await client.getFlag(
                    Self.key,
                    in: ClusterTests.environment,
                    isLinearizable: true
                )
            } catch {
                guard error.code == .unavailable || error.code == .timedOut else { throw error }
                return nil
            }
            return CrashLoad.value(of: response.flag)
        }

        private static func write(
            _ value: String,
            by node: UInt64,
            _ cluster: LocalCluster
        ) async throws {
            let client = try cluster.access(to: node).client(timeout: .seconds(10))
            defer { client.shutdown() }
            var patch = FlagPatch()
            patch.variations = ClusterTests.definition("", value: value).variations
            _ = try await client.write(
                .updateFlag(ClusterTests.environment, Self.key, patch)
            )
        }
    }
}

/// How many tasks have begun.
private final class Tally: Sendable {
    private let state = Mutex(0)

    var count: Int { self.state.withLock { $0 } }

    func add() { self.state.withLock { $0 += 1 } }
}
