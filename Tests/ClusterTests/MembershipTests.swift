import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Testing

extension ClusterTests {
    /// Nodes come and go while the cluster serves.
    @Suite
    struct MembershipTests {
        @Test("item 11: a learner joins under load, catches up and becomes a voter")
        func aLearnerJoinsUnderLoadAndBecomesAVoter() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let program = try Program(cluster)
                let writes = try await BackgroundWriters.run(2, on: cluster) { writers in
                    try await writers.acknowledged(more: 50)
                    try await cluster.join(4, region: "CL", program)
                    try await cluster.waitUntilLearner(true, 4, by: client)
                    try await cluster.promote(4, program)
                    try await writers.acknowledged(more: 50)
                    try await cluster.waitUntilLearner(false, 4, by: client)
                    #expect(writers.unsure == 0)
                }
                // Repeating it does no harm; adding somebody else under the id is refused.
                try await program.succeed("cluster", "promote", "4")
                try await program.expect(
                    1,
                    "cluster",
                    "add",
                    "--id",
                    "4",
                    "--region",
                    "XX",
                    "--peer-address",
                    "127.0.0.1:1",
                    "--client-address",
                    "127.0.0.1:2"
                )
                try await ClusterTests.expectAll(writes, on: cluster)
                try await program.succeed("cluster", "verify")
            }
        }

        @Test("item 12: the leader is removed, hands over and ends; its id is not taken again")
        func theLeaderIsRemovedAndItsIDIsNotTakenAgain() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let program = try Program(cluster)
                let writes = try await BackgroundWriters.run(2, on: cluster) { writers in
                    try await writers.acknowledged(more: 50)
                    let leader = try await cluster.leader(within: .seconds(10))
                    try await program.succeed("cluster", "remove", "\(leader)")
                    let exit = try await cluster.process(leader).exit(within: .seconds(20))
                    #expect(exit == .exited(0))
                    #expect(cluster.log(of: leader).contains("removed from the cluster"))
                    try await program.succeed("cluster", "remove", "\(leader)")
                    try await program.expect(
                        1,
                        "cluster",
                        "add",
                        "--id",
                        "\(leader)",
                        "--region",
                        "MX",
                        "--peer-address",
                        "127.0.0.1:1",
                        "--client-address",
                        "127.0.0.1:2"
                    )
                    cluster.forget(leader)
                    _ = try await cluster.leader(within: .seconds(10))
                    try await writers.acknowledged(more: 50)
                    #expect(writers.unsure == 0)
                }
                try await ClusterTests.expectAll(writes, on: cluster)
                try await program.succeed("cluster", "verify")
            }
        }

        @Test func aNodeWithADamagedLogIsReplacedAsItSays() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let program = try Program(cluster)
                for number in 1...200 {
                    _ = try await client.write(
                        .createFlag(
                            ClusterTests.environment,
                            ClusterTests.definition("flag-\(number)")
                        )
                    )
                }
                try await cluster.kill(3)
                try LogFile.damageTheMiddle(in: try cluster.node(3).dataFolder)
                try cluster.start(3)
                let exit = try await cluster.process(3).exit(within: .seconds(10))
                #expect(exit == .exited(1))
                #expect(cluster.log(of: 3).contains("bandera cluster replace 3"))

                cluster.forget(3)
                try await cluster.join(4, region: "AR", program)
                try await program.succeed("cluster", "replace", "3", "4")
                let nodes = try await client.status().nodes
                #expect(nodes.map(\.id) == [1, 2, 4])
                try await program.succeed("cluster", "replace", "3", "4")
                try await program.succeed("cluster", "verify")
            }
        }

        @Test("item 31: a node that joins after compaction gets a snapshot")
        func aNodeThatJoinsAfterCompactionGetsASnapshot() async throws {
            var configuration = LocalClusterConfiguration(cluster: "tests")
            configuration.tuning.compaction = ["tail_entries": 20, "step_entries": 50]
            try await ClusterTests.withCluster(configuration) { cluster, client in
                let program = try Program(cluster)
                let writes = try await BackgroundWriters.run(2, on: cluster) { writers in
                    try await writers.acknowledged(more: 300)
                    for node in cluster.nodes {
                        try await cluster.waitForLog(of: node.id, "log compacted")
                        // What it still has in memory would do for a new node.
                        try await cluster.restart(node.id)
                        try await writers.acknowledged(more: 10)
                    }
                    try await cluster.join(4, region: "CL", program)
                    try await cluster.waitForLog(of: 4, "a snapshot took the place")
                    try await cluster.promote(4, program)
                    try await writers.acknowledged(more: 100)
                }
                try await ClusterTests.expectAll(writes, on: cluster)
                // The snapshot outlives its node's next start, too.
                try await cluster.restart(4)
                try await ClusterTests.expectAll(writes, on: cluster)
                try await program.succeed("cluster", "verify")
            }
        }

        @Test func leadershipGoesWhereItIsSent() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let program = try Program(cluster)
                for target in [UInt64(1), 2, 3, 3] {
                    try await program.succeed("cluster", "transfer", "--to", "\(target)")
                    #expect(try await cluster.leader(within: .seconds(5)) == target)
                }
                try await cluster.waitUntilAllAreHealthy()
                try await program.succeed("cluster", "transfer")
                #expect(try await cluster.leader(within: .seconds(5)) != 3)
                try await program.expect(1, "cluster", "transfer", "--to", "9")
                _ = try await client.write(.openSession)
            }
        }

        @Test func aRollingRestartFailsNoWrite() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let writes = try await BackgroundWriters.run(4, on: cluster) { writers in
                    try await writers.acknowledged(more: 50)
                    for node in cluster.nodes {
                        try await cluster.waitUntilAllAreHealthy()
                        let exit = try await cluster.terminate(node.id)
                        #expect(exit == .exited(0))
                        try await writers.acknowledged(more: 20)
                        try cluster.start(node.id)
                        _ = try await cluster.leader(within: .seconds(10))
                        try await writers.acknowledged(more: 20)
                    }
                    #expect(writers.unsure == 0, "writes failed")
                }
                let logs = cluster.logTails()
                #expect(!logs.contains("could not be handed over"), "\(logs)")
                try await ClusterTests.expectAll(writes, on: cluster)
            }
        }
    }

    /// A node that comes back without its disk.
    @Suite
    struct WipedDiskTests {
        @Test func anEmptyFolderIsRefusedByTheNodeItself() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                try await cluster.kill(2)
                try LogFile.wipe(try cluster.node(2).dataFolder)
                try cluster.start(2)
                #expect(try await cluster.process(2).exit(within: .seconds(10)) == .exited(1))
                let log = cluster.log(of: 2)
                #expect(log.contains("is empty"))
                #expect(log.contains("bandera cluster replace 2"))
                cluster.forget(2)
            }
        }

        @Test("item 19: a wiped disk under an old id is refused by the cluster")
        func aWipedDiskUnderAnOldIDIsRefusedByTheCluster() async throws {
            try await ClusterTests.withCluster { cluster, client in
                for node in cluster.nodes {
                    try await cluster.waitForLog(of: node.id, "disks_known=3")
                }
                try await cluster.kill(2)
                try LogFile.wipe(try cluster.node(2).dataFolder)
                try cluster.start(2, mayInitialize: true)
                #expect(try await cluster.process(2).exit(within: .seconds(20)) == .exited(1))
                let log = cluster.log(of: 2)
                #expect(log.contains("with another disk"), "\(log)")
                #expect(log.contains("bandera cluster replace 2"))
                cluster.forget(2)
                _ = try await client.write(.openSession)
            }
        }
    }
}
