internal import Flags
internal import GRDB
internal import GRDBSQLite

/// Runs one prepared statement for many rows, whose values it gathers in memory that it keeps.
///
/// GRDB's arguments box each value and copy each text twice, and a batch has tens of thousands of
/// values.
struct RowStatement: ~Copyable {
    private enum Value {
        case null
        case integer(Int64)
        case real(Double)
        /// A range of what `writer` has written.
        case text(start: Int, count: Int)
    }

    private let database: Database
    private let statement: Statement
    /// What is run with the same values when `statement` changed no row.
    private let alternative: Statement?
    private let valueCount: Int
    private var values: [Value] = []
    private var writer: JSONWriter

    init(_ database: Database, sql: String, otherwise alternative: String? = nil) throws {
        let statement = try database.cachedStatement(sql: sql)
        let other = try alternative.map { try database.cachedStatement(sql: $0) }
        self.database = database
        self.statement = statement
        self.alternative = other
        self.valueCount = Int(unsafe sqlite3_bind_parameter_count(statement.sqliteStatement))
        self.values.reserveCapacity(self.valueCount)
        self.writer = JSONWriter(reservingBytes: 4_096)
    }

    deinit {
        // The statements are the connection's and outlive this: they must not keep its addresses.
        _ = unsafe sqlite3_clear_bindings(self.statement.sqliteStatement)
        if let alternative { _ = unsafe sqlite3_clear_bindings(alternative.sqliteStatement) }
    }

    mutating func null() { self.values.append(.null) }

    mutating func integer(_ value: Int64) { self.values.append(.integer(value)) }

    mutating func integer(_ value: Int64?) {
        if let value { self.integer(value) } else { self.null() }
    }

    mutating func integer(_ value: Bool) { self.integer(value ? 1 : 0) }

    mutating func integer(_ revision: Revision) {
        self.integer(Int64(bitPattern: revision.rawValue))
    }

    mutating func integer(_ moment: Timestamp) { self.integer(moment.milliseconds) }

    mutating func real(_ value: Double) { self.values.append(.real(value)) }

    mutating func text(_ text: String) { self.json { $0.verbatim(text) } }

    /// A text that `write` writes.
    mutating func json(_ write: (inout JSONWriter) -> Void) {
        let start = self.writer.count
        self.writer.beginText()
        write(&self.writer)
        self.values.append(.text(start: start, count: self.writer.count - start))
    }

    /// The bytes of all texts that have been given.
    var bytes: [UInt8] { _read { yield self.writer.bytes } }

    /// Where in `bytes` the text is that was given as value number `index`.
    func text(at index: Int) -> Range<Int> {
        guard case .text(let start, let count) = self.values[index] else {
            preconditionFailure("value \(index) is no text")
        }
        return start..<(start + count)
    }

    /// Runs the statement with the values since the last run, given in its parameters' order.
    mutating func run() throws {
        precondition(
            self.values.count == self.valueCount,
            "\(self.values.count) values for \(self.valueCount) parameters"
        )
        // Unsafe: SQLite reads the texts where they are, and only while a statement runs.
        var error = unsafe self.writer.bytes.withUnsafeBufferPointer {
            unsafe self.run(self.statement, $0)
        }
        if error == nil, let alternative, self.database.changesCount == 0 {
            error = unsafe self.writer.bytes.withUnsafeBufferPointer {
                unsafe self.run(alternative, $0)
            }
        }
        if let error { throw error }
        self.values.removeAll(keepingCapacity: true)
        self.writer.removeAll()
    }

    private func run(
        _ prepared: Statement,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> DatabaseError? {
        let statement = unsafe prepared.sqliteStatement
        for index in self.values.indices {
            let column = Int32(truncatingIfNeeded: index + 1)
            let outcome =
                switch self.values[index] {
                case .null: unsafe sqlite3_bind_null(statement, column)
                case .integer(let value): unsafe sqlite3_bind_int64(statement, column, value)
                case .real(let value): unsafe sqlite3_bind_double(statement, column, value)
                case .text(let start, let count):
                    unsafe Self.bind(bytes, start, count, to: statement, column)
                }
            guard outcome == SQLITE_OK else { return self.error(outcome) }
        }
        let outcome = unsafe sqlite3_step(statement)
        // What went wrong is known only until the statement is reset.
        let error = outcome == SQLITE_DONE ? nil : self.error(outcome)
        _ = unsafe sqlite3_reset(statement)
        return error
    }

    private static func bind(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ count: Int,
        to statement: SQLiteStatement,
        _ column: Int32
    ) -> Int32 {
        guard let base = bytes.baseAddress, let count = Int32(exactly: count) else {
            return SQLITE_TOOBIG
        }
        return unsafe (base + start).withMemoryRebound(to: CChar.self, capacity: Int(count)) {
            // No destructor: the text is not copied.
            unsafe sqlite3_bind_text(statement, column, $0, count, nil)
        }
    }

    private func error(_ outcome: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: outcome),
            message: self.database.lastErrorMessage
        )
    }
}
