internal import FlagStore
internal import Flags
internal import Ledger
internal import Replica

/// The thread that records applied commands in SQLite, as many as have gathered per transaction.
final class LedgerThread: Sendable {
    /// Applied commands, and the revision they lead up to.
    struct Batch: Sendable {
        let records: [AppliedRecord]
        let through: Revision
    }

    /// What the consensus loop is told.
    enum Event: Sendable {
        case recorded(Revision)
        case failed(String)
    }

    private let worker: SerialWorker<Batch>

    /// - Parameter report: called on the record store's thread.
    init(ledger: Ledger, report: @escaping @Sendable (Event) -> Void) {
        self.worker = SerialWorker { batches in
            guard let through = batches.last?.through else { return }
            do throws(LedgerError) {
                let records = batches.flatMap(\.records).map {
                    LedgerRecord(revision: $0.revision, applied: $0.applied)
                }
                try ledger.record(records, applied: through)
                report(.recorded(through))
            } catch {
                report(.failed("\(error)"))
            }
        }
    }

    func submit(_ batch: Batch) { self.worker.submit(batch) }

    func stop() async { await self.worker.stop() }
}
