import Checksum
import FlagStore
import Flags
import FoundationEssentials
import GRDB
import Ledger
import Testing

/// Rows of history that were changed behind the ledger's back.
@Suite struct HistoryChainTests {
    @Test func theChainsHoldAndEndWhereTheExportDoes() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var wanderer = Wanderer(seed: 41)
        for _ in 0..<300 { wanderer.step() }
        try wanderer.log.record(in: ledger)
        for organization in ["", "acme", "other", "nobody"] {
            let check = try ledger.verifyHistory(organization)
            #expect(check.firstBad == nil && check.revision == wanderer.log.store.applied)
            var chain = HistoryChain()
            var page = try ledger.audit(AuditSelection(organization: organization, limit: 7))
            while true {
                for row in page.rows { chain.check(row) }
                guard page.hasMore, let last = page.rows.last else { break }
                page = try ledger.audit(
                    AuditSelection(organization: organization, after: last.link.id, limit: 7)
                )
            }
            #expect(chain.firstBad == nil && chain.rows == check.rows)
            #expect(chain.head == check.head)
        }
        #expect(try ledger.verifyHistory("nobody").rows == 0)
        #expect(try ledger.verifyHistory("nobody").head == .zero)
    }

    @Test("as of a revision a chain has the rows and the head that it had then")
    func aChainIsComparedAsOfARevision() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var wanderer = Wanderer(seed: 43)
        for _ in 0..<100 { wanderer.step() }
        try wanderer.log.record(in: ledger)
        let then = try ledger.verifyHistory("acme")
        for _ in 0..<200 { wanderer.step() }
        try wanderer.log.record(in: ledger)
        let now = try ledger.verifyHistory("acme")
        let again = try ledger.verifyHistory("acme", through: then.revision)
        #expect(again == then)
        #expect(now.rows > then.rows && now.head != then.head)
        #expect(try ledger.verifyHistory("acme", through: Revision(.max)) == now)
        let before = try ledger.verifyHistory("acme", through: Revision(0))
        #expect(before.rows == 0 && before.head == .zero)
    }

    @Test func everyByteOfEveryColumnIsWatched() throws {
        let station = try Tampering()
        // A change of a flag, all of whose columns say something.
        let victim = station.rows[station.rows.count - 5]
        for column in Tampering.texts {
            let text = try station.text(column, of: victim)
            // An empty text has nothing to change; something is put into it.
            let bytes = Array((text.isEmpty ? "x" : text).utf8)
            for index in bytes.indices {
                var changed = bytes
                if !text.isEmpty { changed[index] ^= 1 }
                guard let other = String(validating: changed, as: UTF8.self) else { continue }
                try station.expectBad(
                    "UPDATE release_history SET \(column) = ? WHERE id = \(victim)",
                    [other],
                    "\(column), byte \(index)"
                )
            }
        }
        for (column, values) in [
            ("time_ms", (0..<63).map { "time_ms + (1 << \($0))" }),
            ("previous_revision", ["NULL", "0", "previous_revision - 1", "previous_revision + 1"]),
        ] {
            for value in values {
                try station.expectBad(
                    "UPDATE release_history SET \(column) = \(value) WHERE id = \(victim)",
                    [],
                    "\(column) = \(value)"
                )
            }
        }
    }

    @Test func aRowThatIsRemovedAddedOrMovedIsFound() throws {
        let station = try Tampering()
        let rows = station.rows
        for victim in rows {
            try station.expectBad("DELETE FROM release_history WHERE id = \(victim)", [], "gone")
        }
        let (one, two) = (rows[3], rows[4])
        try station.expectBad(
            """
            UPDATE release_history SET id = -1 WHERE id = \(one);
            UPDATE release_history SET id = \(one) WHERE id = \(two);
            UPDATE release_history SET id = \(two) WHERE id = -1;
            """,
            [],
            "swapped"
        )
        try station.expectBad(
            "DELETE FROM release_history WHERE id >= \(rows[rows.count - 3])",
            [],
            "the end is gone"
        )
        try station.expectBad("DELETE FROM release_history WHERE organization = 'acme'", [], "all")
        try station.expectBad("UPDATE release_history SET id = id + 1024", [], "other ids")
        try station.expectBad(
            """
            INSERT INTO release_history SELECT id + 1, organization, environment, kind, subject,
                time_ms, actor, action, reason, NULL, old_value, new_value, hash, hash
            FROM release_history WHERE id = \(rows.last ?? 0)
            """,
            [],
            "one more"
        )
        for change in ["hash = 'x'", "last_id = last_id - 8", "rows = rows + 1"] {
            try station.expectBad("UPDATE history_heads SET \(change)", [], "\(change)")
        }
        try station.expectBad("DELETE FROM history_heads", [], "no heads")
    }

    @Test func aChangedRowIsNamed() throws {
        let station = try Tampering()
        let victim = station.rows[5]
        try station.edit("UPDATE release_history SET actor = 'eve' WHERE id = \(victim)", [])
        let check = try station.open().verifyHistory("acme")
        #expect(check.firstBad == UInt64(victim))
        #expect(check.rows == UInt64(station.rows.count))
    }

    @Test func rowsAreSelectedByWhatTheyAreAbout() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.complete()
        try log.record(in: ledger)
        func subjects(_ change: (inout AuditSelection) -> Void) throws -> [String] {
            var selection = AuditSelection(organization: "acme")
            change(&selection)
            let rows = try ledger.audit(selection).rows
            #expect(rows.map(\.link.id) == rows.map(\.link.id).sorted())
            return rows.map { "\($0.link.kind) \($0.link.subject) \($0.link.action)" }
        }
        #expect(try subjects { $0.kind = "segment" }.count == 3)
        #expect(
            try subjects { ($0.kind, $0.subject) = ("segment", "old") }
                == ["segment old create", "segment old remove"]
        )
        #expect(
            try subjects { ($0.environment, $0.kind, $0.subject) = ("production", "flag", "gone") }
                == ["flag gone create", "flag gone archive"]
        )
        #expect(try subjects { ($0.environment, $0.kind) = ("staging", "flag") }.isEmpty)
        #expect(try subjects { $0.limit = 2 }.count == 2)
        #expect(try subjects { $0.after = .max }.isEmpty)
        #expect(try ledger.audit(AuditSelection(organization: "")).rows.isEmpty)
        let token = try ledger.audit(AuditSelection(organization: "acme", kind: "token")).rows
        #expect(token.count == 1 && token.allSatisfy { !$0.link.after.contains("sha256") })
    }

    @Test func longRowsAreGivenAFewAtATime() throws {
        let folder = try TemporaryFolder()
        var limits = LedgerLimits()
        limits.auditBytesMax = 5_000
        let ledger = try folder.open(limits: limits)
        var log = RecordedLog.furnished()
        for step in 0..<20 {
            log.update("plain") { $0.description = String(repeating: "\(step % 10)", count: 2_000) }
        }
        try log.record(in: ledger)
        let page = try ledger.audit(AuditSelection(organization: "acme"))
        #expect(page.hasMore && page.rows.count < 15)
    }
}

