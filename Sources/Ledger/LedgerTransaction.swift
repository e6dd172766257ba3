internal import FlagStore
internal import Flags
internal import GRDB
internal import Releases

/// Writes one batch within one transaction, by statements that the connection keeps prepared.
struct LedgerTransaction {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func write(_ batch: LedgerBatch) throws {
        for effect in batch.objects { try self.write(effect) }
        for totals in batch.totals { try self.database.write(totals) }
        try self.database.write(counted: batch.counted)
        if let dropped = batch.dropped {
            try self.run(
                "UPDATE ledger_state SET dropped_usage = ?",
                [Int64(bitPattern: dropped)]
            )
        }
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
        case .organization(let organization): try self.database.write(organization)
        case .environment(let environment): try self.database.write(environment)
        case .plan(let plan): try self.database.write(plan)
        case .company(let company): try self.database.write(company)
        case .member(let member): try self.database.write(member)
        case .memberRemoved(let organization, let name):
            try self.database.remove(TeamMember.self, [organization, name])
        case .planRemoved(let organization, let id):
            try self.database.remove(Plan.self, [organization, id])
        case .companyRemoved(let organization, let id):
            try self.database.remove(Company.self, [organization, id])
        case .token(let token): try self.database.write(token)
        case .tokenForgotten(let organization, let id):
            try self.database.remove(AccessToken.self, [organization, id])
        case .segment(let environment, let segment):
            try self.database.write(
                FlagStoreContents.PlacedSegment(environment: environment, segment: segment)
            )
        case .segmentRemoved(let environment, let key, _):
            try self.database.remove(
                FlagStoreContents.PlacedSegment.self,
                [environment.organization, environment.environment, key]
            )
        case .release(let release): try self.database.write(release)
        case .releaseForgotten(let id): try self.database.remove(Release.self, id)
        case .alert(let alert): try self.database.write(alert)
        case .alertForgotten(let id): try self.database.remove(Alert.self, id)
        case .writeWindow(let organization, let window):
            try self.run(
                "INSERT OR REPLACE INTO write_windows VALUES (?, ?, ?)",
                [organization, window.second, Int64(window.count)]
            )
        case .flag, .history, .totals, .usage, .denied, .dropped:
            preconditionFailure("the batch keeps these apart")
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
