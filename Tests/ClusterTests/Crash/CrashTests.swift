import BanderaClient
import Flags
import Linearizability
import LocalCluster
import Testing

extension ClusterTests {
    /// Real processes die again and again under load, and nothing that was promised is broken.
    @Suite
    struct CrashTests {
        private static let watchers = 4
        private static let operationsPerRound = 40
        /// Of 60,000 bytes each: more than the 16 MiB of a segment.
        private static let ballastWrites = 400

        @Test(
            "items 21, 26, 47, 48, 51: nodes that crash, pause, are cut off and replaced break nothing"
        )
        func faultsUnderLoad() async throws {
            print("crash test: BANDERA_CRASH_SEED=\(CrashPlan.seed), \(CrashPlan.rounds) rounds")
            var configuration = LocalClusterConfiguration(cluster: "tests")
            configuration.relaysPeers = true
            configuration.tuning = CrashPlan.tuning
            try await ClusterTests.withCluster(configuration) { cluster, client in
                try await Self.writeBallast(client)
                let watchers = (0..<Self.watchers).map { CrashWatcher(index: $0) }
                try await withThrowingTaskGroup { group in
                    for watcher in watchers {
                        group.addTask { await watcher.follow(cluster) }
                    }
                    defer { group.cancelAll() }
                    let load = try await Self.load(cluster)
                    let last = try await client.write(
                        .createFlag(ClusterTests.environment, ClusterTests.definition("last"))
                    )
                    for watcher in watchers { try await Self.wait(for: watcher, last) }
                    try await Self.check(load, watchers, last, cluster)
                }
            }
        }

        /// Fills more than a segment of the log, which is then compacted: who joins later needs a
        /// snapshot.
        private static func writeBallast(_ client: AdministrationClient) async throws {
            let environment = EnvironmentID(organization: "acme", environment: "ballast")
            _ = try await client.write(
                .putEnvironment(Environment(id: environment, name: "Ballast"))
            )
            let value = String(repeating: "x", count: 60_000)
            let flag = ClusterTests.definition("ballast", value: value)
            _ = try await client.write(.createFlag(environment, flag))
            try await withThrowingTaskGroup { group in
                for part in 0..<4 {
                    group.addTask {
                        for number in 0..<(Self.ballastWrites / 4) {
                            var patch = FlagPatch()
                            patch.variations = flag.variations
                            patch.description = "\(part)-\(number)"
                            _ = try await client.write(.updateFlag(environment, flag.key, patch))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }

        /// Lets clients work through all rounds.
        private static func load(_ cluster: LocalCluster) async throws -> CrashLoad {
            var faults = CrashFaults(cluster: cluster, seed: CrashPlan.seed)
            return try await CrashLoad.run(
                creators: 3,
                registers: 4,
                seed: CrashPlan.seed,
                on: cluster
            ) { load in
                for round in 1...CrashPlan.rounds {
                    load.permit(Self.operationsPerRound)
                    do {
                        try await faults.happen(under: load)
                        try await load.drained()
                    } catch {
                        print("crash test: failed in round \(round), \(faults.last)")
                        throw error
                    }
                }
            }
        }

        private static func wait(for watcher: CrashWatcher, _ last: Revision) async throws {
            try await Patience.wait(.seconds(30), for: "a watcher to reach \(last)") {
                watcher.reached >= last || watcher.failure != nil ? () : nil
            }
        }

        /// The digests of all nodes' records.
        private static func verify(
            _ cluster: LocalCluster
        ) async throws -> ClusterVerification {
            let client = try cluster.access.client(timeout: .seconds(20))
            defer { client.shutdown() }
            return try await client.verify()
        }

        private static func check(
            _ load: CrashLoad,
            _ watchers: [CrashWatcher],
            _ last: Revision,
            _ cluster: LocalCluster
        ) async throws {
            #expect(load.failures.isEmpty)
            try await ClusterTests.expectAll(load.acknowledged, on: cluster)
            let flags = try await ClusterTests.flags(
                on: cluster.nodes[0].id,
                of: cluster,
                atLeast: last
            )
            let happened = flags.values.map(\.createdRevision).filter { $0 <= last }.sorted()
            #expect(happened.count > load.acknowledged.count)
            for watcher in watchers {
                #expect(watcher.failure == nil)
                let heard = watcher.revisions.filter { $0 <= last }
                #expect(heard == happened, "a watcher heard \(heard.count) of \(happened.count)")
            }
            let records = try await Self.verify(cluster)
            #expect(records.isIntact, "\(records)")
            let judgement = load.history.check()
            #expect(judgement.verdict == .linearizable, "\(judgement)")
            let heard = watchers.map(\.counts)
            print(
                "crash test: \(load.counts.ended) operations, \(load.counts.unknown) unknown, "
                    + "\(heard.reduce(0) { $0 + $1.connections }) watches with "
                    + "\(heard.reduce(0) { $0 + $1.snapshots }) snapshots"
            )
        }
    }
}
