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
    }

    /// A read, and whom to tell.
    struct Read: Sendable {
        let atLeast: Revision
        let perform: @Sendable (Ledger) -> Void
    }

    /// What the consensus loop is told.
    enum Event: Sendable {
        case recorded(Revision)
        case failed(String)
    }

    private let worker: SerialWorker<Job>

    /// - Parameter report: called on the record store's thread.
    init(ledger: Ledger, applied: Revision, report: @escaping @Sendable (Event) -> Void) {
        let recorder = LedgerRecorder(ledger: ledger, recorded: applied, report: report)
        self.worker = SerialWorker { jobs in recorder.perform(jobs) }
    }

    func submit(_ job: Job) { self.worker.submit(job) }

    func stop() async { await self.worker.stop() }
}

/// What runs on the record store's thread.
///
/// `@unchecked Sendable`: made on one thread and from then on used only by the worker's, which
/// never runs it twice at once.
private final class LedgerRecorder: @unchecked Sendable {
    private let ledger: Ledger
    private let report: @Sendable (LedgerThread.Event) -> Void
    private var recorded: Revision
    private var reads: [LedgerThread.Read] = []

    init(
        ledger: Ledger,
        recorded: Revision,
        report: @escaping @Sendable (LedgerThread.Event) -> Void
    ) {
        self.ledger = ledger
        self.recorded = recorded
        self.report = report
    }

    func perform(_ jobs: [LedgerThread.Job]) {
        var records: [LedgerRecord] = []
        var through = self.recorded
        for job in jobs {
            switch job {
            case .record(let applied, let revision):
                through = revision
                records.append(contentsOf: applied.map { LedgerRecord($0.applied) })
            case .read(let read):
                self.reads.append(read)
            }
        }
        if through > self.recorded {
            do throws(LedgerError) {
                try self.ledger.record(records, applied: through)
                self.recorded = through
                self.report(.recorded(through))
            } catch {
                self.report(.failed("\(error)"))
            }
        }
        let due = self.reads.filter { $0.atLeast <= self.recorded }
        self.reads.removeAll { $0.atLeast <= self.recorded }
        for read in due { read.perform(self.ledger) }
    }
}
