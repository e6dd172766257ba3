internal import Checksum
package import Flags
internal import GRDB
internal import GRDBSQLite

/// Digests of everything in a ledger at one revision: equal for equal rows, whatever the file's
/// bytes are.
package struct LedgerDigest: Hashable, Sendable {
    /// The revision that the ledger is at.
    package let revision: Revision
    /// Of every table but the history, and of the store's clock.
    package let state: UInt64
    /// Of every history row.
    package let history: UInt64
}

extension Ledger {
    /// Digests of what is recorded, all of it at one moment.
    ///
    /// Nodes record in batches of their own, so that two of them that are asked at the same time
    /// are rarely at the same revision: `state` and `history` compare only if `revision` is equal.
    /// `historyDigest` compares always. The node's id is not in it. May be called from any thread;
    /// reads every row, a million history rows in about a second.
    package func digest() throws(LedgerError) -> LedgerDigest {
        try self.read { database in
            var state = RowDigest(database)
            for query in Self.stateQueries { try state.feed(query) }
            let revision = try Self.applied(database)
            var history = RowDigest(database)
            try history.feed(Self.historyQuery, through: revision)
            return LedgerDigest(revision: revision, state: state.value, history: history.value)
        }
    }

    /// A digest of the history rows through `revision`, equal on all nodes that have recorded them.
    ///
    /// Rows are only ever added, so it can be asked for at any later time too: agree on the lowest
    /// revision that all nodes have applied, and compare this. Throws `outOfOrder` if the ledger is
    /// not there yet.
    package func historyDigest(through revision: Revision) throws(LedgerError) -> UInt64 {
        let path = self.path
        return try self.read { database in
            let applied = try Self.applied(database)
            guard revision <= applied else {
                throw LedgerError(
                    .outOfOrder,
                    "\(path) is at revision \(applied), and \(revision) is asked for"
                )
            }
            var history = RowDigest(database)
            try history.feed(Self.historyQuery, through: revision)
            return history.value
        }
    }

    /// Each in the order of its key; the first leaves out whose ledger it is.
    private static let stateQueries = [
        "SELECT cluster, applied_index, time_ms FROM ledger_state",
        "SELECT * FROM organizations ORDER BY id",
        "SELECT * FROM environments ORDER BY organization, id",
        "SELECT * FROM plans ORDER BY organization, id",
        "SELECT * FROM companies ORDER BY organization, id",
        "SELECT * FROM feature_flags ORDER BY organization, environment, key",
        "SELECT * FROM client_sessions ORDER BY id",
    ]
    private static let historyQuery =
        "SELECT * FROM release_history WHERE revision <= ? ORDER BY revision"
}

/// Feeds rows to XXH64: every value with its type and length, every row with a mark.
private struct RowDigest {
    private let database: Database
    private var hash = XXH64()

    init(_ database: Database) { self.database = database }

    var value: UInt64 { self.hash.digest }

    /// Straight from SQLite's memory: a row would cost ten times as much as GRDB's values.
    mutating func feed(_ query: String, through revision: Revision? = nil) throws {
        let prepared = try self.database.cachedStatement(sql: query)
        let statement = unsafe prepared.sqliteStatement
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        if let revision {
            unsafe sqlite3_bind_int64(statement, 1, Int64(clamping: revision.rawValue))
        }
        var rows: UInt64 = 0
        while true {
            let outcome = unsafe sqlite3_step(statement)
            if outcome == SQLITE_DONE { break }
            guard outcome == SQLITE_ROW else {
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: outcome),
                    message: self.database.lastErrorMessage
                )
            }
            rows += 1
            for column in 0..<(unsafe sqlite3_column_count(statement)) {
                unsafe self.feed(statement, column)
            }
        }
        self.feed(rows)
    }

    private mutating func feed(_ statement: SQLiteStatement, _ column: Int32) {
        let type = unsafe sqlite3_column_type(statement, column)
        switch type {
        case SQLITE_INTEGER:
            self.feed(UInt64(type))
            self.feed(UInt64(bitPattern: unsafe sqlite3_column_int64(statement, column)))
        case SQLITE_FLOAT:
            self.feed(UInt64(type))
            self.feed(unsafe sqlite3_column_double(statement, column).bitPattern)
        case SQLITE_NULL:
            self.feed(UInt64(type))
        default:
            // Unsafe: SQLite's own copy of the value, which stays until the next step.
            let bytes = unsafe sqlite3_column_blob(statement, column)
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            self.feed(UInt64(type) | UInt64(count) << 8)
            if let bytes = unsafe bytes { unsafe self.hash.update(bytes, count: count) }
        }
    }

    private mutating func feed(_ number: UInt64) {
        var word = number.littleEndian
        unsafe withUnsafeBytes(of: &word) { bytes in
            if let start = bytes.baseAddress { unsafe self.hash.update(start, count: 8) }
        }
    }
}
