internal import GRDB

/// Makes, recognizes and brings up to date the tables of a ledger file.
enum LedgerSchema {
    /// Raised with every change of the tables.
    static let version = 2
    /// "BNDR" in the file's header: no other SQLite file is taken for a ledger.
    static let applicationID = 0x424E_4452

    /// Makes the tables in an empty file, or checks that the file is this node's and brings it up to
    /// date.
    static func prepare(
        _ database: Database,
        identity: LedgerIdentity,
        path: String
    ) throws {
        let tableCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
        if tableCount == 0 {
            try database.execute(sql: LedgerTables.all)
            try database.execute(
                sql: "INSERT INTO ledger_state VALUES (1, ?, ?, ?, 0, 0, 0)",
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
        let (version, owner) = try Self.state(database, path: path)
        let tables = version == 1 ? LedgerVersion1.tables : LedgerTables.all
        try Self.checkObjects(database, tables, path: path)
        guard owner == identity else {
            throw LedgerError(
                .foreign,
                "\(path) belongs to node \(owner.node) of cluster \"\(owner.cluster)\", not to node "
                    + "\(identity.node) of \"\(identity.cluster)\": check the data folder"
            )
        }
        if version == 1 { try LedgerVersion1.bringUpToDate(database) }
    }

    /// Which version's tables the file has and whose it is, if it is a ledger that this program
    /// knows.
    static func state(
        _ database: Database,
        path: String
    ) throws -> (version: Int, owner: LedgerIdentity) {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard application == Self.applicationID,
            let state = try Row.fetchOne(database, sql: "SELECT * FROM ledger_state")
        else {
            throw LedgerError(.foreign, "\(path) is an SQLite file, but not a ledger")
        }
        let version = try state.decode(Int.self, forColumn: "schema_version")
        guard version >= 1 else {
            throw LedgerError(.foreign, "\(path) has schema \(version), which there never was")
        }
        guard version <= Self.version else {
            throw LedgerError(
                .newerSchema,
                "\(path) has schema \(version), and this program knows up to \(Self.version): "
                    + "run the version that wrote it, or a later one"
            )
        }
        let owner = LedgerIdentity(
            cluster: try state.text("cluster"),
            node: UInt64(bitPattern: try state.integer("node"))
        )
        return (version, owner)
    }

    /// Checks that the file has the tables of a ledger, word for word, and nothing else.
    ///
    /// A trigger or a view would run SQL that somebody else wrote.
    static func checkObjects(
        _ database: Database,
        _ tables: String = LedgerTables.all,
        path: String
    ) throws {
        let expected = try Self.objects(tables)
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

    private static func objects(_ tables: String) throws -> [[String?]] {
        let model = try DatabaseQueue()
        return try model.write { database in
            try database.execute(sql: tables)
            let query = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
            return try Row.fetchAll(database, sql: query).map { try Self.object($0) }
        }
    }
}
