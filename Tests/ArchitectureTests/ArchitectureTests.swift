import Testing

@Suite("The house of design.md, section 3")
struct ArchitectureTests {
    @Test("Every file imports only what its target's row lists, and keeps the rules")
    func filesKeepTheRules() throws {
        var seen = 0
        for row in TargetTable.rows {
            for file in try Repository.sources(of: row.name) {
                seen += 1
                for violation in file.violations(in: row) { Issue.record("\(violation)") }
            }
        }
        #expect(seen > 100, "the sources were not found")
    }

    @Test("Every target has a folder, and every folder a row")
    func foldersAreTheTable() throws {
        #expect(try Repository.entries("Sources") == TargetTable.rows.map(\.name).sorted())
    }

    @Test("The table never points upward")
    func tablePointsDownward() {
        for row in TargetTable.rows {
            for module in row.imports {
                guard let imported = TargetTable.row(module) else { continue }
                #expect(imported.band <= row.band, "\(row.name) imports \(module)")
                #expect(!TargetTable.reach(of: module).contains(row.name), "\(row.name) is a cycle")
            }
        }
    }

    @Test("Values, bytes and the replica know no clock, no socket and no file")
    func lowerBandsAreDeterministic() {
        let effects: Set<String> = [
            "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Logging", "Metrics",
            "NIOCore", "NIOPosix", "Synchronization",
        ]
        for row in TargetTable.rows where row.band <= 3 {
            let allowed: Set<String> = row.name == "RaftStorage" ? ["Glibc"] : []
            #expect(row.imports.intersection(effects) == allowed, "\(row.name)")
        }
    }

    @Test("Nobody imports all of Foundation")
    func noFoundation() {
        #expect(TargetTable.rows.allSatisfy { !$0.imports.contains("Foundation") })
    }

    @Test("C stays behind its walls")
    func onlyTheWrappersSeeC() {
        func importers(_ module: String) -> [String] {
            TargetTable.rows.filter { $0.imports.contains(module) }.map(\.name)
        }
        #expect(importers("COpenSSL") == ["TLS"])
        #expect(importers("CMessages") == ["Wire", "PeerProtocol", "ClientProtocol"])
        #expect(importers("CProtobufC") == ["Wire", "PeerProtocol", "ClientProtocol"])
        #expect(importers("CMallocCount") == ["bandera-bench"])
    }

    @Test("The SDK never links consensus or storage")
    func clientIsThin() {
        let reach = TargetTable.reach(of: "BanderaClient")
        let server: Set<String> = ["Raft", "Replica", "RaftStorage", "FlagStore", "Ledger", "Node"]
        #expect(reach.isDisjoint(with: server))
    }

    @Test("The top level holds nothing else")
    func topLevelIsShort() throws {
        // Package.resolved is written by the build and ignored by git.
        let allowed: Set<String> = [
            "LICENSE", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests",
            "cluster", "proto",
        ]
        #expect(Set(try Repository.entries(".")).subtracting(allowed) == [])
    }
}