/// A ledger with history, and copies of it that are changed.
private struct Tampering {
    static let texts = [
        "organization", "environment", "kind", "subject", "actor", "action", "reason", "old_value",
        "new_value", "previous_hash", "hash",
    ]

    /// The ids of the organization's rows.
    let rows: [Int64]
    private let folder: TemporaryFolder
    private let original: Data

    init() throws {
        self.folder = try TemporaryFolder()
        let ledger = try self.folder.open()
        var log = RecordedLog.complete()
        for step in 0..<9 {
            log.update("plain") {
                $0.name = "name \(step)"
                $0.reason = "why"
            }
        }
        log.apply(.archiveFlag(RecordedLog.production, FlagKey("rich")))
        try log.record(in: ledger)
        let rows = try ledger.audit(AuditSelection(organization: "acme")).rows
        self.rows = rows.map { Int64($0.link.id) }
        #expect(try ledger.verifyHistory("acme").firstBad == nil)
        try ledger.close()
        // Whichever connection was closed last: everything is in the file itself.
        let file = try DatabaseQueue(path: self.folder.file)
        try file.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try file.close()
        self.original = try Data(contentsOf: URL(filePath: self.folder.file))
    }

    func text(_ column: String, of id: Int64) throws -> String {
        let file = try DatabaseQueue(path: self.folder.file)
        return try file.read { database in
            let sql = "SELECT \(column) FROM release_history WHERE id = \(id)"
            return try String.fetchOne(database, sql: sql) ?? ""
        }
    }

    func open() throws -> Ledger { try self.folder.open() }

    func edit(_ sql: String, _ arguments: [String]) throws {
        let file = try DatabaseQueue(path: self.folder.file)
        try file.write { try $0.execute(sql: sql, arguments: StatementArguments(arguments)) }
        try file.close()
    }

    /// Runs `sql` on the file, expects that it is found out, and puts everything back.
    func expectBad(_ sql: String, _ arguments: [String], _ comment: Comment) throws {
        try self.edit(sql, arguments)
        let ledger = try self.open()
        #expect(try ledger.verifyHistory("acme").firstBad != nil, comment)
        try ledger.close()
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: self.folder.file + suffix)
        }
        try self.original.write(to: URL(filePath: self.folder.file))
    }
}
