import FlagStore
import Flags
import Ledger
import Testing

@Suite struct DigestTests {
    @Test("item 50: nodes that applied the same have the same digests, however they batched it")
    func batchesDoNotMatter() throws {
        let folders = (try TemporaryFolder(), try TemporaryFolder())
        let one = try folders.0.open(node: 1)
        var limits = LedgerLimits()
        limits.pageBytes = 4_096
        let many = try folders.1.open(node: 2, limits: limits)
        var log = RecordedLog.furnished()
        for step in 0..<50 {
            log.update(step % 3 == 0 ? "plain" : "rich") { $0.name = "name \(step)" }
        }
        let records = log.pending
        // Every record is of one command: the first has revision 1.
        for (index, record) in records.enumerated() {
            try many.record([record], applied: Revision(UInt64(index) + 1))
        }
        try one.record(records, applied: log.store.applied)
        #expect(try one.digest() == (try many.digest()))
        #expect(try one.stateHash() == log.store.stateHash())
        #expect(try many.stateHash() == log.store.stateHash())
    }

    @Test("item 50: history compares at any earlier revision, too")
    func historyComparesAtAnEarlierRevision() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        let before = try ledger.digest()
        log.update("rich") { $0.name = "later" }
        try log.record(in: ledger)
        let after = try ledger.digest()
        #expect(after.history != before.history && after.state != before.state)
        #expect(try ledger.historyDigest(through: before.revision) == before.history)
        #expect(try ledger.historyDigest(through: after.revision) == after.history)
        let error = #expect(throws: LedgerError.self) {
            _ = try ledger.historyDigest(through: Revision(after.revision.rawValue + 1))
        }
        #expect(error?.code == .outOfOrder)
    }

    @Test("item 41: one different value in any table gives another digest")
    func oneValueMatters() throws {
        for change in [
            "UPDATE organizations SET name = 'x'", "UPDATE environments SET name = 'x'",
            "UPDATE plans SET name = 'x'", "UPDATE companies SET region = 'x'",
            "UPDATE feature_flags SET rollout_percentage = 1.5 WHERE key = 'plain'",
            "UPDATE client_sessions SET last_sequence = 9 WHERE id = 5",
            "UPDATE release_history SET reason = 'x' WHERE revision = 7",
            "UPDATE ledger_state SET time_ms = time_ms + 1",
            "UPDATE ledger_state SET dropped_usage = 4",
            "UPDATE members SET role = 'viewer'", "UPDATE tokens SET role = 'developer'",
            "UPDATE segments SET name = 'x'", "UPDATE releases SET step = 1",
            "UPDATE alerts SET raised_by = 'x'", "UPDATE usage_totals SET evaluations = 1",
            "UPDATE write_windows SET count = 99", "UPDATE history_heads SET rows = 99",
            "UPDATE feature_usage SET clicks = 1 WHERE resolution = 'hour'",
            "UPDATE denied_attempts SET count = 99",
            "DELETE FROM feature_usage WHERE resolution = 'day' AND dimension = 'company'",
        ] {
            let folder = try TemporaryFolder()
            let ledger = try folder.open()
            var log = RecordedLog.complete()
            try log.record(in: ledger)
            let before = try ledger.digest()
            try ledger.close()
            try folder.edit(change)
            let edited = try folder.open()
            #expect(try edited.digest() != before, "\(change)")
        }
    }
}
