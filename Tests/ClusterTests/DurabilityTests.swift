import BanderaClient
import Flags
import LocalCluster
import Testing

extension ClusterTests {
    /// An acknowledged write is never lost.
    @Suite
    struct DurabilityTests {
        @Test func everyAcknowledgedWriteSurvivesTheDeathOfTheLeaderUnderLoad() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let writes = try await BackgroundWriters.run(4, on: cluster) { writers in
                    try await writers.acknowledged(more: 200)
                    let leader = try await cluster.leader(within: .seconds(10))
                    try await cluster.kill(leader)
                    try await writers.acknowledged(more: 200)
                    try cluster.start(leader)
                    try await writers.acknowledged(more: 100)
                }
                #expect(writes.count >= 500)
                try await ClusterTests.expectAll(writes, on: cluster)
            }
        }

        @Test func everyAcknowledgedWriteSurvivesTheDeathOfAllNodesAtOnce() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let writes = try await BackgroundWriters.run(4, on: cluster) { writers in
                    try await writers.acknowledged(more: 300)
                    for node in cluster.nodes { try cluster.killNow(node.id) }
                    for node in cluster.nodes { try await cluster.kill(node.id) }
                    for node in cluster.nodes { try cluster.start(node.id) }
                    _ = try await cluster.leader(within: .seconds(30))
                    try await writers.acknowledged(more: 50)
                }
                try await ClusterTests.expectAll(writes, on: cluster)
            }
        }

        @Test func aNodeThatIsAskedToStopEndsWithSuccessAndNoWriteFails() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let writes = try await BackgroundWriters.run(2, on: cluster) { writers in
                    try await writers.acknowledged(more: 50)
                    let leader = try await cluster.leader(within: .seconds(10))
                    let exit = try await cluster.terminate(leader)
                    #expect(exit == .exited(0))
                    try await writers.acknowledged(more: 50)
                    try cluster.start(leader)
                }
                try await ClusterTests.expectAll(writes, on: cluster)
            }
        }

        @Test func aSecondProcessWithTheIdOfANodeLosesNothing() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let twin = try cluster.makeTwin(of: 1)
                let writes = try await BackgroundWriters.run(2, on: cluster) { writers in
                    try await writers.acknowledged(more: 50)
                    try twin.start()
                    try await Patience.wait(.seconds(30), for: "refusal of \(twin.log)") {
                        cluster.logTails().contains("two processes claim") ? () : nil
                    }
                    try await writers.acknowledged(more: 50)
                    try await twin.stop()
                }
                try await ClusterTests.expectAll(writes, on: cluster)
            }
        }

        @Test func aPausedLeaderIsReplacedAndFollowsWhenItGoesOn() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let writes = try await BackgroundWriters.run(2, on: cluster) { writers in
                    try await writers.acknowledged(more: 50)
                    let paused = try await cluster.leader(within: .seconds(10))
                    try cluster.pause(paused)
                    try await writers.acknowledged(more: 50)
                    let next = try await cluster.leader(within: .seconds(10))
                    #expect(next != paused)
                    try cluster.resume(paused)
                    try await writers.acknowledged(more: 50)
                }
                try await ClusterTests.expectAll(writes, on: cluster)
            }
        }
    }
}
