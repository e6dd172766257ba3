import BanderaClient
import ClientProtocol
import Flags
import FoundationEssentials
import GRDB
import LocalCluster
import Testing

extension ClusterTests {
    /// Changes that are tried, refused, applied from files, undone, looked back on and proven, by the
    /// program as people use it.
    @Suite
    struct ChangeTests {
        private struct Evaluated: Decodable {
            var variant: String?
            var reason: String
        }

        @Test func changesAreTriedRefusedAppliedAndProven() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let program = try Program(cluster)
                let folder = try ScratchFolder(under: "/tmp")
                defer { folder.remove() }
                try await Self.tryAndRefuse(program, client)
                try await Self.applyTwice(program, client, in: folder.path)
                try await Self.lookBack(program, client)
                try await Self.prove(program, cluster, in: folder.path)
            }
        }

        @Test("Lists that are longer than an answer come whole")
        func listsInPages() async throws {
            try await ClusterTests.withCluster { _, client in
                let place = ClusterTests.environment
                for number in 10..<40 {
                    let ids = (0..<10_000).map { "user-of-\(number)-\($0)" }
                    let definition = SegmentDefinition(key: "large-\(number)", included: ids)
                    _ = try await client.write(.putSegment(place, definition))
                }
                let segments = try await client.segments(in: place)
                #expect(segments.segments.map(\.key) == (10..<40).map { "large-\($0)" })
                #expect(segments.segments.allSatisfy { $0.definition.included.count == 10_000 })

                let key = FlagKey("rewritten")
                _ = try await client.write(.createFlag(place, ClusterTests.definition("rewritten")))
                for number in 10..<50 {
                    var patch = FlagPatch()
                    let text = String(repeating: "\(number)", count: 30_000)
                    patch.variations = ClusterTests.definition("rewritten", value: text).variations
                    _ = try await client.write(.updateFlag(place, key, patch))
                }
                let rows = try await client.history(of: key, in: place).rows
                #expect(rows.count == 41)
                #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.before == $1.after })
                let some = try await client.history(of: key, in: place, limit: 7)
                #expect(some.rows == Array(rows.prefix(7)) && some.hasMore)
            }
        }

        /// A dry run changes nothing; a stale change is refused and shown what came between.
        private static func tryAndRefuse(
            _ program: Program,
            _ client: AdministrationClient
        ) async throws {
            let (place, key) = (ClusterTests.environment, FlagKey("search"))
            try await program.succeed(["flag", "create", "search", "--rollout", "5", "--enabled"])
            let before = try await client.getFlag(key, in: place)
            let trial = try await program.succeed(
                ["flag", "rollout", "search", "50", "--dry-run", "-o", "table"]
            )
            #expect(trial.contains("rollout_percentage: 5 -> 50"))
            let after = try await client.getFlag(key, in: place, isLinearizable: true)
            #expect(after.flag == before.flag)
            #expect(try await client.history(of: key, in: place).rows.count == 1)

            let basis = "\(before.flag.revision)"
            try await program.succeed(
                ["flag", "rollout", "search", "7", "--if-revision", basis, "--reason", "first"]
            )
            let refused = try await program.outcome(
                ["flag", "rollout", "search", "9", "--if-revision", basis]
            )
            #expect(refused.code == 1)
            for words in ["rollout_update", "operator/operator", "(first)", "5 -> 7"] {
                #expect(refused.error.contains(words), "\(words) is not in \(refused.error)")
            }
            #expect(try await client.getFlag(key, in: place).flag.rollout.thousandths == 7_000)

            // What the history calls otherwise than people do is found all the same.
            try await program.succeed(["environment", "put", "acme/production", "--name", "Live"])
            let late = try await program.outcome(
                ["environment", "put", "acme/production", "--name", "Prod", "--if-revision", "1"]
            )
            #expect(late.code == 1 && late.error.contains("-> \"Live\""), "\(late.error)")
        }

        /// A file makes the cluster what it says, once; what is exported says the same.
        private static func applyTwice(
            _ program: Program,
            _ client: AdministrationClient,
            in folder: String
        ) async throws {
            let file = "\(folder)/flags.yaml"
            try TextFile.write(Self.file, to: file)
            let differs = try await program.outcome(["diff", "-f", file])
            #expect(differs.code == 1 && differs.error.isEmpty)
            let trial = try await program.succeed(["apply", "-f", file, "--dry-run"])
            #expect(trial.contains("\"mail\""))
            #expect(try await client.segments(in: ClusterTests.environment).segments.isEmpty)
            try await program.succeed(["apply", "-f", file, "--reason", "from a file"])
            let revision = try await client.listFlags(in: ClusterTests.environment).revision
            let again = try await program.succeed(["apply", "-f", file, "-o", "table"])
            #expect(again.contains("nothing to change"))
            let exported = "\(folder)/exported.yaml"
            try TextFile.write(try await program.succeed(["export", "--all"]), to: exported)
            for path in [file, exported] {
                let same = try await program.outcome(["diff", "-f", path, "-o", "table"])
                #expect(same.code == 0, "\(path): \(same.output) \(same.error)")
            }
            let last = try await client.listFlags(in: ClusterTests.environment).revision
            let rows = try await client.audit(
                AuditRequest(organization: "acme", after: revision.rawValue << 3 | 7)
            ).rows
            #expect(rows.isEmpty, "\(rows.map(\.action)) between \(revision) and \(last)")

            let illegal = "  - {key: base, enabled: true, status: draft, rollout_percentage: 100}"
            let legal = "  - {key: base, enabled: true, status: active, rollout_percentage: 100}"
            try TextFile.write(Self.file.replacing(legal, with: illegal), to: file)
            let judged = try await program.outcome([
                "apply", "-f", file, "--dry-run", "-o", "table",
            ])
            #expect(judged.code == 1 && judged.output.contains("status: \"active\" -> \"draft\""))
            #expect(judged.error.contains("cannot update flag base"), "\(judged.error)")

            try TextFile.write(Self.file + "    colour: red\n", to: file)
            let unknown = try await program.outcome(["apply", "-f", file])
            let line = Self.file.split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(unknown.code == 2)
            #expect(unknown.error.contains("flags.yaml:\(line):"), "\(unknown.error)")
            let failed = try await program.outcome(["diff", "-f", "\(folder)/none.yaml"])
            #expect(failed.code == 2)
        }

        private static let file = """
            environment: acme/production
            plans:
              - {id: PRO, name: Pro}
            flags:
              - key: mail
                enabled: true
                status: active
                rollout_percentage: 100
                prerequisites: [{flag: base, variations: [on]}]
                overrides: [{level: company, subject: globex, variation: off, locked: true}]
                rules:
                  - id: pilots
                    clauses: [{operator: segment, values: [beta]}]
                    serve: {variation: on}
              - {key: base, enabled: true, status: active, rollout_percentage: 100}
            segments:
              - {key: beta, included: [ana], rules: [{clauses: [{operator: segment, values: [core]}]}]}
              - key: core

            """

        /// The past is evaluated as it was, explained, compared, and brought back.
        private static func lookBack(
            _ program: Program,
            _ client: AdministrationClient
        ) async throws {
            let (place, key) = (ClusterTests.environment, FlagKey("mail"))
            let then = try await client.getFlag(key, in: place).flag.revision
            try await program.succeed(["flag", "disable", "mail"])
            let ana = ["--user", "ana"]
            let now = try await program.succeed(["evaluate", "mail"] + ana)
            #expect(try Self.decode(now).reason == "DISABLED")
            let past = try await program.succeed(["evaluate", "mail", "--as-of", "\(then)"] + ana)
            #expect(try Self.decode(past).reason == "TARGETING_MATCH")
            #expect(try Self.decode(past).variant == "on")
            let steps = try await program.succeed(
                ["evaluate", "mail", "--as-of", "\(then)", "--explain", "-o", "table"] + ana
            )
            for words in ["prerequisite", "override", "pilots"] {
                #expect(steps.contains(words), "\(words) is not in \(steps)")
            }
            let difference = try await program.outcome(
                ["flag", "diff", "mail", "\(then)", "-o", "table"]
            )
            #expect(difference.code == 1 && difference.output.contains("enabled: true -> false"))
            try await program.succeed(["flag", "rollback", "mail", "--to", "\(then)"])
            let restored = try await client.getFlag(key, in: place, isLinearizable: true).flag
            #expect(restored.enabled)
            // Nobody is believed who says what it was, or that it was something at a time to come.
            var lie = FlagDefinition(restored)
            lie.name = "never"
            let lied = try await client.write(.restoreFlag(place, key, lie, from: then))
            let same = try await client.getFlag(key, in: place, atLeast: lied).flag
            #expect(same.name == restored.name)
            await #expect(throws: BanderaError.self) {
                try await client.write(
                    .restoreFlag(place, key, lie, from: Revision(lied.rawValue + 1_000))
                )
            }
            let levels = try await program.succeed(
                ["flag", "explain", "mail", "--company", "globex", "-o", "table"] + ana
            )
            let decider = levels.split(separator: "\n").first { $0.hasPrefix("company") }
            #expect(decider?.hasSuffix("yes") == true, "\(levels)")
        }

        private static func decode(_ output: String) throws -> Evaluated {
            try JSONDecoder().decode(Evaluated.self, from: Data(output.utf8))
        }

        /// The history fits on every node and in an export; one altered byte on one node is found.
        private static func prove(
            _ program: Program,
            _ cluster: LocalCluster,
            in folder: String
        ) async throws {
            try await program.succeed(["history", "verify"])
            let path = "\(folder)/history.jsonl"
            let lines = try await program.succeed(["history", "export"])
            try TextFile.write(lines, to: path)
            try await program.succeed(["history", "verify", "--file", path])
            let forged = lines.replacing("(first)", with: "").replacing(
                "\"first\"",
                with: "\"last\""
            )
            #expect(forged != lines)
            try TextFile.write(forged, to: path)
            let outcome = try await program.outcome(["history", "verify", "--file", path])
            #expect(outcome.code == 1 && outcome.error.contains("altered"))

            _ = try await cluster.terminate(3)
            let ledger = try DatabaseQueue(path: "\(cluster.node(3).dataFolder)/ledger.sqlite")
            try await ledger.write { database in
                try database.execute(
                    sql: "UPDATE release_history SET reason = 'forst' WHERE reason = 'first'"
                )
                #expect(database.changesCount == 1)
            }
            try ledger.close()
            try cluster.start(3)
            try await cluster.caughtUp(3, to: Revision(1))
            let altered = try await program.outcome(["history", "verify"])
            #expect(altered.code == 1)
            #expect(altered.error.contains("on node 3"), "\(altered.error)")
        }
    }
}
