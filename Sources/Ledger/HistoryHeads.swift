internal import Checksum
internal import Flags
internal import GRDB

/// Where each organization's chain of history ends: read when a batch first needs it, and written
/// when the batch is.
struct HistoryHeads {
    /// The kind of rows that are about flags; all others are an `ObjectHistoryRow.Kind`.
    static let flagKind = "flag"
    /// Rows that one revision may have: as many as the lowest three bits of an id tell apart.
    static let rowsPerRevisionMax: UInt64 = 8

    /// The end of one organization's chain.
    struct Head {
        var rows: Int64
        var lastID: UInt64
        var hash: SHA256.Digest
        /// `hash` as it is written, made once for the row that ends here and the one that follows.
        var hex: String

        fileprivate static let none = Head(
            rows: 0,
            lastID: 0,
            hash: .zero,
            hex: SHA256.Digest.zero.hex
        )
    }

    private let database: Database
    private var heads: [String: Head] = [:]

    init(_ database: Database) { self.database = database }

    /// The id of the `n`-th row of a revision.
    static func id(_ revision: Revision, _ n: UInt64) -> UInt64 { revision.rawValue << 3 | n }

    /// The end of the chain of `organization`, as it is with the rows of this batch.
    mutating func head(of organization: String) throws -> Head {
        if let head = self.heads[organization] { return head }
        let head = try Self.head(of: organization, in: self.database) ?? .none
        self.heads[organization] = head
        return head
    }

    /// Moves the end of the chain of `organization` to the row `id`.
    mutating func advance(
        _ organization: String,
        to id: UInt64,
        _ hash: SHA256.Digest,
        _ hex: String
    ) {
        let rows = self.heads[organization]?.rows ?? 0
        self.heads[organization] = Head(rows: rows &+ 1, lastID: id, hash: hash, hex: hex)
    }

    /// Writes the ends of all chains that have grown.
    func save() throws {
        guard !self.heads.isEmpty else { return }
        let statement = try self.database.cachedStatement(
            sql: "INSERT OR REPLACE INTO history_heads VALUES (?, ?, ?, ?)"
        )
        for (organization, head) in self.heads.sorted(by: { $0.key < $1.key }) {
            try statement.execute(
                arguments: [organization, head.rows, Int64(bitPattern: head.lastID), head.hex]
            )
        }
    }

    /// The recorded end of the chain of `organization`; `nil` when it has no rows.
    static func head(of organization: String, in database: Database) throws -> Head? {
        let statement = try database.cachedStatement(
            sql: "SELECT * FROM history_heads WHERE organization = ?"
        )
        return try Row.fetchOne(statement, arguments: [organization]).map { try Head($0) }
    }
}

extension HistoryHeads {
    /// Why these cannot be the ends of the chains that are there; `nil` when they can.
    ///
    /// The chains themselves take as long as reading them does: `verifyHistory` checks them.
    static func fault(in database: Database, applied: Revision) throws -> String? {
        var rows: Int64 = 0
        for row in try Row.fetchAll(database, sql: "SELECT * FROM history_heads") {
            let head = try Head(row)
            let last = try Row.fetchOne(
                database,
                sql: """
                    SELECT id, hash, (SELECT count(*) FROM release_history WHERE organization = ?1)
                        AS rows
                    FROM release_history WHERE organization = ?1 ORDER BY id DESC LIMIT 1
                    """,
                arguments: [try row.text("organization")]
            )
            guard let last, head.lastID == UInt64(bitPattern: try last.integer("id")),
                head.hex == (try last.text("hash")), head.rows == (try last.integer("rows"))
            else { return "its history ends elsewhere than it says" }
            rows = rows &+ head.rows
        }
        let all = try Row.fetchOne(
            database,
            sql: "SELECT count(*) AS rows, min(id) AS first, max(id) AS last FROM release_history"
        )
        guard let all, rows == (try all.integer("rows")) else {
            return "it has history of which it knows no end"
        }
        guard try all.integerIfAny("first") ?? 8 >= 8,
            try all.integerIfAny("last") ?? 0 < Ledger.historyEnd(applied)
        else { return "its history is of other revisions" }
        return nil
    }
}

extension HistoryHeads.Head {
    /// Reads a row of `history_heads`.
    init(_ row: Row) throws {
        let hex = try row.text("hash")
        guard let hash = SHA256.Digest(hex: hex) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no hash: \(hex.prefix(80))")
        }
        self.init(
            rows: try row.integer("rows"),
            lastID: UInt64(bitPattern: try row.integer("last_id")),
            hash: hash,
            hex: hex
        )
    }
}
