internal import FlagStore
internal import Flags
internal import Ledger
internal import Raft
internal import Replica
internal import Synchronization

/// The thread that records applied commands in SQLite, as many as have gathered per transaction.
final class LedgerThread: Sendable {
    /// What the thread is given, in order.
    enum Job: Sendable {
        /// Applied commands, and the revision they lead up to.
        case record([AppliedRecord], through: Revision)
        /// A read of everything up to a revision, made once that is recorded, on another thread.
        case read(Read)
        /// Record nothing until the hold is released or turned into a digest.
        case hold(Hold)
        /// End the hold, if it is still there.
        case release(UInt64)
        /// Digest what is recorded at exactly one revision.
        case digest(Digest)
        /// Make everything that is recorded survive a power failure.
        case makeDurable
        /// Swap the received snapshot in: its marker is durable in the log.
        case install(SnapshotPosition)
        /// Try again what did not fit on the disk.
        case retry
    }

    /// A read, and whom to tell.
    struct Read: Sendable {
        let atLeast: Revision
        /// Given `nil` when the record store cannot be read now.
        let perform: @Sendable (Ledger?) -> Void
    }

    /// A pause of the recording, so that several nodes can meet at one revision.
    struct Hold: Sendable {
        let id: UInt64
        /// Told how far everything is recorded.
        let begun: @Sendable (Revision) -> Void
    }

    /// A digest, and whom to tell.
    struct Digest: Sendable {
        /// The hold that it ends.
        let hold: UInt64?
        let revision: Revision
        let answer: @Sendable (Result<UInt64, DigestFailure>) -> Void
    }

    /// Why there is no digest.
    enum DigestFailure: Error {
        /// More is recorded already.
        case passed(Revision)
        case unreadable(LedgerError)
    }

    /// What the consensus loop is told.
    enum Event: Sendable {
        case recorded(Revision)
        case durable(Revision)
        /// The record store is the snapshot's now, and this is what it contains.
        case installed(SnapshotPosition, FlagStore)
        case diskFull(String)
        case failed(String)
    }

    private let worker: SerialWorker<Job>
    private let recorder: LedgerRecorder
    private let holds = Atomic<UInt64>(0)
    /// The reads that wait or run.
    let reads = RecordReads()

    /// - Parameter report: called on the record store's thread.
    init(
        ledger: Ledger,
        folder: LedgerFolder,
        applied: Revision,
        report: @escaping @Sendable (Event) -> Void
    ) {
        let recorder = LedgerRecorder(
            ledger: ledger,
            folder: folder,
            recorded: applied,
            report: report
        )
        self.recorder = recorder
        self.worker = SerialWorker { jobs in recorder.perform(jobs) }
    }

    /// The record store as it is now; another one once a snapshot was swapped in.
    var ledger: Ledger { self.recorder.ledger }

    /// An id for a hold.
    func nextHold() -> UInt64 { self.holds.add(1, ordering: .relaxed).newValue }

    /// Whether it will be done: not once the node stops.
    @discardableResult
    func submit(_ job: Job) -> Bool { self.worker.submit(job) }

    /// Records what was submitted, as far as the disk takes it, and closes the file.
    func stop() async {
        await self.worker.stop()
        self.recorder.close()
    }
}
