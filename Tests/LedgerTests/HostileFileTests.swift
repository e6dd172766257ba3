import Checksum
import FlagStore
import Flags
import FoundationEssentials
import Ledger
import Testing

/// Files that another node sent, with the right checksum and the wrong contents.
@Suite struct HostileFileTests {
    @Test func anyMutationOfAFileIsRefusedOrLoads() throws {
        let stations = try Stations(changes: 60)
        var chance = Mutation(seed: 11)
        var refused = 0
        for _ in 0..<150 {
            let bytes = chance.mutate(stations.bytes)
            if try !self.isTaken(bytes, stations) { refused += 1 }
        }
        // Both ends are reached: the header is refused, and a change within a text is not noticed.
        #expect(refused > 40 && refused < 150, "seed 11: \(refused) of 150 refused")
    }

    @Test func bytesThatAreNoDatabaseAreRefused() throws {
        let stations = try Stations()
        var chance = Mutation(seed: 12)
        for count in [1, 99, 100, 4_096, 50_000] {
            var bytes = (0..<count).map { _ in UInt8(chance.pick(256)) }
            #expect(try !self.isTaken(bytes, stations), "seed 12, \(count) bytes")
            for index in 0..<min(100, count) { bytes[index] = stations.bytes[index] }
            #expect(try !self.isTaken(bytes, stations), "seed 12, \(count) bytes with a header")
        }
    }

