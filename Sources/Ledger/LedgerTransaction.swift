internal import FlagStore
internal import Flags
internal import GRDB

/// Writes one batch within one transaction, by statements that the connection keeps prepared.
struct LedgerTransaction {
    private let database: Database

    init(_ database: Database) { self.database = database }

    func write(_ batch: LedgerBatch) throws {
        for effect in batch.tenancy { try self.write(effect) }
        try self.write(history: batch.history)
        try self.write(flags: batch.flags)
        try self.write(sessions: batch.sessions)
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
        case .flag:
            preconditionFailure("flags are written with their history")
        }
    }

    private func write(history: [HistoryRow]) throws {
        guard !history.isEmpty else { return }
        let statement = try self.database.cachedStatement(
            sql: "INSERT INTO release_history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        var writer = JSONWriter(reservingBytes: 512)
        for row in history {
            let values = HistoryValues(row, writer: &writer)
            statement.setUncheckedArguments([
                Int64(bitPattern: row.revision.rawValue), row.environment.organization,
                row.environment.environment, row.after.key.rawValue, row.time.milliseconds,
                row.actor, row.action.rawValue, row.reason,
                row.before.map { Int64(bitPattern: $0.revision.rawValue) }, values.old, values.new,
            ])
            try statement.execute()
        }
    }

    private func write(flags: [HistoryRow]) throws {
        guard !flags.isEmpty else { return }
        let statement = try self.database.cachedStatement(sql: Self.flagUpsert)
        var writer = JSONWriter(reservingBytes: 512)
        for row in flags {
            statement.setUncheckedArguments(
                Self.arguments(row.after, in: row.environment, writer: &writer)
            )
            try statement.execute()
        }
    }

    /// Updates a flag in its place: replacing the row would move it and rewrite the index too.
    private static let flagUpsert = """
        INSERT INTO feature_flags VALUES
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (organization, environment, key) DO UPDATE SET
            name = excluded.name, description = excluded.description,
            enabled = excluded.enabled, status = excluded.status, archived = excluded.archived,
            rollout_percentage = excluded.rollout_percentage,
            target_plans = excluded.target_plans, target_roles = excluded.target_roles,
            target_companies = excluded.target_companies,
            target_regions = excluded.target_regions,
            start_date_ms = excluded.start_date_ms, end_date_ms = excluded.end_date_ms,
            variations = excluded.variations, on_variation = excluded.on_variation,
            off_variation = excluded.off_variation, salt = excluded.salt,
            bucket_by = excluded.bucket_by, created_at_ms = excluded.created_at_ms,
            created_by = excluded.created_by, updated_at_ms = excluded.updated_at_ms,
            updated_by = excluded.updated_by, revision = excluded.revision,
            created_revision = excluded.created_revision
        """

    private static func arguments(
        _ flag: Flag,
        in environment: EnvironmentID,
        writer: inout JSONWriter
    ) -> StatementArguments {
        [
            environment.organization, environment.environment, flag.key.rawValue, flag.name,
            flag.description, flag.enabled, flag.status.rawValue, flag.isArchived,
            flag.rollout.percent, Self.json(flag.audience.plans, &writer),
            Self.json(flag.audience.roles, &writer), Self.json(flag.audience.companies, &writer),
            Self.json(flag.audience.regions, &writer), flag.start?.milliseconds,
            flag.end?.milliseconds, Self.json(flag.variations, &writer), flag.onVariation,
            flag.offVariation, flag.salt, flag.bucketBy, flag.createdAt.milliseconds,
            flag.createdBy, flag.updatedAt.milliseconds, flag.updatedBy,
            Int64(bitPattern: flag.revision.rawValue),
            Int64(bitPattern: flag.createdRevision.rawValue),
        ]
    }

    private static func json(_ texts: [String], _ writer: inout JSONWriter) -> String {
        guard !texts.isEmpty else { return "[]" }
        writer.removeAll()
        writer.strings(texts)
        return writer.text
    }

    private static func json(_ variations: [Variation], _ writer: inout JSONWriter) -> String {
        writer.removeAll()
        writer.variations(variations)
        return writer.text
    }

    private func write(sessions: [Session]) throws {
        guard !sessions.isEmpty else { return }
        let statement = try self.database.cachedStatement(
            sql: "INSERT OR REPLACE INTO client_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        for session in sessions {
            var revision: Int64?
            var refusal: Refusal?
            switch session.lastOutcome {
            case .done(let done): revision = Int64(bitPattern: done.rawValue)
            case .refused(let refused): refusal = refused
            case nil: break
            }
            statement.setUncheckedArguments([
                Int64(bitPattern: session.id.rawValue), session.actor,
                session.openedAt.milliseconds, session.lastUsedAt.milliseconds,
                Int64(bitPattern: session.lastUsed.rawValue),
                Int64(bitPattern: session.lastSequence), revision, refusal?.code.rawValue,
                refusal?.message,
            ])
            try statement.execute()
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
