internal import FlagStore
package import Flags
internal import GRDB

/// A node's record in SQLite: everything that its `FlagStore` decided, in a file that any operator
/// can open.
///
/// It decides nothing. Batches are recorded from one thread, each in one transaction with the
/// applied index, so the file is always the store at some revision; the Raft log replays what came
/// after it. WAL and `synchronous=NORMAL`: losing the last transactions is fine, corruption is not.
/// `makeDurable` says up to where nothing can be lost. Reads run on connections of their own and
/// never wait for a batch.
package final class Ledger: Sendable {
    let pool: DatabasePool
    let limits: LedgerLimits
    /// Where the file is.
    package let path: String

    private init(pool: DatabasePool, limits: LedgerLimits, path: String) {
        self.pool = pool
        self.limits = limits
        self.path = path
    }

    /// Opens the ledger at `path` for `identity`, or makes it.
    ///
    /// Throws `foreign` for another node's or cluster's file and for one with other tables than a
    /// ledger's, `newerSchema`, `corrupted`, `unavailable`. When it returns, the file's name is
    /// durable.
    package static func open(
        path: String,
        identity: LedgerIdentity,
        limits: LedgerLimits = LedgerLimits()
    ) throws(LedgerError) -> Ledger {
        var configuration = Configuration()
        configuration.label = "bandera.ledger"
        configuration.foreignKeysEnabled = false
        configuration.maximumReaderCount = limits.readersMax
        configuration.busyMode = .timeout(limits.busyTimeoutSeconds)
        configuration.prepareDatabase { database in
            try database.distrust(limits)
            guard !database.configuration.readonly else { return }
            try database.execute(sql: "PRAGMA page_size = \(limits.pageBytes)")
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA cache_size = -\(limits.cacheBytesMax / 1_024)")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(limits.checkpointPages)")
            // A log that grew long under a copy gives its room back.
            try database.execute(sql: "PRAGMA journal_size_limit = \(limits.logBytesKept)")
            if let pages = limits.filePagesMax {
                try database.execute(sql: "PRAGMA max_page_count = \(pages)")
            }
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.write { database in
                try LedgerSchema.prepare(database, identity: identity, path: path)
            }
            try DiskFiles().syncFolder(of: path)
            return Ledger(pool: pool, limits: limits, path: path)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// Records `batch`, the commands up to `applied`, in one transaction.
    ///
    /// A flag or session that the batch changes more than once is written once, as it is in the
    /// end; every history row is written. When it throws, nothing of the batch is recorded.
    package func record(_ batch: [LedgerRecord], applied: Revision) throws(LedgerError) {
        let (path, limits) = (self.path, self.limits)
        do {
            try self.pool.write { database in
                let transaction = LedgerTransaction(database)
                let merged = LedgerBatch(batch)
                try transaction.write(merged)
                try transaction.advance(to: applied, time: batch.last?.time, path: path)
                if let clock = batch.last?.time {
                    try database.forgetUsage(
                        at: clock,
                        countMax: limits.usageForgottenMin + 2 * merged.usageRows
                    )
                }
            }
        } catch {
            throw LedgerError(error, path: self.path)
        }
    }

    /// The revision up to which everything is recorded.
    package func applied() throws(LedgerError) -> Revision {
        try self.read { try Self.applied($0) }
    }

    static func applied(_ database: Database) throws -> Revision {
        let index = try Int64.fetchOne(database, sql: "SELECT applied_index FROM ledger_state")
        return Revision(UInt64(bitPattern: index ?? 0))
    }

    /// The store's clock at the applied index.
    static func time(_ database: Database) throws -> Timestamp {
        let time = try Int64.fetchOne(database, sql: "SELECT time_ms FROM ledger_state")
        return Timestamp(milliseconds: time ?? 0)
    }

    /// The first id of history after `revision`.
    static func historyEnd(_ revision: Revision) -> Int64 {
        let (next, isOver) = revision.rawValue.addingReportingOverflow(1)
        guard !isOver, next <= UInt64(Int64.max) >> 3 else { return .max }
        return Int64(HistoryHeads.id(Revision(next), 0))
    }

    /// A digest of the contents, equal to that of the store that was recorded.
    package func stateHash() throws(LedgerError) -> UInt64 {
        try self.load().stateHash()
    }

    /// Checks the whole file, page by page.
    ///
    /// Takes as long as reading it does.
    package func checkIntegrity() throws(LedgerError) {
        let path = self.path
        try self.read { database in
            let report = try String.fetchOne(database, sql: "PRAGMA quick_check(1)")
            guard report == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: report ?? path)
            }
        }
    }

    /// Closes the file; nothing may be called afterwards.
    package func close() throws(LedgerError) {
        do {
            try self.pool.close()
        } catch {
            throw LedgerError(error, path: self.path)
        }
    }

    /// Reads on a connection of its own, all of it at one moment.
    func read<Answer>(_ body: (Database) throws -> Answer) throws(LedgerError) -> Answer {
        do {
            return try self.pool.read(body)
        } catch {
            throw LedgerError(error, path: self.path)
        }
    }
}
