internal import Checksum
package import Flags
internal import GRDB

/// How far a copy is, told between two slices of it.
package struct LedgerCopyProgress: Hashable, Sendable {
    package let copiedBytes: UInt64
    package let totalBytes: UInt64
    /// Bytes by which the ledger's write-ahead log has grown since the copy began.
    package let logBytes: UInt64
    /// The log is half as long as it may get: the copy must go on without a pause.
    package let mustHurry: Bool
}

/// A finished copy of a ledger.
package struct LedgerCopy: Hashable, Sendable {
    /// The revision that the copy is at.
    package let revision: Revision
    package let bytes: UInt64
    /// XXH64 of the file.
    package let checksum: UInt64
}

extension Ledger {
    /// Copies the ledger, as it is at one revision, into a file of its own at `path`.
    ///
    /// May be called from any thread, also while batches are recorded: the copy reads on its own
    /// connection, within one transaction. The file has no write-ahead log, is synced, and gets its
    /// name only when it is complete; then its folder is synced.
    ///
    /// `between` is called after every `limits.copySliceBytes`: to bound the rate, wait in it; to
    /// give up, answer `false`, and `cancelled` is thrown. While the copy lasts, the write-ahead log
    /// cannot be used again from its start and grows with everything that is recorded. It is the
    /// caller's duty not to wait once `mustHurry` is set; a copy under which the log grows by more
    /// than `limits.copyLogBytesMax`, and more than the ledger has, is given up with `logTooLong`.
    /// Nothing is left of a copy that throws.
    ///
    /// SQLite's backup interface within a read transaction, and not `VACUUM INTO`: it can pause
    /// between any two pages, and never starts over, because a connection within a transaction sees
    /// no later commit. `VACUUM INTO` is not slower (measured: a gigabyte in 6 to 11 s on a busy
    /// disk, against 4 to 12 s), but it is one statement that cannot be slowed down, and writes the
    /// whole file before it syncs it.
    package func copy(
        to path: String,
        between: (LedgerCopyProgress) -> Bool = { _ in true }
    ) throws(LedgerError) -> LedgerCopy {
        let files = DiskFiles()
        let partial = path + LedgerFolder.partialSuffix
        do {
            try files.removeDatabase(partial)
            let copy = try self.copyPages(to: partial, files: files, between: between)
            try files.rename(partial, to: path)
            try files.syncFolder(of: path)
            return copy
        } catch {
            try? files.removeDatabase(partial)
            throw LedgerError(error, path: path)
        }
    }

    private func copyPages(
        to partial: String,
        files: DiskFiles,
        between: (LedgerCopyProgress) -> Bool
    ) throws -> LedgerCopy {
        let source = try self.copySource()
        defer { try? source.close() }
        let target = try self.copyTarget(partial)
        let file = try files.open(partial)
        let revision: Revision
        do {
            defer { try? target.close() }
            revision = try source.read { source in
                let revision = try Self.applied(source)
                try target.writeWithoutTransaction { target in
                    try self.copyPages(from: source, to: target, file: file, between: between)
                }
                return revision
            }
        }
        // What the recorder's next commit would otherwise have to move at once, all of it.
        try source.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
        // Bytes 18 and 19 of the header say "write-ahead log", as in the original.
        try file.write([1, 1].span, at: 18)
        try file.sync()
        let bytes = try file.size()
        return LedgerCopy(revision: revision, bytes: bytes, checksum: try file.checksum())
    }

    private func copyPages(
        from source: Database,
        to target: Database,
        file: DiskFiles.File,
        between: (LedgerCopyProgress) -> Bool
    ) throws {
        let logBytesBefore = try DiskFiles.size(self.path + "-wal") ?? 0
        let pageBytes = try Int.fetchOne(source, sql: "PRAGMA page_size") ?? self.limits.pageBytes
        let pages = max(1, self.limits.copySliceBytes / pageBytes)
        var unsyncedBytes = 0
        func pause(_ step: DatabaseBackupProgress) throws {
            unsyncedBytes += pages * pageBytes
            if unsyncedBytes >= self.limits.unsyncedBytesMax {
                // In small portions: one large sync would hold up those of the Raft log.
                try file.sync()
                unsyncedBytes = 0
            }
            let totalBytes = step.totalPageCount * pageBytes
            let bytesMax = UInt64(max(self.limits.copyLogBytesMax, totalBytes))
            let logBytes = try DiskFiles.size(self.path + "-wal") ?? 0
            let grown = logBytes - min(logBytesBefore, logBytes)
            guard grown <= bytesMax else {
                throw LedgerError(
                    .logTooLong,
                    "\(self.path): a copy was given up, because the write-ahead log grew by "
                        + "\(grown) bytes meanwhile, more than \(bytesMax)"
                )
            }
            let progress = LedgerCopyProgress(
                copiedBytes: UInt64(step.completedPageCount * pageBytes),
                totalBytes: UInt64(totalBytes),
                logBytes: grown,
                mustHurry: grown > bytesMax / 2
            )
            guard between(progress) else {
                throw LedgerError(.cancelled, "\(self.path): a copy was cancelled")
            }
        }
        try withoutActuallyEscaping(pause) { pause in
            try source.backup(to: target, pagesPerStep: CInt(clamping: pages)) { step in
                if !step.isCompleted { try pause(step) }
            }
        }
    }

    private func copySource() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "bandera.ledger.copy"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(self.limits.busyTimeoutSeconds)
        let cacheBytes = self.limits.copySliceBytes
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            try database.execute(sql: "PRAGMA cache_size = -\(cacheBytes / 1_024)")
        }
        return try DatabaseQueue(path: self.path, configuration: configuration)
    }

    /// Without a journal and without syncs: a copy that is not finished is thrown away.
    private func copyTarget(_ partial: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "bandera.ledger.copy.target"
        configuration.foreignKeysEnabled = false
        let limits = self.limits
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA page_size = \(limits.pageBytes)")
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            try database.execute(sql: "PRAGMA journal_mode = OFF")
            try database.execute(sql: "PRAGMA synchronous = OFF")
            try database.execute(sql: "PRAGMA cache_size = -\(limits.copySliceBytes / 1_024)")
        }
        return try DatabaseQueue(path: partial, configuration: configuration)
    }
}
