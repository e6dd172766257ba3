internal import FlagStore
internal import Flags
internal import GRDB
internal import GRDBSQLite

/// A file that another node sent, before anything in it is believed.
///
/// The checksum says that it arrived as it was sent, not that it was sound: the sender's disk or
/// program may be at fault. Whatever the bytes are, they are refused or they load; none of them
/// reaches a trap, runs SQL of its own or takes memory beyond the limits.
struct ReceivedLedger {
    let path: String
    let limits: LedgerLimits

    /// Throws `badCopy` unless the file is a sound ledger of the cluster at revision `applied`.
    func check(identity: LedgerIdentity, applied: Revision) throws(LedgerError) {
        try self.checkHeader()
        try self.use(readonly: true) { database in
            try LedgerSchema.checkObjects(database, path: self.path)
            // Not quick_check: an index that lacks rows would hide them from everything below.
            let report = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
            guard report == "ok" else { throw self.refusal(report ?? "it does not check") }
            let (version, owner) = try LedgerSchema.state(database, path: self.path)
            guard version == LedgerSchema.version else {
                throw self.refusal("it has the tables of another schema than \(version)")
            }
            guard owner.cluster == identity.cluster else {
                throw self.refusal("it belongs to cluster \"\(owner.cluster)\"")
            }
            let rows = try Int.fetchOne(database, sql: Self.stateRows) ?? 0
            guard rows <= self.limits.stateRowsMax else { throw self.refusal("\(rows) rows") }
            let contents = try Ledger.contents(database)
            guard contents.applied == applied else {
                throw self.refusal("it is at revision \(contents.applied), not \(applied)")
            }
            if let fault = contents.fault { throw self.refusal(fault) }
            if let fault = try HistoryHeads.fault(in: database, applied: applied) {
                throw self.refusal(fault)
            }
        }
    }

    private static let stateRows = """
        SELECT (SELECT count(*) FROM organizations) + (SELECT count(*) FROM environments)
            + (SELECT count(*) FROM plans) + (SELECT count(*) FROM companies)
            + (SELECT count(*) FROM members) + (SELECT count(*) FROM tokens)
            + (SELECT count(*) FROM feature_flags) + (SELECT count(*) FROM segments)
            + (SELECT count(*) FROM releases) + (SELECT count(*) FROM alerts)
            + (SELECT count(*) FROM usage_totals) + (SELECT count(*) FROM write_windows)
            + (SELECT count(*) FROM client_sessions) + (SELECT count(*) FROM history_heads)
        """

    /// Writes the node's own id into the file.
    func adopt(_ identity: LedgerIdentity) throws(LedgerError) {
        try self.use(readonly: false) { database in
            try database.execute(
                sql: "UPDATE ledger_state SET node = ?",
                arguments: [Int64(bitPattern: identity.node)]
            )
        }
    }

    /// What can be seen without SQLite, and what SQLite would take for more than damage.
    private func checkHeader() throws(LedgerError) {
        let file = try DiskFiles().open(self.path)
        let header = try file.read(100, at: 0)
        guard header.count == 100, header[0..<16].elementsEqual("SQLite format 3\0".utf8) else {
            throw self.refusal("it is no SQLite file")
        }
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            header[offset..<(offset + count)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        // 1 stands for 65,536, which needs 17 bits.
        let pageBytes = number(16, 2) == 1 ? 65_536 : number(16, 2)
        guard pageBytes >= 512, pageBytes & (pageBytes - 1) == 0 else {
            throw self.refusal("it has pages of \(pageBytes) bytes")
        }
        // No write-ahead log, no reserved bytes, no automatic vacuum, UTF-8, and of our kind.
        guard header[18] == 1, header[19] == 1, header[20] == 0, number(52, 4) == 0,
            number(56, 4) == 1, number(68, 4) == UInt64(LedgerSchema.applicationID)
        else { throw self.refusal("its header is not that of a copied ledger") }
        let bytes = try file.size()
        guard number(28, 4) * pageBytes == bytes else {
            throw self.refusal("it has \(bytes) bytes, and says \(number(28, 4)) pages")
        }
    }

    /// Opens the file alone: without a journal, since it is thrown away if anything goes wrong.
    private func use(
        readonly: Bool,
        _ body: (Database) throws -> Void
    ) throws(LedgerError) {
        var configuration = Configuration()
        configuration.label = "bandera.ledger.received"
        configuration.foreignKeysEnabled = false
        configuration.readonly = readonly
        let limits = self.limits
        configuration.prepareDatabase { database in
            try database.distrust(limits)
            guard !readonly else { return }
            try database.execute(sql: "PRAGMA journal_mode = OFF")
        }
        do {
            let queue = try DatabaseQueue(path: self.path, configuration: configuration)
            defer { try? queue.close() }
            if readonly { try queue.read(body) } else { try queue.write(body) }
        } catch {
            throw self.refusal(error)
        }
    }

    /// Everything that a file can be at fault for is `badCopy`; the rest stays what it is.
    private func refusal(_ error: any Error) -> LedgerError {
        let worded = LedgerError(error, path: self.path)
        switch worded.code {
        case .corrupted, .foreign, .newerSchema: return self.refusal(worded.message)
        case .failed:
            guard let database = error as? DatabaseError,
                database.resultCode == .SQLITE_IOERR || database.resultCode == .SQLITE_NOMEM
            else { return self.refusal(worded.message) }
            return worded
        default: return worded
        }
    }

    private func refusal(_ reason: String) -> LedgerError {
        LedgerError(.badCopy, "\(self.path): the received snapshot is refused: \(reason)")
    }
}

extension Database {
    /// Has SQLite take nothing in the file on trust.
    func distrust(_ limits: LedgerLimits) throws {
        // No function or virtual table that the schema calls for, and every cell's place checked.
        try self.execute(sql: "PRAGMA trusted_schema = OFF")
        try self.execute(sql: "PRAGMA cell_size_check = ON")
        // Reading mapped pages of a file that gets shorter is a signal, not an error.
        try self.execute(sql: "PRAGMA mmap_size = 0")
        unsafe sqlite3_limit(
            self.sqliteConnection,
            SQLITE_LIMIT_LENGTH,
            Int32(clamping: limits.rowBytesMax)
        )
        unsafe sqlite3_limit(self.sqliteConnection, SQLITE_LIMIT_ATTACHED, 0)
        unsafe sqlite3_limit(self.sqliteConnection, SQLITE_LIMIT_TRIGGER_DEPTH, 0)
    }
}
