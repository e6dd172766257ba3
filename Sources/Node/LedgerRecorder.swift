internal import FlagStore
internal import Flags
internal import Ledger
internal import Raft
internal import Replica
internal import Synchronization

/// What runs on the record store's thread.
///
/// `@unchecked Sendable`: made on one thread and from then on used only by the worker's, which
/// never runs it twice at once.
final class LedgerRecorder: @unchecked Sendable {
    private let current: Mutex<Ledger>
    private let folder: LedgerFolder
    private let report: @Sendable (LedgerThread.Event) -> Void
    private var recorded: Revision
    /// Handed over and not yet recorded: more than one lot only on a full disk, or while held.
    private var backlog: [AppliedRecord] = []
    private var backlogThrough: Revision
    private var hasFailed = false
    private var reads: [LedgerThread.Read] = []
    private var readers = LedgerReaders()
    private var holds: [UInt64] = []
    private var digests: [LedgerThread.Digest] = []

    init(
        ledger: Ledger,
        folder: LedgerFolder,
        recorded: Revision,
        report: @escaping @Sendable (LedgerThread.Event) -> Void
    ) {
        self.current = Mutex(ledger)
        self.folder = folder
        self.recorded = recorded
        self.backlogThrough = recorded
        self.report = report
    }

    /// From any thread.
    var ledger: Ledger { self.current.withLock { $0 } }

    func perform(_ jobs: [LedgerThread.Job]) {
        guard !self.hasFailed else {
            for case .read(let read) in jobs { read.perform(nil) }
            return
        }
        var mustBeDurable = false
        var snapshot: SnapshotPosition?
        for job in jobs {
            switch job {
            case .record(let applied, let revision):
                self.backlogThrough = revision
                self.backlog.append(contentsOf: applied)
            case .read(let read):
                self.reads.append(read)
            case .hold(let hold):
                self.begin(hold)
            case .release(let id):
                self.holds.removeAll { $0 == id }
            case .digest(let digest):
                self.holds.removeAll { $0 == digest.hold }
                self.digests.append(digest)
            case .makeDurable:
                mustBeDurable = true
            case .install(let newer):
                snapshot = newer
            case .retry:
                break
            }
        }
        // What is still to be recorded is in the snapshot.
        if let snapshot { self.install(snapshot) }
        guard !self.hasFailed else { return }
        self.record()
        if mustBeDurable, !self.hasFailed { self.makeDurable() }
        self.readWhatIsDue()
    }

    /// Call last, when nothing runs on the thread any more.
    func close() {
        self.readers.stop()
        self.endReads()
        try? self.ledger.close()
    }

    // MARK: Recording

    /// Records as far as it may, with a stop at each revision that is to be digested.
    private func record() {
        self.digestWhatIsDue()
        while !self.hasFailed, self.holds.isEmpty, self.backlogThrough > self.recorded {
            let stop = self.digests.map(\.revision).min() ?? self.backlogThrough
            guard self.record(through: min(stop, self.backlogThrough)) else { return }
            self.digestWhatIsDue()
        }
    }

    /// Whether it is recorded.
    private func record(through revision: Revision) -> Bool {
        let count = self.backlog.firstIndex { $0.revision > revision } ?? self.backlog.count
        let batch = self.backlog[..<count].map { LedgerRecord($0.applied) }
        do throws(LedgerError) {
            try self.ledger.record(batch, applied: revision)
        } catch {
            self.fail(error)
            return false
        }
        self.backlog.removeFirst(count)
        self.recorded = revision
        self.report(.recorded(revision))
        return true
    }

    private func fail(_ error: LedgerError) {
        if error.code == .diskFull {
            self.report(.diskFull("\(error)"))
        } else {
            self.hasFailed = true
            self.report(.failed("\(error)"))
        }
    }

    /// After a failed sync nothing is known of what the disk holds, a full one included.
    private func makeDurable() {
        do throws(LedgerError) {
            self.report(.durable(try self.ledger.makeDurable()))
        } catch {
            self.hasFailed = true
            self.report(.failed("\(error)"))
        }
    }

    /// A failure in between is finished by the recovery of the next start.
    private func install(_ snapshot: SnapshotPosition) {
        let position = snapshot.position
        // Nobody may read a file that is closed.
        self.readers.stop()
        self.readers = LedgerReaders()
        do throws(LedgerError) {
            try self.ledger.close()
            try self.folder.swapIn(
                index: Revision(position.index.rawValue),
                term: position.term.rawValue
            )
            let ledger = try self.folder.open()
            let store = FlagStore(restoring: try ledger.load())
            self.current.withLock { $0 = ledger }
            self.backlog = []
            self.recorded = store.applied
            self.backlogThrough = store.applied
            self.report(.installed(snapshot, store))
        } catch {
            self.hasFailed = true
            self.report(.failed("\(error)"))
        }
    }

    private func readWhatIsDue() {
        let due = self.reads.filter { $0.atLeast <= self.recorded }
        self.reads.removeAll { $0.atLeast <= self.recorded }
        for read in due { self.readers.perform(read, on: self.ledger) }
    }

    /// What has not become due by now never will.
    private func endReads() {
        for read in self.reads { read.perform(nil) }
        self.reads = []
    }

    // MARK: Digests

    private func begin(_ hold: LedgerThread.Hold) {
        self.holds.append(hold.id)
        hold.begun(self.recorded)
    }

    /// Recording waits meanwhile: what is digested must not move.
    private func digestWhatIsDue() {
        let due = self.digests.filter { $0.revision <= self.recorded }
        guard !due.isEmpty else { return }
        self.digests.removeAll { $0.revision <= self.recorded }
        for digest in due {
            guard digest.revision == self.recorded else {
                digest.answer(.failure(.passed(self.recorded)))
                continue
            }
            do throws(LedgerError) {
                let found = try self.ledger.digest()
                // One number for people to compare; the factor keeps equal halves apart.
                digest.answer(.success(found.state &* 0x9E37_79B1_85EB_CA87 ^ found.history))
            } catch {
                digest.answer(.failure(.unreadable(error)))
            }
        }
    }
}
