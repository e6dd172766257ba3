internal import GRDB
internal import GRDBSQLite

/// The rows of a query, straight from SQLite's memory: GRDB's values would cost ten times as much.
struct StatementRows: ~Copyable {
    private let database: Database
    private let prepared: Statement

    init(_ database: Database, sql: String, _ arguments: StatementArguments = []) throws {
        let prepared = try database.cachedStatement(sql: sql)
        try prepared.setArguments(arguments)
        self.database = database
        self.prepared = prepared
    }

    deinit { _ = unsafe sqlite3_reset(self.prepared.sqliteStatement) }

    /// The statement, at its current row.
    var statement: SQLiteStatement { unsafe self.prepared.sqliteStatement }

    /// Goes on to the next row; answers whether there is one.
    mutating func next() throws -> Bool {
        let outcome = unsafe sqlite3_step(self.statement)
        if outcome == SQLITE_ROW { return true }
        guard outcome == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: outcome),
                message: self.database.lastErrorMessage
            )
        }
        return false
    }

    func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(self.statement, column)
    }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(self.statement, column) == SQLITE_NULL
    }

    /// The bytes of a text, which stay until the next row is asked for.
    func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe sqlite3_column_text(self.statement, column)
        let count = Int(unsafe sqlite3_column_bytes(self.statement, column))
        return unsafe UnsafeBufferPointer(start: start, count: count)
    }
}
