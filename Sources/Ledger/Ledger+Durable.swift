package import Flags
internal import GRDB
internal import GRDBSQLite

extension Ledger {
    /// Makes everything that is recorded survive a power loss, and says up to which revision.
    ///
    /// Call it before the log is compacted: what the log drops must not be lost with the page cache.
    /// Runs on the connection that records, so a batch waits for it, one `fdatasync` long.
    ///
    /// With `synchronous=NORMAL` a commit only writes frames to the write-ahead log; SQLite syncs
    /// that log before a checkpoint moves frames out of it, and the file before the log is written
    /// from its start again. So every commit is at any time in the synced file or in the log, and
    /// one sync of the log is all that is missing: after a power loss, SQLite replays every frame
    /// of it up to the last whole commit. That sync is what `synchronous=FULL` does at each commit.
    ///
    /// A checkpoint is no substitute. A passive one that finds nothing that it may move, because a
    /// reader (say, a copy under way) still needs the file as it is, syncs nothing and reports
    /// success; the other kinds wait for the readers and make the recorder wait too.
    ///
    /// When it throws, the sync failed: stop the node, and do not ask again, for a second sync may
    /// succeed although the first one lost the pages.
    package func makeDurable() throws(LedgerError) -> Revision {
        do {
            return try self.pool.writeWithoutTransaction { database in
                // Nothing is written meanwhile: this is the only connection that writes.
                let applied = try Self.applied(database)
                try Self.syncLog(database)
                return applied
            }
        } catch {
            throw LedgerError(error, path: self.path)
        }
    }

    /// Syncs the write-ahead log through the handle that SQLite itself uses.
    ///
    /// So SQLite also syncs the folder when it made the log.
    private static func syncLog(_ database: Database) throws {
        var log: UnsafeMutablePointer<sqlite3_file>?
        let found = unsafe sqlite3_file_control(
            database.sqliteConnection,
            "main",
            SQLITE_FCNTL_JOURNAL_POINTER,
            &log
        )
        // Unsafe: the handle is the connection's, and is used only while the connection is ours.
        guard found == SQLITE_OK, let log = unsafe log,
            let sync = unsafe log.pointee.pMethods?.pointee.xSync
        else {
            throw DatabaseError(resultCode: .SQLITE_ERROR, message: "no write-ahead log is open")
        }
        let outcome = unsafe sync(log, SQLITE_SYNC_NORMAL)
        guard outcome == SQLITE_OK else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: outcome),
                message: "the write-ahead log cannot be synced"
            )
        }
    }
}
