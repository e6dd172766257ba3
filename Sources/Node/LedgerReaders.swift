internal import Ledger
internal import NIOPosix
internal import Synchronization

/// The threads that read the record store, so that whoever looks into the past holds up nobody who
/// writes.
struct LedgerReaders {
    private let pool = NIOThreadPool(numberOfThreads: NodeLimits.recordReaders)

    init() { self.pool.start() }

    /// Runs a read as soon as a thread is free.
    func perform(_ read: LedgerThread.Read, on ledger: Ledger) {
        self.pool.submit { state in
            if case .active = state { read.perform(ledger) } else { read.perform(nil) }
        }
    }

    /// Waits for the reads that run, tells the others that they were not made, and ends the threads.
    func stop() { try? self.pool.syncShutdownGracefully() }
}

/// How many reads of the record store wait or run, of each organization and in all.
final class RecordReads: Sendable {
    private struct Counts {
        var all = 0
        var byOrganization: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// Whether there is room for another read of an organization's records; call `end` after it.
    func begin(_ organization: String) -> Bool {
        self.counts.withLock { counts in
            let own = counts.byOrganization[organization] ?? 0
            guard counts.all < NodeLimits.recordReadsMax,
                own < NodeLimits.recordReadsPerOrganizationMax
            else { return false }
            counts.all += 1
            counts.byOrganization[organization] = own + 1
            return true
        }
    }

    func end(_ organization: String) {
        self.counts.withLock { counts in
            counts.all -= 1
            let own = (counts.byOrganization[organization] ?? 1) - 1
            counts.byOrganization[organization] = own == 0 ? nil : own
        }
    }
}

/// Whether somebody still waits for a read of the record store.
final class RecordTicket: Sendable {
    private let isLeft = Atomic<Bool>(false)

    /// Nobody waits any more.
    func leave() { self.isLeft.store(true, ordering: .relaxed) }

    var isWaitedFor: Bool { !self.isLeft.load(ordering: .relaxed) }
}
