import FlagStore
import Flags
import FoundationEssentials
import GRDB
import Ledger
import Testing

@Suite struct LedgerRefusalTests {
    @Test func aBatchThatFailsLeavesNothingBehind() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        let before = try ledger.load()
        log.update("plain") { $0.name = "renamed" }
        // The same row twice breaks the history's key after the batch has begun to be written.
        let twice = log.pending + log.pending
        #expect(throws: LedgerError.self) {
            try ledger.record(twice, applied: log.store.applied)
        }
        #expect(try ledger.load() == before)
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents())
    }

    @Test func aProcessThatDiesBeforeItCommitsLosesTheWholeBatch() throws {
        let folder = try TemporaryFolder()
        let first = try folder.open()
        var log = RecordedLog.furnished()
        try log.record(in: first)
        try first.close()

        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let dying = try DatabaseQueue(path: folder.file, configuration: configuration)
        try dying.writeWithoutTransaction { database in
            try database.beginTransaction(.immediate)
            try database.execute(sql: "UPDATE ledger_state SET applied_index = 99")
            try database.execute(sql: "DELETE FROM feature_flags")
        }
        try dying.close()
        #expect(try folder.open().load() == log.store.contents())
    }

    @Test func anOlderBatchIsRefused() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        try ledger.record([], applied: Revision(20))
        Self.expect(.outOfOrder) { try ledger.record([], applied: Revision(19)) }
        #expect(try ledger.applied() == Revision(20))
    }

    @Test func anotherNodesOrClustersFileIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.open(cluster: "test", node: 1).close()
        Self.expect(.foreign, "node 1 of cluster \"test\"") { _ = try folder.open(node: 2) }
        Self.expect(.foreign) { _ = try folder.open(cluster: "other") }
        #expect(try folder.open().applied() == .zero)
    }

    @Test func anSQLiteFileThatIsNoLedgerIsRefused() throws {
        let folder = try TemporaryFolder()
        let other = try DatabaseQueue(path: folder.file)
        try other.write { try $0.execute(sql: "CREATE TABLE songs (name TEXT)") }
        try other.close()
        Self.expect(.foreign, "not a ledger") { _ = try folder.open() }
    }

    @Test func aNewerSchemaIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let later = try DatabaseQueue(path: folder.file)
        try later.write { try $0.execute(sql: "UPDATE ledger_state SET schema_version = 3") }
        try later.close()
        Self.expect(.newerSchema, "schema 3") { _ = try folder.open() }
    }

    @Test func aFileOfOtherBytesIsCorrupted() throws {
        let folder = try TemporaryFolder()
        let noise = Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
        try noise.write(to: URL(filePath: folder.file))
        Self.expect(.corrupted, "Move the file away") { _ = try folder.open() }
    }

    @Test func damageInTheMiddleIsFoundAndReported() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        for index in 0..<300 {
            let definition = FlagDefinition(key: FlagKey("flag-\(index)"))
            log.apply(.createFlag(RecordedLog.production, definition))
        }
        try log.record(in: ledger)
        try ledger.close()
        var bytes = try Data(contentsOf: URL(filePath: folder.file))
        for index in 4_096..<(bytes.count - 4_096) { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: folder.file))
        Self.expect(.corrupted) {
            let damaged = try folder.open()
            try damaged.checkIntegrity()
            _ = try damaged.load()
        }
    }

    @Test func aRowOfTheWrongShapeIsAnErrorNotATrap() throws {
        for change in [
            "UPDATE feature_flags SET status = 'sideways'",
            "UPDATE feature_flags SET target_plans = '[1'",
            "UPDATE feature_flags SET rollout_percentage = 300",
            "UPDATE client_sessions SET refusal_code = 'no', outcome_revision = NULL",
        ] {
            let folder = try TemporaryFolder()
            var log = RecordedLog.furnished()
            let ledger = try folder.open()
            try log.record(in: ledger)
            try ledger.close()
            let editor = try DatabaseQueue(path: folder.file)
            try editor.write { try $0.execute(sql: change) }
            try editor.close()
            Self.expect(.corrupted, change) { _ = try folder.open().load() }
        }
    }

    @Test func aFullDiskIsReportedAndTheBatchCanBeRecordedLater() throws {
        let folder = try TemporaryFolder()
        var limits = LedgerLimits()
        limits.filePagesMax = 40
        let small = try folder.open(limits: limits)
        var log = RecordedLog.furnished()
        try log.record(in: small)
        let before = try small.load()
        let text = Value.string(String(repeating: "x", count: 60_000))
        for index in 0..<5 {
            var definition = FlagDefinition(key: FlagKey("large-\(index)"))
            definition.variations = [Variation(name: "v", value: text)]
            log.apply(.createFlag(RecordedLog.production, definition))
        }
        let pending = log.pending
        Self.expect(.diskFull) { try small.record(pending, applied: log.store.applied) }
        #expect(try small.load() == before)
        try small.close()

        let roomy = try folder.open()
        try log.record(in: roomy)
        #expect(try roomy.load() == log.store.contents())
    }

    @Test func aFolderThatIsNotThereIsUnavailable() {
        let identity = LedgerIdentity(cluster: "test", node: 1)
        Self.expect(.unavailable) {
            _ = try Ledger.open(path: "/nonexistent/ledger.sqlite", identity: identity)
        }
    }

    private static func expect(
        _ code: LedgerError.Code,
        _ part: String = "",
        _ body: () throws -> Void
    ) {
        let error = #expect(throws: LedgerError.self, "\(part)") { try body() }
        #expect(error?.code == code, "\(part): \(error?.message ?? "")")
        if !part.hasPrefix("UPDATE"), !part.isEmpty {
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        }
    }
}
