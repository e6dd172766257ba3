internal import FlagStore
internal import Flags
internal import GRDB

/// Writes one batch within one transaction, by statements that the connection keeps prepared.
struct LedgerTransaction {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func write(_ batch: LedgerBatch) throws {
        for effect in batch.tenancy { try self.write(effect) }
        try self.database.write(history: batch.history)
        try self.database.write(flags: batch.flags, of: batch.history)
        try self.database.write(sessions: batch.sessions)
        try self.remove(sessions: batch.endedSessions)
    }

    /// Moves the applied index in the same transaction as what it stands for.
    func advance(to applied: Revision, time: Timestamp?, path: String) throws {
        let index = Int64(bitPattern: applied.rawValue)
        try self.run(
            """
            UPDATE ledger_state SET applied_index = ?, time_ms = coalesce(?, time_ms)
            WHERE applied_index <= ?
            """,
            [index, time?.milliseconds, index]
        )
        guard self.database.changesCount == 1 else {
            throw LedgerError(
                .outOfOrder,
                "\(path): a batch up to revision \(applied) came after a later one was recorded"
            )
        }
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        let statement = try self.database.cachedStatement(sql: sql)
        try statement.execute(arguments: arguments)
    }

    private func write(_ effect: Effect) throws {
        switch effect {
        case .organization(let organization):
            try self.run(
                "INSERT OR REPLACE INTO organizations VALUES (?, ?)",
                [organization.id, organization.name]
            )
        case .environment(let environment):
            try self.run(
                "INSERT OR REPLACE INTO environments VALUES (?, ?, ?)",
                [environment.id.organization, environment.id.environment, environment.name]
            )
        case .plan(let plan):
            try self.run(
                "INSERT OR REPLACE INTO plans VALUES (?, ?, ?)",
                [plan.organization, plan.id, plan.name]
            )
        case .company(let company):
            try self.run(
                "INSERT OR REPLACE INTO companies VALUES (?, ?, ?, ?, ?)",
                [company.organization, company.id, company.name, company.plan, company.region]
            )
        default:
            preconditionFailure("not recorded yet")
        }
    }

    private func remove(sessions: [Revision]) throws {
        for id in sessions {
            try self.run(
                "DELETE FROM client_sessions WHERE id = ?",
                [Int64(bitPattern: id.rawValue)]
            )
        }
    }
}
