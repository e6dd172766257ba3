internal import Checksum
package import Flags
internal import GRDB
internal import GRDBSQLite
internal import Usage

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
            try Self.feedUsage(database, to: &state)
            let revision = try Self.applied(database)
            var history = RowDigest(database)
            try history.feed(Self.historyQuery, [Self.historyEnd(revision)])
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
            guard revision <= applied else { throw Self.notThereYet(revision, applied, path: path) }
            var history = RowDigest(database)
            try history.feed(Self.historyQuery, [Self.historyEnd(revision)])
            return history.value
        }
    }

    static func notThereYet(
        _ revision: Revision,
        _ applied: Revision,
        path: String
    ) -> LedgerError {
        LedgerError(
            .outOfOrder,
            "\(path) is at revision \(applied), and \(revision) is asked for"
        )
    }

    /// Each in the order of its key; the first leaves out whose ledger it is.
    private static let stateQueries = [
        "SELECT cluster, applied_index, time_ms, dropped_usage FROM ledger_state",
        "SELECT * FROM organizations ORDER BY id",
        "SELECT * FROM environments ORDER BY organization, id",
        "SELECT * FROM plans ORDER BY organization, id",
        "SELECT * FROM companies ORDER BY organization, id",
        "SELECT * FROM members ORDER BY organization, name",
        "SELECT * FROM tokens ORDER BY organization, id",
        "SELECT * FROM feature_flags ORDER BY organization, environment, key",
        "SELECT * FROM segments ORDER BY organization, environment, key",
        "SELECT * FROM releases ORDER BY id",
        "SELECT * FROM alerts ORDER BY id",
        "SELECT * FROM usage_totals ORDER BY organization, environment, flag",
        "SELECT * FROM write_windows ORDER BY organization",
        "SELECT * FROM client_sessions ORDER BY id",
        "SELECT * FROM history_heads ORDER BY organization",
    ]
    private static let usageQuery = """
        SELECT * FROM feature_usage WHERE resolution = ? AND start_ms >= ?
        ORDER BY start_ms, organization, environment, dimension, flag, variation, value
        """
    private static let deniedQuery = """
        SELECT * FROM denied_attempts WHERE start_ms >= ?
        ORDER BY start_ms, organization, actor, method
        """
    private static let historyQuery = "SELECT * FROM release_history WHERE id < ? ORDER BY id"

    /// Feeds what is counted, but for what is over and only waits to be removed: nodes remove it
    /// when they come to it.
    private static func feedUsage(_ database: Database, to digest: inout RowDigest) throws {
        let clock = try Self.time(database)
        for resolution in UsageResolution.allCases {
            let oldest = resolution.oldestKept(at: clock).milliseconds
            try digest.feed(Self.usageQuery, [resolution.rawValue, oldest])
        }
        try digest.feed(Self.deniedQuery, [DeniedPeriods.oldestKept(at: clock).milliseconds])
    }
}

/// Feeds rows to XXH64: every value with its type and length, every row with a mark.
private struct RowDigest {
    private let database: Database
    private var hash = XXH64()

    init(_ database: Database) { self.database = database }

    var value: UInt64 { self.hash.digest }

    mutating func feed(_ query: String, _ arguments: StatementArguments = []) throws {
        var count: UInt64 = 0
        var rows = try StatementRows(self.database, sql: query, arguments)
        while try rows.next() {
            count += 1
            let statement = unsafe rows.statement
            for column in 0..<(unsafe sqlite3_column_count(statement)) {
                unsafe self.feed(statement, column)
            }
        }
        self.feed(count)
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
