internal import FlagStore
internal import Flags
internal import GRDB

/// The rows that a batch has by the hundred.
extension Database {
    func write(history: [LedgerBatch.History]) throws {
        guard !history.isEmpty else { return }
        var heads = HistoryHeads(self)
        var statement = try HistoryStatement(self)
        for index in history.indices {
            switch history[index] {
            case .flag(let row, let id): try statement.write(row, id, in: &heads)
            case .object(let row, let id): try statement.write(row, id, in: &heads)
            }
        }
        try heads.save()
    }

    /// Writes the flags that the rows numbered `flags` left.
    func write(flags: [Int], of history: [LedgerBatch.History]) throws {
        guard !flags.isEmpty else { return }
        var row = try RowStatement(self, sql: Self.flagUpdate, otherwise: Self.flagInsertion)
        for index in flags {
            guard case .flag(let change, _) = history[index] else { continue }
            row.fill(change.after, in: change.environment)
            try row.run()
        }
    }

    func write(sessions: [Session]) throws {
        guard !sessions.isEmpty else { return }
        var row = try RowStatement(
            self,
            sql: "INSERT OR REPLACE INTO client_sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        for index in sessions.indices {
            row.fill(sessions[index])
            try row.run()
        }
    }

    /// Changes a flag in its place: replacing the row would move it and rewrite the index too.
    ///
    /// The parameters are numbered as the columns are, for the insertion when there is no row.
    private static let flagUpdate = """
        UPDATE feature_flags SET
            name = ?4, description = ?5, enabled = ?6, status = ?7, archived = ?8,
            rollout_percentage = ?9, target_plans = ?10, target_roles = ?11,
            target_companies = ?12, target_regions = ?13, start_date_ms = ?14, end_date_ms = ?15,
            variations = ?16, on_variation = ?17, off_variation = ?18, salt = ?19, bucket_by = ?20,
            created_at_ms = ?21, created_by = ?22, updated_at_ms = ?23, updated_by = ?24,
            revision = ?25, created_revision = ?26, tags = ?27, owner = ?28, json_schema = ?29,
            targeting = ?30, recorded_start_ms = ?31, recorded_end_ms = ?32, release = ?33
        WHERE organization = ?1 AND environment = ?2 AND key = ?3
        """
    private static let flagInsertion = """
        INSERT INTO feature_flags VALUES
            (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
            ?, ?, ?, ?)
        """
}

extension RowStatement {
    fileprivate mutating func fill(_ flag: Flag, in environment: EnvironmentID) {
        let audience = flag.audience
        self.text(environment.organization)
        self.text(environment.environment)
        self.text(flag.key.rawValue)
        self.text(flag.name)
        self.text(flag.description)
        self.integer(flag.enabled)
        self.text(flag.status.rawValue)
        self.integer(flag.isArchived)
        self.real(flag.rollout.percent)
        self.json { $0.strings(audience.plans) }
        self.json { $0.strings(audience.roles) }
        self.json { $0.strings(audience.companies) }
        self.json { $0.strings(audience.regions) }
        self.integer(flag.start?.milliseconds)
        self.integer(flag.end?.milliseconds)
        self.json { $0.variations(flag.variations) }
        self.text(flag.onVariation)
        self.text(flag.offVariation)
        self.text(flag.salt)
        self.text(flag.bucketBy)
        self.integer(flag.createdAt)
        self.text(flag.createdBy)
        self.integer(flag.updatedAt)
        self.text(flag.updatedBy)
        self.integer(flag.revision)
        self.integer(flag.createdRevision)
        let labels = flag.labels
        self.json { $0.strings(labels.tags) }
        self.text(labels.owner)
        self.json { $0.value(labels.schema) }
        let targeting = flag.targeting
        // Most flags have none, and making its document takes longer than all the rest.
        if targeting.isEmpty { self.text("{}") } else { self.json { $0.value(targeting.document) } }
        self.integer(flag.recordedStart?.milliseconds)
        self.integer(flag.recordedEnd?.milliseconds)
        if let release = flag.release { self.integer(release) } else { self.null() }
    }

    fileprivate mutating func fill(_ session: borrowing Session) {
        self.integer(session.id)
        self.text(session.actor)
        self.integer(session.openedAt)
        self.integer(session.lastUsedAt)
        self.integer(session.lastUsed)
        self.integer(Int64(bitPattern: session.lastSequence))
        switch session.lastOutcome {
        case .done(let revision):
            self.integer(revision)
            self.null()
            self.null()
        case .refused(let refusal):
            self.null()
            self.text(refusal.code.rawValue)
            self.text(refusal.message)
        case nil:
            self.null()
            self.null()
            self.null()
        }
    }
}
