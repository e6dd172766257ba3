internal import GRDB

/// The tables of a ledger file: what an operator sees who opens it with `sqlite3`.
enum LedgerSchema {
    /// Raised with every change of the tables.
    static let version = 1
    /// "BNDR" in the file's header: no other SQLite file is taken for a ledger.
    static let applicationID = 0x424E_4452

    /// The statements that make the tables.
    ///
    /// Files are compared with them word for word: another spelling is another schema version.
    ///
    /// Times are milliseconds since 1970, UTC. Lists, variations and history values are JSON.
    /// A flag's history is a chain from `feature_flags.revision` by `previous_revision`: an index by flag
    /// would be written all over for each row, and the chain costs nothing. STRICT, so that a column never holds another type than it says.
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

    /// Makes the tables in an empty file, or checks that the file is this node's.
    static func prepare(
        _ database: Database,
        identity: LedgerIdentity,
        path: String
    ) throws {
        let tableCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
        if tableCount == 0 {
            try database.execute(sql: Self.tables)
            try database.execute(
                sql: "INSERT INTO ledger_state VALUES (1, ?, ?, ?, 0, 0)",
                arguments: [
                    Self.version, identity.cluster, Int64(bitPattern: identity.node),
                ]
            )
            try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
            return
        }
        try Self.check(database, identity: identity, path: path)
    }

    private static func check(
        _ database: Database,
        identity: LedgerIdentity,
        path: String
    ) throws {
        let state = try Self.state(database, path: path)
        try Self.checkObjects(database, path: path)
        guard state == identity else {
            throw LedgerError(
                .foreign,
                "\(path) belongs to node \(state.node) of cluster \"\(state.cluster)\", not to node "
                    + "\(identity.node) of \"\(identity.cluster)\": check the data folder"
            )
        }
    }

    /// Whose the file is, if it is a ledger that this program knows.
    static func state(_ database: Database, path: String) throws -> LedgerIdentity {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard application == Self.applicationID,
            let state = try Row.fetchOne(database, sql: "SELECT * FROM ledger_state")
        else {
            throw LedgerError(.foreign, "\(path) is an SQLite file, but not a ledger")
        }
        let version = try state.decode(Int.self, forColumn: "schema_version")
        guard version <= Self.version else {
            throw LedgerError(
                .newerSchema,
                "\(path) has schema \(version), and this program knows up to \(Self.version): "
                    + "run the version that wrote it, or a later one"
            )
        }
        return LedgerIdentity(
            cluster: try state.text("cluster"),
            node: UInt64(bitPattern: try state.integer("node"))
        )
    }

    /// Checks that the file has the tables of a ledger, word for word, and nothing else.
    ///
    /// A trigger or a view would run SQL that somebody else wrote.
    static func checkObjects(_ database: Database, path: String) throws {
        let expected = try Self.expectedObjects()
        let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name LIMIT ?"
        let found = try Row.fetchAll(database, sql: query, arguments: [expected.count + 1])
        guard try found.map({ try Self.object($0) }) == expected else {
            throw LedgerError(
                .foreign,
                "\(path) has other tables, indexes, views or triggers than a ledger: remove what was "
                    + "added to it"
            )
        }
    }

    private static func object(_ row: Row) throws -> [String?] {
        try ["type", "name", "tbl_name", "sql"].map { try row.textIfAny($0) }
    }

    private static func expectedObjects() throws -> [[String?]] {
        let model = try DatabaseQueue()
        return try model.write { database in
            try database.execute(sql: Self.tables)
            let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
            return try Row.fetchAll(database, sql: query).map { try Self.object($0) }
        }
    }
}
