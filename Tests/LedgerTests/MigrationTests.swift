import FlagStore
import Flags
import FoundationEssentials
import GRDB
import Ledger
import Testing

/// Files of schema version 1, opened by this version.
@Suite struct MigrationTests {
    @Test func aFileOfVersion1IsBroughtUpToDate() throws {
        let folder = try TemporaryFolder()
        let log = try Self.makeVersion1(folder)
        let ledger = try folder.open()
        var expected = log.store.contents()
        // Version 1 recorded neither revisions of these nor that a date had come.
        for index in expected.organizations.indices {
            expected.organizations[index].revision = .zero
        }
        for index in expected.environments.indices { expected.environments[index].revision = .zero }
        for index in expected.plans.indices { expected.plans[index].revision = .zero }
        for index in expected.companies.indices { expected.companies[index].revision = .zero }
        expected.flags = expected.flags.map {
            .init(environment: $0.environment, flag: Self.undated($0.flag))
        }
        #expect(try ledger.load() == expected)
        for key in ["rich", "plain", "gone"] {
            let rows = log.rows.filter { $0.after.key.rawValue == key }.reversed()
            let place = RecordedLog.production
            let history = try ledger.history(place, FlagKey(key), limit: 100).rows
            #expect(history.map(\.after) == rows.map { Self.undated($0.after) })
            #expect(history.map(\.before) == rows.map { $0.before.map(Self.undated) })
            #expect(history.map(\.action) == rows.map(\.action))
        }
        let check = try ledger.verifyHistory("acme")
        #expect(check.firstBad == nil && check.rows == UInt64(log.rows.count))
        try ledger.checkIntegrity()
        try ledger.close()
        #expect(try folder.count("SELECT schema_version FROM ledger_state") == 2)

        // And it goes on like any other.
        let again = try folder.open()
        var later = log
        later.store = FlagStore(restoring: try again.load())
        later.pending = []
        later.update("plain") { $0.tags = ["new"] }
        try later.record(in: again)
        #expect(try again.load() == later.store.contents())
        #expect(try again.verifyHistory("acme").firstBad == nil)
    }

    @Test func allNodesGetTheSame() throws {
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let digests = try folders.map { folder in
            _ = try Self.makeVersion1(folder)
            return try folder.open().digest()
        }
        #expect(digests[0] == digests[1])
    }

    @Test func aFileThatCannotBeBroughtUpToDateStaysWhatItIs() throws {
        let folder = try TemporaryFolder()
        _ = try Self.makeVersion1(folder)
        var limits = LedgerLimits()
        limits.filePagesMax = 26
        let error = #expect(throws: LedgerError.self) { _ = try folder.open(limits: limits) }
        #expect(error?.code == .diskFull)
        #expect(try folder.count("SELECT schema_version FROM ledger_state") == 1)
        #expect(try folder.open().load().flags.count == 3)
    }

    @Test(
        arguments: [
            "CREATE TRIGGER t AFTER UPDATE ON ledger_state BEGIN DELETE FROM feature_flags; END",
            "CREATE TABLE feature_usage (a)", "ALTER TABLE plans ADD COLUMN extra TEXT",
            "UPDATE ledger_state SET node = 7",
        ]
    )
    func aFileThatIsNoneIsNotTouched(change: String) throws {
        let folder = try TemporaryFolder()
        _ = try Self.makeVersion1(folder)
        try folder.edit(change)
        let error = #expect(throws: LedgerError.self) { _ = try folder.open() }
        #expect(error?.code == .foreign)
        #expect(try folder.count("SELECT schema_version FROM ledger_state") == 1)
    }

    @Test func rowsThatDoNotReadAreRefused() throws {
        let folder = try TemporaryFolder()
        _ = try Self.makeVersion1(folder)
        try folder.edit("UPDATE feature_flags SET status = 'sideways'")
        let ledger = try folder.open()
        let error = #expect(throws: LedgerError.self) { _ = try ledger.load() }
        #expect(error?.code == .corrupted)
    }

    private static func undated(_ flag: Flag) -> Flag {
        var flag = flag
        flag.recordedStart = nil
        return flag
    }

    /// Puts what version 1 recorded of a furnished log into its tables, in a file of its own.
    private static func makeVersion1(_ folder: TemporaryFolder) throws -> RecordedLog {
        var log = RecordedLog.furnished()
        for step in 0..<30 { log.update("plain") { $0.name = "name \(step)" } }
        let today = try TemporaryFolder()
        let ledger = try today.open()
        let rows = log
        try log.record(in: ledger)
        try ledger.close()
        let file = try DatabaseQueue(path: folder.file)
        try file.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA application_id = \(0x424E_4452)")
            try database.execute(sql: Self.tables)
            try database.execute(sql: "ATTACH '\(today.file)' AS today")
            try database.execute(sql: Self.rows)
        }
        try file.close()
        return rows
    }

    private static let rows = """
        INSERT INTO main.ledger_state
            SELECT id, 1, cluster, node, applied_index, time_ms FROM today.ledger_state;
        INSERT INTO main.organizations SELECT id, name FROM today.organizations;
        INSERT INTO main.environments SELECT organization, id, name FROM today.environments;
        INSERT INTO main.plans SELECT organization, id, name FROM today.plans;
        INSERT INTO main.companies
            SELECT organization, id, name, plan, region FROM today.companies;
        INSERT INTO main.feature_flags SELECT organization, environment, key, name, description,
            enabled, status, archived, rollout_percentage, target_plans, target_roles,
            target_companies, target_regions, start_date_ms, end_date_ms, variations, on_variation,
            off_variation, salt, bucket_by, created_at_ms, created_by, updated_at_ms, updated_by,
            revision, created_revision FROM today.feature_flags;
        INSERT INTO main.release_history SELECT id >> 3, organization, environment, subject,
            time_ms, actor, action, reason, previous_revision,
            CASE WHEN old_value = '' THEN NULL ELSE old_value END,
            json_remove(new_value, '$.tags', '$.owner', '$.schema', '$.prerequisites',
                '$.overrides', '$.targets', '$.rules', '$.weights', '$.recorded_start',
                '$.recorded_end', '$.release')
            FROM today.release_history WHERE kind = 'flag';
        INSERT INTO main.client_sessions SELECT * FROM today.client_sessions;
        """

    /// Version 1's tables, word for word.
    private static let tables = """
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
}
