import FlagStore
import Flags
import FoundationEssentials
import Ledger
import Testing

@Suite struct LedgerTests {
    @Test func aNewLedgerIsEmpty() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        #expect(try ledger.load() == FlagStoreContents())
        #expect(try ledger.applied() == .zero)
    }

    @Test func whatIsRecordedIsLoadedAgainAfterReopening() throws {
        let folder = try TemporaryFolder()
        var log = RecordedLog.furnished()
        let first = try folder.open()
        try log.record(in: first)
        try first.close()

        let ledger = try folder.open()
        #expect(try ledger.load() == log.store.contents())
        #expect(try ledger.stateHash() == log.store.stateHash())
        #expect(try ledger.applied() == log.store.applied)
        try ledger.checkIntegrity()
    }

    @Test func aRestoredStoreGoesOnLikeTheOneThatWasRecorded() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        log.store = FlagStore(restoring: try ledger.load())
        log.update("rich") { $0.rollout = .all }
        log.update("plain") { $0.description = "x" }
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents())
    }

    @Test func aBatchWritesEachFlagAndSessionOnceAsItIsInTheEnd() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        let session = try #require(log.apply(.openSession).session?.id)
        for step: UInt64 in 1...100 {
            var patch = FlagPatch()
            patch.rollout = RolloutPercentage(thousandths: UInt32(step))
            let command = Command.updateFlag(RecordedLog.production, FlagKey("plain"), patch)
            log.apply(command, session: session, sequence: step)
        }
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents())
        let history = try ledger.history(RecordedLog.production, FlagKey("plain"), limit: 500)
        #expect(history.rows.count == 101 && !history.hasMore)
    }

    @Test func textsOfEveryLengthAreRecordedAsTheyAre() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        for length in [0, 1, 15, 16, 17, 255, 4_096] {
            log.update("plain") { $0.description = String(repeating: "é", count: length / 2) }
            log.update("rich") { $0.description = String(repeating: "\"", count: length) }
            try log.record(in: ledger)
            #expect(try ledger.load() == log.store.contents())
        }
    }

    @Test func aFlagThatIsCreatedAndChangedInOneBatchIsRecordedOnce() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        log.update("plain") { $0.name = "one" }
        log.update("plain") { $0.name = "two" }
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents())
        log.update("plain") { $0.name = "three" }
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents())
        let history = try ledger.history(RecordedLog.production, FlagKey("plain"), limit: 9)
        #expect(history.rows.map(\.after.name) == ["three", "two", "one", ""])
    }

    @Test func anExpiredSessionIsRemovedEvenIfItWasUsedInTheSameBatch() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        try log.record(in: ledger)
        #expect(try ledger.load().sessions.count == 2)
        log.apply(.openSession, after: 1)
        log.apply(.openSession, after: 7_200_000)
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents())
        #expect(try ledger.load().sessions.count == 1)
    }

    @Test func anEmptyBatchMovesTheAppliedIndex() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        try ledger.record([], applied: Revision(17))
        #expect(try ledger.applied() == Revision(17))
    }

    @Test func historyGivesEveryStateBackFromWhatChanged() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        log.update("rich") {
            $0.reason = "ramp"
            $0.rollout = .all
        }
        log.update("rich") {
            $0.end = FlagPatch.Bound.none
            $0.start = FlagPatch.Bound.none
        }
        log.update("rich") {
            $0.plans = []
            $0.name = "renamed"
        }
        log.update("rich") {
            $0.variations = [Variation(name: "z", value: .string("z"))]
            $0.onVariation = "z"
            $0.offVariation = "z"
        }
        log.update("rich") {
            $0.status = .rolledBack
            $0.enabled = false
        }
        try log.record(in: ledger)
        let expected = Array(log.rows.filter { $0.after.key.rawValue == "rich" }.reversed())
        let history = try ledger.history(RecordedLog.production, FlagKey("rich"), limit: 100)
        #expect(history.rows == expected && expected.count == 6 && !history.hasMore)
        let last = try ledger.history(RecordedLog.production, FlagKey("rich"), limit: 2)
        #expect(last.rows == Array(expected.prefix(2)) && last.hasMore)
        #expect(try ledger.history(RecordedLog.production, FlagKey("no"), limit: 9).rows.isEmpty)
        #expect(try ledger.history(RecordedLog.production, FlagKey("rich"), limit: 0).rows.isEmpty)
    }

    @Test("The pages of a flag's history are its history")
    func pagesOfHistory() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        for step in 0..<7 { log.update("rich") { $0.name = "name \(step)" } }
        try log.record(in: ledger)
        let expected = Array(log.rows.filter { $0.after.key.rawValue == "rich" }.reversed())
        for limit in 1...expected.count + 1 {
            var rows: [HistoryRow] = []
            var hasMore = true
            while hasMore {
                let page = try ledger.history(
                    RecordedLog.production,
                    FlagKey("rich"),
                    before: rows.last?.revision ?? .zero,
                    limit: limit
                )
                #expect(page.rows.count == min(limit, expected.count - rows.count))
                rows += page.rows
                hasMore = page.hasMore && !page.rows.isEmpty
            }
            #expect(rows == expected)
        }
    }

    @Test func aThousandRandomChangesComeBackAsTheyWere() throws {
        let seed: UInt64 = 4
        var state = seed
        func pick(_ count: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % count
        }
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.furnished()
        for step in 0..<1_000 {
            log.update(pick(2) == 0 ? "rich" : "plain") { patch in
                if pick(2) == 0 {
                    patch.rollout = RolloutPercentage(thousandths: UInt32(pick(100_001)))
                }
                if pick(3) == 0 { patch.name = "name \(pick(5))" }
                if pick(3) == 0 { patch.companies = (0..<pick(4)).map { "c\($0)" } }
                if pick(5) == 0 {
                    patch.end =
                        pick(2) == 0
                        ? FlagPatch.Bound.none : .at(.init(milliseconds: 5_000 + Int64(pick(9))))
                }
            }
            if step % 50 == 0 { try log.record(in: ledger) }
        }
        try log.record(in: ledger)
        #expect(try ledger.load() == log.store.contents(), "seed \(seed)")
        for key in ["rich", "plain", "gone"] {
            let expected = Array(log.rows.filter { $0.after.key.rawValue == key }.reversed())
            let history = try ledger.history(RecordedLog.production, FlagKey(key), limit: 1_000)
            #expect(history.rows == expected, "seed \(seed)")
        }
    }
}
