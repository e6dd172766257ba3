internal import Flags
internal import Glibc
internal import Ledger
internal import Logging
internal import RaftStorage
internal import Replica
internal import Synchronization

/// The thread that copies the record store for other nodes and reads the copy.
///
/// A thread of its own: a copy takes as long as it takes, and neither the recording nor the
/// heartbeats wait for it.
final class SnapshotSource: Sendable {
    enum Job: Sendable {
        case copy
        case read(SnapshotRead)
        case release
        /// Run this once no copy is being made.
        case quiesce(@Sendable () -> Void)
    }

    enum Event: Sendable {
        case copied(SnapshotCopy?)
        case read(SnapshotRead, [UInt8]?)
    }

    private let worker: SerialWorker<Job>
    private let isCancelled = Flag()

    /// Whether the copy that is being made is still wanted.
    final class Flag: Sendable {
        private let value = Atomic<Bool>(false)

        var isSet: Bool {
            get { self.value.load(ordering: .relaxed) }
            set { self.value.store(newValue, ordering: .relaxed) }
        }
    }

    /// - Parameters:
    ///   - ledger: the record store as it is when a copy begins.
    ///   - report: called on the thread.
    init(
        folder: LedgerFolder,
        ledger: @escaping @Sendable () -> Ledger,
        bytesPerSecond: UInt64,
        logger: Logger,
        report: @escaping @Sendable (Event) -> Void
    ) {
        let copier = SnapshotCopier(
            folder: folder,
            ledger: ledger,
            bytesPerSecond: bytesPerSecond,
            isCancelled: self.isCancelled,
            logger: logger,
            report: report
        )
        self.worker = SerialWorker { jobs in copier.perform(jobs) }
    }

    func submit(_ job: Job) { self.worker.submit(job) }

    /// Gives up the copy that is being made, and runs `body` when nothing reads the record store
    /// any more; no copy begins before it has run.
    func quiesce(_ body: @escaping @Sendable () -> Void) {
        self.isCancelled.isSet = true
        self.worker.submit(.quiesce(body))
    }

    /// Gives up what it does and ends.
    func stop() async {
        self.isCancelled.isSet = true
        await self.worker.stop()
    }
}

/// What runs on the thread.
///
/// `@unchecked Sendable`: made on one thread and from then on used only by the worker's, which
/// never runs it twice at once.
private final class SnapshotCopier: @unchecked Sendable {
    private let folder: LedgerFolder
    private let ledger: @Sendable () -> Ledger
    private let bytesPerSecond: UInt64
    private let isCancelled: SnapshotSource.Flag
    private let logger: Logger
    private let report: @Sendable (SnapshotSource.Event) -> Void
    private let files = PosixFileSystem()
    /// Counts the copies of this process; each has its own file.
    private var number: UInt64 = 0
    private var file: PosixFileSystem.File?

    init(
        folder: LedgerFolder,
        ledger: @escaping @Sendable () -> Ledger,
        bytesPerSecond: UInt64,
        isCancelled: SnapshotSource.Flag,
        logger: Logger,
        report: @escaping @Sendable (SnapshotSource.Event) -> Void
    ) {
        self.folder = folder
        self.ledger = ledger
        self.bytesPerSecond = bytesPerSecond
        self.isCancelled = isCancelled
        self.logger = logger
        self.report = report
    }

    func perform(_ jobs: [SnapshotSource.Job]) {
        for job in jobs {
            switch job {
            case .copy: self.report(.copied(self.copy()))
            case .read(let read): self.report(.read(read, self.read(read)))
            case .release: self.release()
            case .quiesce(let body):
                body()
                self.isCancelled.isSet = false
            }
        }
    }

    private func copy() -> SnapshotCopy? {
        self.release()
        self.number += 1
        let path = self.folder.outgoingPath(self.number)
        var copied: UInt64 = 0
        do {
            let copy = try self.ledger().copy(to: path) { progress in
                guard !self.isCancelled.isSet else { return false }
                if !progress.mustHurry { self.rest(after: progress.copiedBytes - copied) }
                copied = progress.copiedBytes
                return true
            }
            self.file = try self.files.open(path)
            return SnapshotCopy(
                revision: copy.revision,
                size: copy.bytes,
                checksum: copy.checksum
            )
        } catch {
            self.logger.warning(
                "the record store could not be copied for a node that needs it",
                metadata: ["error": "\(error)"]
            )
            return nil
        }
    }

    /// Keeps the copy to its rate, so that the log's syncs find a disk that is not busy.
    private func rest(after bytes: UInt64) {
        let nanoseconds = bytes.multipliedFullWidth(by: 1_000_000_000)
        guard nanoseconds.high < self.bytesPerSecond else { return }
        let wait = self.bytesPerSecond.dividingFullWidth(nanoseconds).quotient
        var pause = timespec(
            tv_sec: Int(wait / 1_000_000_000),
            tv_nsec: Int(wait % 1_000_000_000)
        )
        unsafe nanosleep(&pause, nil)
    }

    private func read(_ read: SnapshotRead) -> [UInt8]? {
        guard let file = self.file, read.count > 0, read.offset <= UInt64(Int.max) else {
            return nil
        }
        do throws(StorageError) {
            var bytes = [UInt8](repeating: 0, count: read.count)
            var span = bytes.mutableSpan
            let count = try self.files.read(into: &span, from: file, at: Int(read.offset))
            return count == read.count ? bytes : nil
        } catch {
            self.logger.warning(
                "a copy of the record store cannot be read",
                metadata: ["error": "\(error)"]
            )
            return nil
        }
    }

    private func release() {
        if let file = self.file { self.files.close(file) }
        self.file = nil
        guard self.number > 0 else { return }
        // One that stays is removed by the next start.
        try? self.folder.discardOutgoing(self.number)
    }
}
