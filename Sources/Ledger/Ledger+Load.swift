package import FlagStore
internal import Flags
internal import GRDB

extension Ledger {
    /// Everything that is recorded, as it is at the applied index: what a node starts from.
    package func load() throws(LedgerError) -> FlagStoreContents {
        try self.read { try Self.contents($0) }
    }

    static func contents(_ database: Database) throws -> FlagStoreContents {
        guard let state = try Row.fetchOne(database, sql: "SELECT * FROM ledger_state") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "ledger_state is empty")
        }
        return FlagStoreContents(
            applied: try state.revision("applied_index"),
            time: try state.timestamp("time_ms"),
            organizations: try database.objects(),
            environments: try database.objects(),
            plans: try database.objects(),
            companies: try database.objects(),
            flags: try Self.flags(database),
            members: try database.objects(),
            tokens: try database.objects(),
            segments: try database.objects(),
            releases: try database.objects(),
            alerts: try database.objects(),
            totals: try database.objects(),
            windows: try Self.windows(database),
            dropped: UInt64(bitPattern: try state.integer("dropped_usage")),
            sessions: try Self.sessions(database)
        )
    }

    /// The flag as it is recorded; `nil` when there is none.
    static func flag(
        _ database: Database,
        _ environment: EnvironmentID,
        _ key: FlagKey
    ) throws -> Flag? {
        var decoder = FlagRowDecoder()
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT * FROM feature_flags
                WHERE organization = ? AND environment = ? AND key = ?
                """,
            arguments: [environment.organization, environment.environment, key.rawValue]
        )
        return try row.map { try decoder.flag($0) }
    }

    private static func windows(
        _ database: Database
    ) throws -> [FlagStoreContents.TenantWindow] {
        try Row.fetchAll(database, sql: "SELECT * FROM write_windows ORDER BY organization")
            .map { row in
                guard let count = UInt32(exactly: try row.integer("count")) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a count of writes")
                }
                return FlagStoreContents.TenantWindow(
                    organization: try row.text("organization"),
                    window: WriteWindow(second: try row.integer("second"), count: count)
                )
            }
    }

    private static func flags(_ database: Database) throws -> [FlagStoreContents.PlacedFlag] {
        var flags: [FlagStoreContents.PlacedFlag] = []
        var decoder = FlagRowDecoder()
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT * FROM feature_flags ORDER BY organization, environment, key"
        )
        while let row = try rows.next() {
            let environment = EnvironmentID(
                organization: try row.text("organization"),
                environment: try row.text("environment")
            )
            flags.append(.init(environment: environment, flag: try decoder.flag(row)))
        }
        return flags
    }

    /// The flags of an environment, archived ones too.
    static func flags(_ database: Database, in environment: EnvironmentID) throws -> [Flag] {
        var flags: [Flag] = []
        var decoder = FlagRowDecoder()
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT * FROM feature_flags WHERE organization = ? AND environment = ?",
            arguments: [environment.organization, environment.environment]
        )
        while let row = try rows.next() { flags.append(try decoder.flag(row)) }
        return flags
    }

    private static func sessions(_ database: Database) throws -> [Session] {
        var sessions: [Session] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM client_sessions ORDER BY id")
        while let row = try rows.next() { sessions.append(try Session(row)) }
        return sessions
    }
}

extension Session {
    fileprivate init(_ row: Row) throws {
        var outcome: Outcome?
        if let revision = try row.integerIfAny("outcome_revision") {
            outcome = .done(Revision(UInt64(bitPattern: revision)))
        } else if let name = try row.textIfAny("refusal_code") {
            guard let code = Refusal.Code(rawValue: name) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "refusal code \(name)")
            }
            outcome = .refused(Refusal(code: code, message: try row.text("refusal_message")))
        }
        self.init(
            id: try row.revision("id"),
            actor: try row.text("actor"),
            openedAt: try row.timestamp("opened_at_ms"),
            lastUsedAt: try row.timestamp("last_used_at_ms"),
            lastUsed: try row.revision("last_used"),
            lastSequence: try row.revision("last_sequence").rawValue,
            lastOutcome: outcome
        )
    }
}
