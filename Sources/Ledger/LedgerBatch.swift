internal import FlagStore
internal import Flags

/// A batch as it will be written: each flag and session once, as it is in the end.
struct LedgerBatch {
    /// Organizations, environments, plans and companies, in order.
    private(set) var tenancy: [Effect] = []
    /// Every history row, in order.
    private(set) var history: [HistoryRow] = []
    /// Which rows of `history` leave a flag as it is at the end of the batch, in order.
    private(set) var flags: [Int] = []
    /// Sessions that are open at the end of the batch.
    private(set) var sessions: [Session] = []
    /// Sessions that have ended.
    private(set) var endedSessions: [Revision] = []

    init(_ records: [LedgerRecord]) {
        self.history.reserveCapacity(records.count)
        for index in records.indices {
            for effect in records[index].effects {
                switch effect {
                case .flag(let row): self.history.append(row)
                default: self.tenancy.append(effect)
                }
            }
        }
        self.chooseFlags()
        self.chooseSessions(records)
    }

    /// Each row names the revision that it replaces: the rows that nobody names are the last ones.
    private mutating func chooseFlags() {
        var isReplaced = [Bool](repeating: false, count: self.history.count)
        for index in self.history.indices {
            guard let before = self.history[index].before,
                let replaced = self.row(before.revision)
            else { continue }
            isReplaced[replaced] = true
        }
        for index in isReplaced.indices where !isReplaced[index] { self.flags.append(index) }
    }

    /// The place of the row of `revision`; `nil` when it is not in the batch.
    private func row(_ revision: Revision) -> Int? {
        var low = 0
        var high = self.history.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = self.history[middle].revision
            if candidate == revision { return middle }
            if candidate < revision { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private mutating func chooseSessions(_ records: [LedgerRecord]) {
        var seen: Set<Revision> = []
        seen.reserveCapacity(records.count)
        // From the end, so that what is seen first is what stays.
        for index in records.indices.reversed() {
            if let id = records[index].session?.id, seen.insert(id).inserted,
                let session = records[index].session
            {
                self.sessions.append(session)
            }
            for id in records[index].expiredSessions where seen.insert(id).inserted {
                self.endedSessions.append(id)
            }
        }
    }
}
