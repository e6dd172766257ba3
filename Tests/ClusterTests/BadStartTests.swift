import BanderaClient
import Flags
import LocalCluster
import Testing

extension ClusterTests {
    /// A node that cannot start says why and ends with an exit code other than zero.
    @Suite
    struct BadStartTests {
        @Test func aConfigurationWithAnUnknownKeyIsRefusedByItsName() async throws {
            try await Self.expect("clutser") { $0.replacing("\"cluster\"", with: "\"clutser\"") }
        }

        @Test func aConfigurationThatIsNotJSONIsRefused() async throws {
            try await Self.expect("JSON") { String($0.dropLast(20)) }
        }

        @Test func aMissingCertificateIsNamed() async throws {
            try await Self.expect("no-such.crt") {
                $0.replacing("node-1.crt", with: "no-such.crt")
            }
        }

        @Test func aCertificateOfAnotherNodeIsRefused() async throws {
            try await Self.expect("node/2") {
                $0.replacing("node-1.crt", with: "node-2.crt")
                    .replacing("node-1.key", with: "node-2.key")
            }
        }

        @Test func twoMembersWithOneIdAreRefused() async throws {
            try await Self.expect("twice") { $0.replacing("\"id\" : 3", with: "\"id\" : 2") }
        }

        @Test func aBusyPortIsNamed() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                // The port of a program that is no member: members must not share addresses.
                let stranger = try await BusyPort.open()
                defer { stranger.close() }
                let port = try cluster.node(1).client.port
                try await cluster.kill(1)
                let outcome = try await Self.start(cluster) {
                    $0.replacing(":\(port)\"", with: ":\(stranger.port)\"")
                }
                Self.expectFailure(outcome, naming: "\(stranger.port)")
            }
        }

        @Test func theDataFolderOfAnotherNodeIsRefused() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                for node in cluster.nodes { try await cluster.kill(node.id) }
                let other = try cluster.node(2).dataFolder
                let own = try cluster.node(1).dataFolder
                let outcome = try await Self.start(cluster) {
                    $0.replacing("\"\(own)\"", with: "\"\(other)\"")
                }
                Self.expectFailure(outcome, naming: "node 2")
            }
        }

        @Test func aSecondProcessOnTheSameDataFolderIsRefusedAndTheFirstGoesOn() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let node = try cluster.node(1)
                let ports = [try LoopbackPorts.one(), try LoopbackPorts.one()]
                let outcome = try await Self.start(cluster) {
                    $0.replacing(":\(node.client.port)\"", with: ":\(ports[0])\"")
                        .replacing(":\(node.peer.port)\"", with: ":\(ports[1])\"")
                }
                Self.expectFailure(outcome, naming: node.dataFolder)
                #expect(cluster.isRunning(1))
                _ = try await client.write(.openSession)
            }
        }

        /// Starts node 1 with a changed configuration while its own process is down.
        private static func expect(
            _ words: String,
            _ change: (String) -> String
        ) async throws {
            let configuration = LocalClusterConfiguration(cluster: "tests")
            let folder = try ClusterFolder(configuration)
            defer { folder.remove() }
            let node = try folder.layOut()[0]
            let outcome = try await Self.start(node, change)
            Self.expectFailure(outcome, naming: words)
        }

        private static func start(
            _ cluster: LocalCluster,
            _ change: (String) -> String
        ) async throws -> CommandOutcome {
            try await Self.start(try cluster.node(1), change)
        }

        private static func start(
            _ node: LocalNode,
            _ change: (String) -> String
        ) async throws -> CommandOutcome {
            let path = "\(node.folder)/changed.json"
            try TextFile.write(change(try TextFile.read(node.configurationPath)), to: path)
            return try await CommandOutcome.run(
                try BanderaExecutable.locate(),
                arguments: ["node", "--config", path]
            )
        }

        private static func expectFailure(_ outcome: CommandOutcome, naming words: String) {
            let code = outcome.code ?? 0
            #expect(code != 0, "it ended with \(outcome.exit)")
            let isNamed = outcome.error.contains(words)
            #expect(isNamed, "the message names no \(words): \(outcome.error)")
        }
    }
}
