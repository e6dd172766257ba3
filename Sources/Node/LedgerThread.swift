internal import FlagStore
internal import Flags
internal import Ledger
internal import Replica

/// The thread that records applied commands in SQLite, as many as have gathered per transaction.
final class LedgerThread: Sendable {
    /// What the thread is given, in order.
    enum Job: Sendable {
        /// Applied commands, and the revision they lead up to.
        case record([AppliedRecord], through: Revision)
        /// A read of everything up to a revision, made once that is recorded.
        case read(Read)
        /// Try again what did not fit on the disk.
        case retry
    }

    /// A read, and whom to tell.
    struct Read: Sendable {
        let atLeast: Revision
        let perform: @Sendable (Ledger) -> Void
    }

    /// What the consensus loop is told.
    enum Event: Sendable {
        case recorded(Revision)
        case diskFull(String)
        case failed(String)
    }

    private let worker: SerialWorker<Job>
    private let recorder: LedgerRecorder

    /// - Parameter report: called on the record store's thread.
    init(ledger: Ledger, applied: Revision, report: @escaping @Sendable (Event) -> Void) {
        let recorder = LedgerRecorder(ledger: ledger, recorded: applied, report: report)
        self.recorder = recorder
        self.worker = SerialWorker { jobs in recorder.perform(jobs) }
    }

    func submit(_ job: Job) { self.worker.submit(job) }

    /// Records what was submitted, as far as the disk takes it, and closes the file.
    func stop() async {
        await self.worker.stop()
        self.recorder.close()
    }
}

/// What runs on the record store's thread.
///
/// `@unchecked Sendable`: made on one thread and from then on used only by the worker's, which
/// never runs it twice at once.
private final class LedgerRecorder: @unchecked Sendable {
    private let ledger: Ledger
    private let report: @Sendable (LedgerThread.Event) -> Void
    private var recorded: Revision
    /// Handed over and not yet recorded: more than one lot only on a full disk.
    private var backlog: [LedgerRecord] = []
    private var backlogThrough: Revision
    private var hasFailed = false
    private var reads: [LedgerThread.Read] = []

    init(
        ledger: Ledger,
        recorded: Revision,
        report: @escaping @Sendable (LedgerThread.Event) -> Void
    ) {
        self.ledger = ledger
        self.recorded = recorded
        self.backlogThrough = recorded
        self.report = report
    }

    func perform(_ jobs: [LedgerThread.Job]) {
        guard !self.hasFailed else { return }
        for job in jobs {
            switch job {
            case .record(let applied, let revision):
                self.backlogThrough = revision
                self.backlog.append(contentsOf: applied.map { LedgerRecord($0.applied) })
            case .read(let read):
                self.reads.append(read)
            case .retry:
                break
            }
        }
        self.record()
        self.readWhatIsDue()
    }

    /// Call last, when nothing runs on the thread any more.
    func close() { try? self.ledger.close() }

    private func record() {
        guard self.backlogThrough > self.recorded else { return }
        do throws(LedgerError) {
            try self.ledger.record(self.backlog, applied: self.backlogThrough)
            self.backlog.removeAll()
            self.recorded = self.backlogThrough
            self.report(.recorded(self.recorded))
        } catch {
            if error.code == .diskFull {
                self.report(.diskFull("\(error)"))
            } else {
                self.hasFailed = true
                self.report(.failed("\(error)"))
            }
        }
    }

    private func readWhatIsDue() {
        let due = self.reads.filter { $0.atLeast <= self.recorded }
        self.reads.removeAll { $0.atLeast <= self.recorded }
        for read in due { read.perform(self.ledger) }
    }
}
