package import Raft

/// The durable Raft log of one node: entries, term and vote, in one write-ahead log.
///
/// One owner calls it, one call at a time (the log thread); every call blocks on the disk. When
/// `append` returns, all of its batch is durable; when it throws, or the process dies inside it,
/// either all of the batch is found at the next `open` or none of it. The format and the reasons
/// are in `StorageFormat.md`.
package final class LogStorage<Files: FileSystem> {
    /// A segment file that may hold records.
    struct Segment {
        var sequence: UInt64
        /// What seals its records: the checksum before its first one.
        var root: UInt64
        var bytes: Int
    }

    /// What the log held when it was opened.
    package let recovered: Recovered
    /// The term and vote last appended.
    package internal(set) var hardState: HardState
    /// The last entry; the position before the log if it is empty.
    package internal(set) var last: LogPosition
    /// Whether a failed write or sync made the log unusable for the rest of the process.
    package var isPoisoned: Bool { self.poison != nil }

    let folder: LogFolder<Files>
    let limits: RaftStorageLimits
    let fingerprint: UInt64
    let lockFile: Files.File
    var buffer = BatchBuffer()
    var index: EntryIndex
    /// What moved the base last; `nil` in a log that begins at its beginning.
    var baseRecord: BaseRecord?
    var history: MembershipHistory
    /// Without gaps, ascending.
    ///
    /// The last one is being written.
    var segments: [Segment]
    var active: Files.File
    /// Where the next batch goes.
    ///
    /// 0 if the active segment has no header yet.
    var tail: Int
    /// The end of what a failed write may have left after `tail`.
    var dirtyEnd: Int
    var chain: UInt64
    var nextBatch: UInt64
    var poison: StorageError?
    /// Preallocated, still under its draft name.
    var spare: (file: Files.File, bytes: Int)?
    /// In place under its number, while the active segment is not sealed yet.
    var successor: (file: Files.File, bytes: Int)?
    /// No longer needed and not removed yet, ascending.
    var released: [UInt64] = []
    /// The segment last read, kept open.
    var reading: (sequence: UInt64, file: Files.File)?
    var readBuffer: [UInt8] = []
    private var isOpen = true

    init(_ opened: OpenedLog<Files>, folder: LogFolder<Files>, limits: RaftStorageLimits) {
        self.recovered = opened.recovered
        self.hardState = opened.replay.hardState
        self.last = opened.replay.last
        self.folder = folder
        self.limits = limits
        self.fingerprint = opened.fingerprint
        self.lockFile = opened.lockFile
        self.index = opened.replay.index
        self.baseRecord = opened.replay.base
        self.history = opened.replay.history
        self.segments = opened.segments
        self.active = opened.active
        self.tail = opened.tail
        self.dirtyEnd = opened.tail
        self.chain = opened.replay.chain
        self.nextBatch = opened.replay.nextBatch
    }

    deinit { self.close() }

    /// The first entry kept; the index after `last` if the log is empty.
    package var first: LogIndex { self.index.first }

    /// The bytes that the segment files occupy, preallocated space included.
    package var bytesOnDisk: Int {
        self.segments.reduce(0) { $0 + $1.bytes } + (self.spare?.bytes ?? 0)
            + (self.successor?.bytes ?? 0)
    }

    /// Releases the files and the lock.
    ///
    /// Nothing may be called afterwards.
    package func close() {
        guard self.isOpen else { return }
        self.isOpen = false
        self.poison =
            self.poison
            ?? StorageError(code: .poisoned, message: "the log was closed")
        for file in [self.spare?.file, self.successor?.file, self.reading?.file] {
            if let file { self.folder.files.close(file) }
        }
        self.folder.files.close(self.active)
        self.folder.files.close(self.lockFile)
    }

    /// Throws if an earlier failure left the disk in an unknown state.
    func checkUsable() throws(StorageError) {
        guard let poison = self.poison else { return }
        throw StorageError(
            code: .poisoned,
            message: "the log stopped at an earlier failure (\(poison.message)); what is on disk "
                + "is only known after a restart: stop this process",
            systemError: poison.systemError
        )
    }

    /// Performs what must not fail.
    ///
    /// A failure is terminal, except a full disk when `isFullDiskHarmless`: a failed sync may have
    /// dropped the pages it could not write, so a second one that succeeds proves nothing
    /// (PostgreSQL's fsyncgate).
    func terminally<Result>(
        isFullDiskHarmless: Bool,
        _ body: () throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        do {
            return try body()
        } catch {
            if error.code == .diskFull, isFullDiskHarmless { throw error }
            let failure = StorageError(
                code: .inputOutput,
                message: error.message,
                systemError: error.systemError
            )
            self.poison = failure
            throw failure
        }
    }
}
