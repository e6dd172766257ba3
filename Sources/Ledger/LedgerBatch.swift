internal import FlagStore
internal import Flags

/// A batch as it will be written: each flag and session once, as it is in the end.
struct LedgerBatch {
    private struct FlagName: Hashable {
        let environment: EnvironmentID
        let key: FlagKey
    }

    /// Organizations, environments, plans and companies, in order.
    private(set) var tenancy: [Effect] = []
    /// Every history row, in order.
    private(set) var history: [HistoryRow] = []
    /// The rows that leave a flag as it is at the end of the batch.
    private(set) var flags: [HistoryRow] = []
    /// Sessions that are open at the end of the batch.
    private(set) var sessions: [Session] = []
    /// Sessions that have ended.
    private(set) var endedSessions: [Revision] = []

    init(_ records: [LedgerRecord]) {
        var flagsSeen: Set<FlagName> = []
        var sessionsSeen: Set<Revision> = []
        // From the end, so that what is seen first is what stays.
        for record in records.reversed() {
            if let session = record.session, sessionsSeen.insert(session.id).inserted {
                self.sessions.append(session)
            }
            for id in record.expiredSessions where sessionsSeen.insert(id).inserted {
                self.endedSessions.append(id)
            }
            switch record.effect {
            case .flag(let row):
                self.history.append(row)
                let name = FlagName(environment: row.environment, key: row.after.key)
                if flagsSeen.insert(name).inserted { self.flags.append(row) }
            case .some(let effect):
                self.tenancy.append(effect)
            case nil:
                break
            }
        }
        self.history.reverse()
        self.tenancy.reverse()
    }
}
