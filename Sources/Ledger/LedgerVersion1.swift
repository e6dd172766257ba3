internal import Checksum
internal import FlagStore
internal import Flags
internal import GRDB

/// Ledger files of schema version 1: their tables, and how the rows get into those of today.
enum LedgerVersion1 {
    /// Word for word as they were.
    static let tables = """
        CREATE TABLE ledger_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            schema_version INTEGER NOT NULL,
            cluster TEXT NOT NULL,
            node INTEGER NOT NULL,
            applied_index INTEGER NOT NULL,
            time_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE organizations (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL
        ) STRICT;
        CREATE TABLE environments (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;
        CREATE TABLE plans (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;
        CREATE TABLE companies (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            plan TEXT NOT NULL,
            region TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;
        CREATE TABLE feature_flags (
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            enabled INTEGER NOT NULL,
            status TEXT NOT NULL,
            archived INTEGER NOT NULL,
            rollout_percentage REAL NOT NULL,
            target_plans TEXT NOT NULL,
            target_roles TEXT NOT NULL,
            target_companies TEXT NOT NULL,
            target_regions TEXT NOT NULL,
            start_date_ms INTEGER,
            end_date_ms INTEGER,
            variations TEXT NOT NULL,
            on_variation TEXT NOT NULL,
            off_variation TEXT NOT NULL,
            salt TEXT NOT NULL,
            bucket_by TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            updated_at_ms INTEGER NOT NULL,
            updated_by TEXT NOT NULL,
            revision INTEGER NOT NULL,
            created_revision INTEGER NOT NULL,
            PRIMARY KEY (organization, environment, key)
        ) STRICT;
        CREATE TABLE release_history (
            revision INTEGER PRIMARY KEY,
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            flag_key TEXT NOT NULL,
            time_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            reason TEXT NOT NULL,
            previous_revision INTEGER,
            old_value TEXT,
            new_value TEXT NOT NULL
        ) STRICT;
        CREATE TABLE client_sessions (
            id INTEGER PRIMARY KEY,
            actor TEXT NOT NULL,
            opened_at_ms INTEGER NOT NULL,
            last_used_at_ms INTEGER NOT NULL,
            last_used INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            outcome_revision INTEGER,
            refusal_code TEXT,
            refusal_message TEXT
        ) STRICT;
        """

    /// Puts the rows into new tables, all within the transaction that the caller has begun.
    ///
    /// What version 1 did not record gets what it was then: nothing. The history is chained now, as
    /// if it had been from the beginning, so that all nodes of a cluster get the same hashes.
    static func bringUpToDate(_ database: Database) throws {
        for table in Self.names {
            try database.execute(sql: "ALTER TABLE \(table) RENAME TO \(table)_1")
        }
        try database.execute(sql: LedgerTables.all)
        try database.execute(sql: Self.copies)
        try Self.copyTenancy(database)
        try Self.copyHistory(database)
        for table in Self.names { try database.execute(sql: "DROP TABLE \(table)_1") }
    }

    private static let names = [
        "ledger_state", "organizations", "environments", "plans", "companies", "feature_flags",
        "release_history", "client_sessions",
    ]

    private static let copies = """
        INSERT INTO ledger_state
            SELECT id, \(LedgerSchema.version), cluster, node, applied_index, time_ms, 0
            FROM ledger_state_1;
        INSERT INTO client_sessions SELECT * FROM client_sessions_1;
        INSERT INTO feature_flags
            SELECT *, '[]', '', 'null', '{}', NULL, NULL, NULL FROM feature_flags_1;
        """

    private static func copyTenancy(_ database: Database) throws {
        for row in try Row.fetchAll(database, sql: "SELECT * FROM organizations_1") {
            try database.write(Organization(id: try row.text("id"), name: try row.text("name")))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM environments_1") {
            let id = EnvironmentID(
                organization: try row.text("organization"),
                environment: try row.text("id")
            )
            try database.write(Flags.Environment(id: id, name: try row.text("name")))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM plans_1") {
            try database.write(
                Plan(
                    organization: try row.text("organization"),
                    id: try row.text("id"),
                    name: try row.text("name")
                )
            )
        }
        let companies = try Row.fetchCursor(database, sql: "SELECT * FROM companies_1")
        while let row = try companies.next() {
            try database.write(
                Company(
                    organization: try row.text("organization"),
                    id: try row.text("id"),
                    name: try row.text("name"),
                    plan: try row.text("plan"),
                    region: try row.text("region")
                )
            )
        }
    }

    private static func copyHistory(_ database: Database) throws {
        var heads = HistoryHeads(database)
        var statement = try HistoryStatement(database)
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT * FROM release_history_1 ORDER BY revision"
        )
        while let row = try rows.next() {
            let revision = try row.revision("revision")
            let link = HistoryLink(
                id: HistoryHeads.id(revision, 0),
                revision: revision.rawValue,
                organization: try row.text("organization"),
                environment: try row.text("environment"),
                kind: HistoryHeads.flagKind,
                subject: try row.text("flag_key"),
                time: try row.integer("time_ms"),
                actor: try row.text("actor"),
                action: try row.text("action"),
                reason: try row.text("reason"),
                before: try row.textIfAny("old_value") ?? "",
                after: try row.text("new_value")
            )
            let previous = try row.integerIfAny("previous_revision")
            try statement.write(link, previousRevision: previous, in: &heads)
        }
        try heads.save()
    }
}