    @Test(
        arguments: [
            "CREATE TRIGGER t AFTER UPDATE ON ledger_state BEGIN DELETE FROM feature_flags; END",
            "CREATE VIEW v AS SELECT * FROM ledger_state",
            "CREATE TABLE more (a)", "CREATE INDEX i ON feature_flags (name)",
            "DROP TABLE client_sessions",
            "ALTER TABLE plans ADD COLUMN extra TEXT",
            "UPDATE ledger_state SET schema_version = 3",
            "UPDATE ledger_state SET schema_version = 1",
            "UPDATE ledger_state SET schema_version = -1",
            "UPDATE ledger_state SET cluster = 'other'",
            "UPDATE ledger_state SET applied_index = applied_index + 1",
            "DELETE FROM ledger_state",
            "UPDATE feature_flags SET status = 'sideways'",
            "UPDATE feature_flags SET rollout_percentage = 9e999",
            "UPDATE feature_flags SET target_plans = '[1'",
            "UPDATE feature_flags SET variations = replace(hex(zeroblob(100000)), '00', '[')",
            "UPDATE feature_flags SET description = hex(zeroblob(5000000))",
            "UPDATE feature_flags SET environment = 'nowhere'",
            "UPDATE feature_flags SET revision = 1000000",
            "UPDATE client_sessions SET last_used = -1",
            "UPDATE client_sessions SET refusal_code = 'no', outcome_revision = NULL",
            "DELETE FROM organizations",
            "UPDATE organizations SET document = '{}'",
            "UPDATE plans SET document = '[' WHERE id = 'BASIC'",
            "UPDATE companies SET region = 'elsewhere'",
            "UPDATE members SET document = replace(document, 'developer', 'viewer')",
            "UPDATE tokens SET organization = 'nobody'",
            "UPDATE segments SET key = 'x'",
            "UPDATE releases SET state = 'paused'",
            "UPDATE alerts SET id = id + 1",
            "UPDATE usage_totals SET document = replace(document, 'rich', 'poor')",
            "UPDATE write_windows SET count = -1",
            "UPDATE write_windows SET organization = 'nobody'",
            "UPDATE feature_flags SET targeting = '{\"rules\":7}'",
            "UPDATE feature_flags SET tags = '{}'",
            "UPDATE feature_flags SET release = 1000000",
            "UPDATE history_heads SET hash = 'x'",
            "UPDATE history_heads SET last_id = last_id - 1",
            "DELETE FROM history_heads",
            "INSERT INTO history_heads SELECT 'nobody', 1, 8, hash FROM history_heads LIMIT 1",
        ]
    )
    func aFileWithOtherTablesOrRowsIsRefused(change: String) throws {
        let stations = try Stations()
        let folder = try TemporaryFolder()
        try Data(stations.bytes).write(to: URL(filePath: folder.file))
        try folder.edit(change)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.file)))
        #expect(try !self.isTaken(bytes, stations))
    }

    @Test func aLedgerWithATriggerIsNotOpened() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        try folder.edit(
            "CREATE TRIGGER t AFTER UPDATE ON ledger_state BEGIN DELETE FROM feature_flags; END"
        )
        let error = #expect(throws: LedgerError.self) { _ = try folder.open() }
        #expect(error?.code == .foreign)
    }

    /// Receives the bytes as a node does, and if they are taken, uses everything in them.
    private func isTaken(_ bytes: [UInt8], _ stations: Stations) throws -> Bool {
        let folder = try TemporaryFolder()
        let files = stations.files(folder)
        let label = SnapshotLabel(
            index: stations.label.index,
            term: Stations.term,
            checksum: XXH64.hash(bytes.span),
            bytes: UInt64(bytes.count)
        )
        let incoming = try files.begin(label, context: [])
        while incoming.verifiedBytes < label.bytes {
            let start = Int(incoming.verifiedBytes)
            let end = min(bytes.count, start + 1_000_000)
            try incoming.append(bytes.span.extracting(start..<end), at: UInt64(start))
        }
        do {
            try files.finish(incoming)
        } catch let error {
            #expect(error.code == .badCopy, "\(error)")
            #expect(folder.names.isEmpty, "\(error)")
            return false
        }
        #expect(try files.recover(markerIndex: label.index, markerTerm: label.term))
        let ledger = try files.open()
        var store = FlagStore(restoring: try ledger.load())
        #expect(store.applied == label.index)
        _ = store.stateHash()
        for environment in store.environments() {
            for stored in store.flags(in: environment.id, includeArchived: true) ?? [] {
                _ = try? ledger.history(environment.id, stored.flag.key, limit: 1_000)
            }
        }
        _ = try? ledger.digest()
        for organization in store.environments().map(\.id.organization) + [""] {
            _ = try? ledger.verifyHistory(organization)
            _ = try? ledger.audit(AuditSelection(organization: organization))
        }
        for environment in store.environments().map(\.id) {
            _ = try? ledger.contents(of: environment, asOf: Revision(9))
            for resolution in UsageResolution.allCases {
                _ = try? ledger.usage(
                    UsageSelection(
                        environment: environment,
                        from: Timestamp(milliseconds: .min),
                        to: Timestamp(milliseconds: .max),
                        resolution: resolution,
                        dimension: .company
                    )
                )
            }
        }
        // And the state machine goes on from it.
        let stamp = CommandStamp(
            revision: Revision(store.applied.rawValue + 1),
            time: store.time,
            actor: "ana"
        )
        var patch = FlagPatch()
        patch.name = "later"
        let command = Command.updateFlag(RecordedLog.production, FlagKey("rich"), patch)
        let record = LedgerRecord(store.apply(command, stamp: stamp))
        try? ledger.record([record], applied: store.applied)
        return true
    }
}

/// Changes to bytes, from a seed.
struct Mutation {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func pick(_ count: Int) -> Int {
        self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((self.state >> 33) % UInt64(count))
    }

    mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        let page = 4_096
        switch self.pick(6) {
        case 0:
            for _ in 0...self.pick(20) { bytes[self.pick(bytes.count)] = UInt8(self.pick(256)) }
        case 1:
            bytes[self.pick(bytes.count)] ^= 1 << UInt8(self.pick(8))
        case 2:
            // The head of a page: what kind of tree it is, and where its cells are.
            let start = self.pick(bytes.count / page) * page
            bytes[start + self.pick(64)] = UInt8(self.pick(256))
        case 3:
            let (from, to) = (self.pick(bytes.count / page), self.pick(bytes.count / page))
            for index in 0..<page { bytes.swapAt(from * page + index, to * page + index) }
        case 4:
            let start = self.pick(bytes.count - 1)
            for index in start..<min(bytes.count, start + self.pick(200)) { bytes[index] = 0 }
        default:
            bytes.removeLast(self.pick(bytes.count - 1) / 2 + 1)
        }
        return bytes
    }
}
