internal import Logging
internal import NIOCore
internal import Raft
internal import RaftStorage
internal import Replica

/// The thread that owns the durable log: it appends, synchronises and reads, in order.
///
/// Everything that gathered while the last batch was being synchronised goes into the next one with
/// one fdatasync. A failed fsync ends the process (fsyncgate: nothing on this disk can be trusted
/// any more); a full disk is reported and tried again until there is room.
final class LogThread: Sendable {
    /// What the consensus loop asks for.
    enum Job: Sendable {
        case persist(PersistBatch)
        case fetch(FetchRequest)
        /// Forget a prefix.
        case compact(Compaction)
        /// Replace everything by a snapshot that is durable.
        case install(SnapshotPosition)
        /// Try again what did not fit on the disk.
        case retry
    }

    /// What it is told.
    enum Event: Sendable {
        /// One append is durable, with so many entries.
        case persisted([PersistToken], entries: Int)
        case fetched(FetchRequest, [Entry])
        /// The log begins after this position now.
        case compacted(LogPosition)
        case installed(SnapshotPosition)
        case diskFull(String)
        case failed(String)
    }

    private let worker: SerialWorker<Job>
    private let writer: LogWriter

    /// - Parameter report: called on the log thread.
    init(storage: LogStorage<PosixFileSystem>, report: @escaping @Sendable (Event) -> Void) {
        let writer = LogWriter(storage: storage, report: report)
        self.writer = writer
        self.worker = SerialWorker { jobs in writer.perform(jobs) }
    }

    func submit(_ job: Job) { self.worker.submit(job) }

    /// Finishes what was submitted and closes the files.
    func stop() async {
        await self.worker.stop()
        self.writer.close()
    }
}

/// What runs on the log thread.
///
/// `@unchecked Sendable`: made on one thread and from then on used only by the worker's, which
/// never runs it twice at once.
private final class LogWriter: @unchecked Sendable {
    private let storage: LogStorage<PosixFileSystem>
    private let report: @Sendable (LogThread.Event) -> Void
    /// Handed over and not yet durable, in order: more than one turn's worth only on a full disk.
    private var backlog: [PersistBatch] = []
    /// A snapshot whose marker is not durable yet.
    private var installing: SnapshotPosition?
    private var hasFailed = false

    init(
        storage: LogStorage<PosixFileSystem>,
        report: @escaping @Sendable (LogThread.Event) -> Void
    ) {
        self.storage = storage
        self.report = report
    }

    /// Call last, when nothing runs on the thread any more.
    func close() { self.storage.close() }

    func perform(_ jobs: [LogThread.Job]) {
        guard !self.hasFailed else { return }
        var fetches: [FetchRequest] = []
        var compaction: Compaction?
        for job in jobs {
            switch job {
            case .persist(let batch): self.backlog.append(batch)
            case .fetch(let request): fetches.append(request)
            case .compact(let newer): compaction = newer
            case .install(let snapshot): self.installing = snapshot
            case .retry: break
            }
        }
        self.writeBacklog()
        for request in fetches where !self.hasFailed { self.read(request) }
        if let compaction, !self.hasFailed { self.compact(compaction) }
        if self.backlog.isEmpty, !self.hasFailed { self.install() }
    }

    /// Nothing depends on it: on a full disk it waits for the next occasion.
    private func compact(_ compaction: Compaction) {
        do throws(StorageError) {
            try self.storage.compact(
                to: compaction.base,
                membership: compaction.membership.encode(),
                membershipIndex: compaction.membership.index
            )
        } catch {
            if error.code != .diskFull {
                self.fail(error)
                return
            }
            self.report(.diskFull("\(error)"))
        }
        self.report(.compacted(self.storage.base))
    }

    private func install() {
        guard let snapshot = self.installing else { return }
        do throws(StorageError) {
            try self.storage.install(
                base: snapshot.position,
                membership: snapshot.membership.encode(),
                membershipIndex: snapshot.membership.index
            )
        } catch {
            self.fail(error)
            return
        }
        self.installing = nil
        self.report(.installed(snapshot))
    }

    /// A full disk is reported and tried again; after anything else nothing on the disk is certain.
    private func fail(_ error: StorageError) {
        if error.code == .diskFull {
            self.report(.diskFull("\(error)"))
        } else {
            self.hasFailed = true
            self.report(.failed("\(error)"))
        }
    }

    /// Joins neighbouring batches into as few appends as the log allows: one, unless a later batch
    /// replaces entries of an earlier one.
    private func writeBacklog() {
        while !self.backlog.isEmpty {
            var hardState: HardState?
            var entries: [Entry] = []
            var count = 0
            var bytes = 0
            for batch in self.backlog {
                bytes += batch.entries.reduce(0) { $0 + $1.payload.count }
                let isLarge =
                    entries.count + batch.entries.count > NodeLimits.appendEntriesMax
                    || bytes > NodeLimits.appendBytesMax
                if count > 0, isLarge { break }
                if let first = batch.entries.first, let last = entries.last,
                    first.index != last.index.next
                {
                    break
                }
                hardState = batch.hardState ?? hardState
                entries.append(contentsOf: batch.entries)
                count += 1
            }
            do throws(StorageError) {
                try self.storage.append(hardState: hardState, entries: entries)
            } catch {
                self.fail(error)
                return
            }
            self.report(.persisted(self.backlog[..<count].map(\.token), entries: entries.count))
            self.backlog.removeFirst(count)
        }
        // Preparing the next segment now, while nobody waits, keeps its cost out of a commit.
        try? self.storage.prepareNextSegment()
    }

    private func read(_ request: FetchRequest) {
        do throws(StorageError) {
            let entries = try self.storage.read(
                from: request.from,
                through: request.through,
                bytesMax: request.bytesMax
            )
            self.report(.fetched(request, entries))
        } catch {
            guard error.code == .outOfRange else {
                self.hasFailed = true
                self.report(.failed("\(error)"))
                return
            }
            // Compacted after it was asked for: the core asks again, or sends a snapshot.
            self.report(.fetched(request, []))
        }
    }
}
