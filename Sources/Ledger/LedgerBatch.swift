internal import FlagStore
internal import Flags
internal import Usage

/// A batch as it will be written: each flag and session once, as it is in the end.
struct LedgerBatch {
    /// A row of history and its id.
    enum History {
        case flag(HistoryRow, id: UInt64)
        case object(ObjectHistoryRow, id: UInt64)
    }

    /// Things that have a table of their own, as they became or that they are gone, in order.
    private(set) var objects: [Effect] = []
    /// Totals, each flag's once, in order of their last change.
    private(set) var totals: [UsageTotals] = []
    /// Every history row, in order.
    private(set) var history: [History] = []
    /// Which rows of `history` leave a flag as it is at the end of the batch, in order.
    private(set) var flags: [Int] = []
    /// Usage and refused calls, in order, each with the store's clock at its command.
    private(set) var counted: [(effect: Effect, clock: Timestamp)] = []
    /// What was not counted, all in all, at the end of the batch; `nil` when that did not change.
    private(set) var dropped: UInt64?
    /// Sessions that are open at the end of the batch.
    private(set) var sessions: [Session] = []
    /// Sessions that have ended.
    private(set) var endedSessions: [Revision] = []

    init(_ records: [LedgerRecord]) {
        self.history.reserveCapacity(records.count)
        for index in records.indices {
            var rows: UInt64 = 0
            for effect in records[index].effects {
                self.add(effect, at: records[index].time, &rows)
            }
        }
        self.chooseFlags()
        self.chooseTotals()
        self.chooseSessions(records)
    }

    private mutating func add(_ effect: Effect, at clock: Timestamp, _ rows: inout UInt64) {
        switch effect {
        case .flag(let row):
            self.history.append(.flag(row, id: Self.id(row.revision, &rows)))
        case .history(let row):
            self.history.append(.object(row, id: Self.id(row.revision, &rows)))
        case .totals(let totals): self.totals.append(totals)
        case .usage, .denied: self.counted.append((effect, clock))
        case .dropped(let count): self.dropped = count
        default: self.objects.append(effect)
        }
    }

    private static func id(_ revision: Revision, _ rows: inout UInt64) -> UInt64 {
        precondition(
            rows < HistoryHeads.rowsPerRevisionMax,
            "revision \(revision) has more than \(HistoryHeads.rowsPerRevisionMax) rows of history"
        )
        defer { rows += 1 }
        return HistoryHeads.id(revision, rows)
    }

    /// Each row names the revision that it replaces: the rows that nobody names are the last ones.
    private mutating func chooseFlags() {
        var isReplaced = [Bool](repeating: false, count: self.history.count)
        for index in self.history.indices {
            guard case .flag(let row, _) = self.history[index] else {
                isReplaced[index] = true
                continue
            }
            guard let before = row.before, let replaced = self.row(before.revision, of: row) else {
                continue
            }
            isReplaced[replaced] = true
        }
        for index in isReplaced.indices where !isReplaced[index] { self.flags.append(index) }
    }

    /// The place of the row with which the flag of `row` came to `revision`; `nil` when it is not in
    /// the batch.
    private func row(_ revision: Revision, of row: HistoryRow) -> Int? {
        let first = HistoryHeads.id(revision, 0)
        var low = 0
        var high = self.history.count
        while low < high {
            let middle = (low + high) / 2
            if self.history[middle].id < first { low = middle + 1 } else { high = middle }
        }
        while low < self.history.count,
            self.history[low].id < first + HistoryHeads.rowsPerRevisionMax
        {
            if case .flag(let candidate, _) = self.history[low],
                candidate.after.key == row.after.key, candidate.environment == row.environment
            {
                return low
            }
            low += 1
        }
        return nil
    }

    /// How many rows of usage are in it.
    var usageRows: Int {
        self.counted.reduce(0) { sum, counted in
            if case .usage(let rows) = counted.effect { sum + rows.count } else { sum }
        }
    }

    private mutating func chooseTotals() {
        var seen: Set<[String]> = []
        var last: [UsageTotals] = []
        for totals in self.totals.reversed() {
            let environment = totals.environment
            let key = [environment.organization, environment.environment, totals.flag.rawValue]
            if seen.insert(key).inserted { last.append(totals) }
        }
        self.totals = last.reversed()
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

extension LedgerBatch.History {
    var id: UInt64 {
        switch self {
        case .flag(_, let id), .object(_, let id): id
        }
    }
}
