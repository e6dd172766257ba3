import BanderaClient
import ClientProtocol
import Flags
import FoundationEssentials
import LocalCluster
import Testing

extension ClusterTests {
    /// The program as a person uses it: arguments in, JSON and an exit code out.
    @Suite
    struct CommandLineTests {
        private struct FlagAnswer: Decodable {
            var key: String
            var enabled: Bool
        }

        private struct ListAnswer: Decodable {
            var flags: [FlagAnswer]
        }

        private struct HistoryAnswer: Decodable {
            struct Row: Decodable {
                var action: String
                var actor: String
            }

            var history: [Row]
        }

        private struct StatusAnswer: Decodable {
            struct Node: Decodable {
                var id: UInt64
                var region: String
                var role: String
                var term: UInt64
                var commit: UInt64
                var applied: UInt64
                var health: String
            }

            var nodes: [Node]
        }

        @Test func aFlagLivesFromItsCreationToItsEnd() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                let program = try Program(cluster)
                try await program.succeed("flag", "create", "crm", "--rollout", "10")
                let created = try await program.answer(FlagAnswer.self, "flag", "get", "crm")
                #expect(created.key == "crm")
                #expect(!created.enabled)
                for change in [
                    ["enable", "crm", "--reason", "launch"], ["rollout", "crm", "25"],
                    ["update", "crm", "--status", "active", "--target-plans", "PREMIUM"],
                    ["disable", "crm"],
                ] {
                    try await program.succeed(["flag"] + change)
                }
                let list = try await program.answer(ListAnswer.self, "flag", "list")
                #expect(list.flags.map(\.key) == ["crm"])
                try await program.succeed("flag", "archive", "crm")
                let rows = try await program.answer(
                    HistoryAnswer.self,
                    "flag",
                    "history",
                    "crm"
                ).history
                let actions = Set(rows.map(\.action))
                #expect(rows.count == 6)
                #expect(actions.isSuperset(of: ["create", "enable", "disable", "archive"]))
                #expect(rows.allSatisfy { $0.actor == "operator/operator" })
            }
        }

        @Test func anEvaluationSaysValueReasonNodeRegionAndRevision() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let revision = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("greeting"))
                )
                let program = try Program(cluster)
                let output = try await program.succeed(
                    "evaluate",
                    "greeting",
                    "--user",
                    "u-1",
                    "--served-by",
                    "CO",
                    "--at-least",
                    "\(revision)"
                )
                for words in ["\"on\"", "STATIC", "\"CO\"", "\"node\"", "\"revision\""] {
                    #expect(output.contains(words), "\(words) is not in \(output)")
                }
            }
        }

        @Test func theStatusOfTheClusterNamesEveryNode() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                // The nodes tell each other how they are from time to time, not at once.
                try await Patience.wait(.seconds(10), for: "node 1 to know that all are well") {
                    let nodes = await cluster.status(from: 1)?.nodes ?? []
                    let isTold =
                        nodes.allSatisfy { $0.health == .healthy }
                        && nodes.contains { $0.role == .leader }
                    return isTold ? () : nil
                }
                let program = try Program(cluster)
                let nodes = try await program.answer(StatusAnswer.self, "cluster", "status").nodes
                #expect(nodes.map(\.id) == [1, 2, 3])
                #expect(nodes.map(\.region) == ["MX", "CO", "AR"])
                #expect(nodes.count { $0.role == "leader" } == 1)
                #expect(nodes.allSatisfy { $0.health == "healthy" && $0.term > 0 })
            }
        }

        @Test func aWatchPrintsEachChange() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let revision = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("first"))
                )
                _ = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("second"))
                )
                _ = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("third"))
                )
                let output = try await Program(cluster).succeed(
                    "flag",
                    "watch",
                    "--from",
                    "\(revision)",
                    "--count",
                    "2",
                    "--timeout",
                    "20s"
                )
                let lines = output.split(separator: "\n")
                #expect(lines.count == 2)
                #expect(lines.first?.contains("second") == true)
                #expect(lines.last?.contains("third") == true)
            }
        }

        @Test func theExitCodeSaysWhatKindOfFailureItWas() async throws {
            try await ClusterTests.withCluster { cluster, _ in
                var program = try Program(cluster)
                try await program.expect(1, "flag", "get", "no-such-flag")
                try await program.expect(2, "flag", "get")
                try await program.expect(2, "flag", "rollout", "crm", "101")
                try await program.expect(2, "no-such-command")

                let own = try #require(cluster.certificates)
                program.variables["BANDERA_CERTIFICATE"] = own.certificatePath("sdk")
                program.variables["BANDERA_KEY"] = own.keyPath("sdk")
                try await program.expect(4, "flag", "archive", "crm")

                program = try Program(cluster)
                program.variables["BANDERA_ENDPOINTS"] = "127.0.0.1:\(try LoopbackPorts.one())"
                program.variables["BANDERA_TIMEOUT"] = "1s"
                try await program.expect(5, "cluster", "status")
            }
        }
    }
}

/// The `bandera` program with an operator's settings for a cluster.
struct Program {
    /// Its environment variables.
    var variables: [String: String]
    private let executable: String

    init(_ cluster: LocalCluster) throws {
        let certificates = try #require(cluster.certificates)
        self.executable = try BanderaExecutable.locate()
        self.variables = [
            "HOME": certificates.folder,
            "BANDERA_ENDPOINTS": cluster.nodes.map(\.client.address).joined(separator: ","),
            "BANDERA_CA": certificates.authorityPath,
            "BANDERA_CERTIFICATE": certificates.certificatePath("operator"),
            "BANDERA_KEY": certificates.keyPath("operator"),
            "BANDERA_CLUSTER": cluster.access.cluster,
            "BANDERA_ENVIRONMENT": ClusterTests.environment.description,
        ]
    }

    /// Runs it; expects that it succeeds and gives what it printed.
    @discardableResult
    func succeed(_ arguments: String...) async throws -> String {
        try await self.succeed(arguments)
    }

    /// Runs it; expects that it succeeds and gives what it printed.
    @discardableResult
    func succeed(_ arguments: [String]) async throws -> String {
        let outcome = try await self.outcome(arguments)
        #expect(outcome.code == 0, "bandera \(arguments) failed: \(outcome.error)")
        return outcome.output
    }

    /// Runs it and reads the JSON that it printed.
    func answer<Answer: Decodable>(_: Answer.Type, _ arguments: String...) async throws -> Answer {
        let output = try await self.succeed(arguments)
        return try JSONDecoder().decode(Answer.self, from: Data(output.utf8))
    }

    /// Runs it; expects an exit code, and a message exactly when it is not zero.
    func expect(_ code: Int32, _ arguments: String...) async throws {
        let outcome = try await self.outcome(arguments)
        #expect(
            outcome.code == code,
            "bandera \(arguments): \(outcome.exit), \(outcome.output) \(outcome.error)"
        )
        #expect(outcome.error.isEmpty == (code == 0), "bandera \(arguments) must say why")
    }

    /// Runs it to its end.
    func outcome(_ arguments: [String]) async throws -> CommandOutcome {
        try await CommandOutcome.run(
            self.executable,
            arguments: arguments,
            environment: self.variables.map { "\($0.key)=\($0.value)" }
        )
    }
}
