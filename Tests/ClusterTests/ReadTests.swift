import BanderaClient
import ClientProtocol
import Flags
import GRDB
import LocalCluster
import Testing

extension ClusterTests {
    /// Reads that see what was acknowledged, and nodes that hold the same.
    @Suite
    struct ReadTests {
        @Test("item 25: every node shows what was acknowledged, at once", arguments: [0, 100])
        func everyNodeShowsWhatWasAcknowledgedAtOnce(_ lease: UInt64) async throws {
            var configuration = LocalClusterConfiguration(cluster: "tests")
            configuration.tuning.reads = ["lease_ms": lease]
            try await ClusterTests.withCluster(configuration) { cluster, client in
                for number in 1...30 {
                    let key = FlagKey("flag-\(number)")
                    let revision = try await client.write(
                        .createFlag(
                            ClusterTests.environment,
                            ClusterTests.definition(key.rawValue)
                        )
                    )
                    for node in cluster.nodes {
                        let reader = try cluster.client(of: node.id)
                        let found = try await reader.getFlag(
                            key,
                            in: ClusterTests.environment,
                            isLinearizable: true
                        )
                        #expect(found.revision >= revision)
                        let evaluation = try await reader.evaluate(
                            EvaluateRequest(
                                environment: ClusterTests.environment,
                                key: key,
                                context: EvaluationContext(targetingKey: "ana"),
                                region: "AR",
                                isLinearizable: true
                            )
                        )
                        #expect(evaluation.evaluation.errorCode == nil)
                        #expect(evaluation.revision >= revision)
                    }
                }
            }
        }

        @Test func theProgramReadsWhatIsNewest() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let program = try Program(cluster)
                try await program.succeed("flag", "create", "crm", "--enabled")
                for node in cluster.nodes {
                    var only = program
                    only.variables["BANDERA_ENDPOINTS"] = node.client.address
                    try await only.succeed("flag", "get", "crm", "--linearizable")
                    try await only.succeed("evaluate", "crm", "--user", "u", "--linearizable")
                }
            }
        }

        @Test func aReadThatNobodyCanConfirmSaysSo() async throws {
            try await ClusterTests.withCluster { cluster, client in
                _ = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("crm"))
                )
                let leader = try await cluster.leader(within: .seconds(5))
                for node in cluster.nodes where node.id != leader { try cluster.pause(node.id) }
                let reader = try cluster.client(of: leader)
                await #expect(throws: BanderaError.self) {
                    try await reader.getFlag(
                        FlagKey("crm"),
                        in: ClusterTests.environment,
                        isLinearizable: true
                    )
                }
                // What the node has is still there for those who ask for no more.
                _ = try await reader.getFlag(FlagKey("crm"), in: ClusterTests.environment)
                for node in cluster.nodes where node.id != leader { try cluster.resume(node.id) }
            }
        }

        @Test func aReadOfARevisionThatDoesNotComeEndsWithItsDeadline() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let program = try Program(cluster)
                try await program.succeed("flag", "create", "crm")
                try await program.expect(
                    5,
                    "evaluate",
                    "crm",
                    "--at-least",
                    "1000000",
                    "--timeout",
                    "1s"
                )
            }
        }
    }

    /// `bandera cluster verify`.
    @Suite
    struct VerifyTests {
        @Test func aSoundClusterIsVerifiedUnderLoad() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let program = try Program(cluster)
                _ = try await BackgroundWriters.run(2, on: cluster) { writers in
                    for _ in 1...5 {
                        try await writers.acknowledged(more: 20)
                        try await program.succeed("cluster", "verify")
                    }
                    #expect(writers.unsure == 0)
                }
            }
        }

        @Test func aRecordThatSomebodyChangedIsFound() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let program = try Program(cluster)
                let revision = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("crm"))
                )
                try await program.succeed("cluster", "verify")
                #expect(try await cluster.terminate(2) == .exited(0))
                try await Self.change(try cluster.node(2).dataFolder)
                try cluster.start(2)
                try await cluster.caughtUp(2, to: revision)
                let outcome = try await program.outcome(["cluster", "verify", "-o", "table"])
                #expect(outcome.code == 1)
                #expect(outcome.error.contains("the records of node 2 differ"), "\(outcome.error)")
                #expect(outcome.error.contains("cluster replace"))
                #expect(outcome.output.contains("different"))
            }
        }

        @Test func aNodeThatIsDownIsNamed() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let program = try Program(cluster)
                try await cluster.kill(3)
                _ = try await cluster.leader(within: .seconds(10))
                let outcome = try await program.outcome(["cluster", "verify"])
                #expect(outcome.code == 5)
                #expect(outcome.error.contains("node 3"))
            }
        }

        private static func change(_ folder: String) async throws {
            let ledger = try DatabaseQueue(path: "\(folder)/ledger.sqlite")
            try await ledger.write { database in
                try database.execute(sql: "UPDATE feature_flags SET name = 'somebody was here'")
                #expect(database.changesCount == 1)
            }
            try ledger.close()
        }
    }
}
