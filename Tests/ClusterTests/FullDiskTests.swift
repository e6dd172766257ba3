import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Testing

extension ClusterTests {
    /// A disk without room is reported and survived.
    @Suite
    struct FullDiskTests {
        @Test(.enabled(if: TemporaryDisk.isPermitted, "only root may mount a small disk"))
        func aFullDiskIsReportedAndNothingIsLostWhenThereIsRoomAgain() async throws {
            try await TemporaryDisk.with(mebibytes: 96) { disk in
                var configuration = LocalClusterConfiguration(cluster: "tests")
                configuration.dataFolders[1] = "\(disk.path)/data"
                try await ClusterTests.withCluster(configuration) { cluster, client in
                    try await Self.makeFollower(1, of: cluster, client)
                    try disk.fill()
                    let writes = try await Self.write(until: cluster, reports: "full")
                    try disk.free()
                    // It waits for room, or ends with an exit code and can be started again.
                    if let exit = try cluster.process(1).exit {
                        #expect(exit == .exited(1))
                        try cluster.start(1)
                    }
                    try await ClusterTests.expectAll(writes, on: cluster)
                }
            }
        }

        /// More than twice what is reserved ahead.
        private static let largeWritesMax = 1_500

        /// Makes sure that the node with the small disk does not lead: the others are to go on.
        private static func makeFollower(
            _ id: UInt64,
            of cluster: LocalCluster,
            _ client: AdministrationClient
        ) async throws {
            guard try await cluster.leader(within: .seconds(10)) == id else { return }
            try cluster.pause(id)
            _ = try await cluster.leader(within: .seconds(10))
            try cluster.resume(id)
            _ = try await Patience.wait(.seconds(10), for: "node \(id) to follow") {
                await cluster.status(from: id)?.leader.flatMap { $0 == id ? nil : $0 }
            }
        }

        /// Writes until the node says that its disk is full; gives what was acknowledged.
        private static func write(
            until cluster: LocalCluster,
            reports words: String
        ) async throws -> [FlagKey: Revision] {
            let log = try cluster.node(1).logPath
            let client = try cluster.access.client(timeout: .seconds(20))
            defer { client.shutdown() }
            let large = ClusterTests.definition(
                "large",
                value: String(repeating: "x", count: 60_000)
            )
            _ = try await client.write(.createFlag(ClusterTests.environment, large))
            return try await BackgroundWriters.run(2, on: cluster) { writers in
                try await writers.acknowledged(more: 50)
                // The log's space is reserved ahead, so that it takes some writes to need more.
                for number in 0..<Self.largeWritesMax {
                    if try TextFile.read(log).contains(words) {
                        return try await writers.acknowledged(more: 50)
                    }
                    var patch = FlagPatch()
                    patch.variations = large.variations
                    patch.description = "\(number)"
                    _ = try await client.write(
                        .updateFlag(ClusterTests.environment, large.key, patch)
                    )
                }
                Issue.record("node 1 reported no full disk: \(cluster.logTails())")
            }
        }
    }
}
