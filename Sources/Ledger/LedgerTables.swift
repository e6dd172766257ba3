/// The tables of a ledger file: what an operator sees who opens it with `sqlite3`.
enum LedgerTables {
    /// The statements that make the tables.
    ///
    /// Files are compared with them word for word: another spelling is another schema version.
    ///
    /// Times are milliseconds since 1970, UTC. Lists, variations and values are JSON. A `document`
    /// is all of a thing as JSON, and what the node reads; the columns before it are for people, and
    /// say the same. STRICT, so that a column never holds another type than it says.
    static let all = Self.state + Self.tenancy + Self.flags + Self.history + Self.usage

    private static let state = """
        CREATE TABLE ledger_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            schema_version INTEGER NOT NULL,
            cluster TEXT NOT NULL,
            node INTEGER NOT NULL,
            applied_index INTEGER NOT NULL,
            time_ms INTEGER NOT NULL,
            dropped_usage INTEGER NOT NULL
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
        CREATE TABLE write_windows (
            organization TEXT NOT NULL PRIMARY KEY,
            second INTEGER NOT NULL,
            count INTEGER NOT NULL
        ) STRICT;

        """

    private static let tenancy = """
        CREATE TABLE organizations (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE TABLE environments (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;
        CREATE TABLE plans (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;
        CREATE TABLE companies (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            plan TEXT NOT NULL,
            region TEXT NOT NULL,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;
        CREATE TABLE members (
            organization TEXT NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, name)
        ) STRICT;
        CREATE TABLE tokens (
            organization TEXT NOT NULL,
            id TEXT NOT NULL,
            environment TEXT NOT NULL,
            role TEXT NOT NULL,
            member TEXT NOT NULL,
            expires_at_ms INTEGER,
            revoked_at_ms INTEGER,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, id)
        ) STRICT;

        """

    private static let flags = """
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
            tags TEXT NOT NULL,
            owner TEXT NOT NULL,
            json_schema TEXT NOT NULL,
            targeting TEXT NOT NULL,
            recorded_start_ms INTEGER,
            recorded_end_ms INTEGER,
            release INTEGER,
            PRIMARY KEY (organization, environment, key)
        ) STRICT;
        CREATE TABLE segments (
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            key TEXT NOT NULL,
            name TEXT NOT NULL,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, environment, key)
        ) STRICT;
        CREATE TABLE releases (
            id INTEGER PRIMARY KEY,
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            flag TEXT NOT NULL,
            state TEXT NOT NULL,
            step INTEGER NOT NULL,
            started_by TEXT NOT NULL,
            started_at_ms INTEGER NOT NULL,
            finished_at_ms INTEGER,
            revision INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            flag TEXT NOT NULL,
            kind TEXT NOT NULL,
            raised_by TEXT NOT NULL,
            raised_at_ms INTEGER NOT NULL,
            acknowledged_at_ms INTEGER,
            document TEXT NOT NULL
        ) STRICT;

        """

    /// A flag's history is a chain from `feature_flags.revision` by `previous_revision`: an index
    /// by flag would be written all over for each row, and the chain costs nothing.
    ///
    /// The rows of an organization are found by an index that only ever grows at its end; those of
    /// one thing that is no flag, which are few, by one that has no flags in it. The hashes are a
    /// chain, too (`HistoryLink`), and `history_heads` says where each organization's ends.
    private static let history = """
        CREATE TABLE release_history (
            id INTEGER PRIMARY KEY,
            revision INTEGER GENERATED ALWAYS AS (id >> 3) VIRTUAL,
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            time_ms INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            reason TEXT NOT NULL,
            previous_revision INTEGER,
            old_value TEXT NOT NULL,
            new_value TEXT NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX release_history_organization ON release_history (organization);
        CREATE INDEX release_history_object
            ON release_history (organization, environment, kind, subject) WHERE kind <> 'flag';
        CREATE TABLE history_heads (
            organization TEXT NOT NULL PRIMARY KEY,
            rows INTEGER NOT NULL,
            last_id INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        """

    /// Usage lies in the order of time: what is written now lies together, and so does what has to
    /// be forgotten.
    private static let usage = """
        CREATE TABLE feature_usage (
            resolution TEXT NOT NULL,
            start_ms INTEGER NOT NULL,
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            dimension TEXT NOT NULL,
            flag TEXT NOT NULL,
            variation TEXT NOT NULL,
            value TEXT NOT NULL,
            evaluations INTEGER NOT NULL,
            views INTEGER NOT NULL,
            clicks INTEGER NOT NULL,
            errors INTEGER NOT NULL,
            conversions INTEGER NOT NULL,
            latencies INTEGER NOT NULL,
            latency_us INTEGER NOT NULL,
            feedbacks INTEGER NOT NULL,
            feedback_thousandths INTEGER NOT NULL,
            PRIMARY KEY (
                resolution, start_ms, organization, environment, dimension, flag, variation, value
            )
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE usage_totals (
            organization TEXT NOT NULL,
            environment TEXT NOT NULL,
            flag TEXT NOT NULL,
            evaluations INTEGER NOT NULL,
            last_updated_ms INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (organization, environment, flag)
        ) STRICT;
        CREATE TABLE denied_attempts (
            start_ms INTEGER NOT NULL,
            organization TEXT NOT NULL,
            actor TEXT NOT NULL,
            method TEXT NOT NULL,
            count INTEGER NOT NULL,
            last_ms INTEGER NOT NULL,
            PRIMARY KEY (start_ms, organization, actor, method)
        ) STRICT, WITHOUT ROWID;
        """
}
