import FlagStore
import Flags
import Ledger
import Testing

@Suite struct TimeTravelTests {
    @Test func thePastIsAsItWas() throws {
        for seed: UInt64 in 31...33 {
            let folder = try TemporaryFolder()
            let ledger = try folder.open()
            var wanderer = Wanderer(seed: seed)
            var past: [FlagStoreContents] = []
            for step in 0..<500 {
                wanderer.step()
                if step % 25 == 0 { past.append(wanderer.log.store.contents()) }
            }
            past.append(wanderer.log.store.contents())
            try wanderer.log.record(in: ledger)
            for contents in past {
                try Self.compare(contents, ledger, "seed \(seed), revision \(contents.applied)")
            }
        }
    }

    private static func compare(
        _ contents: FlagStoreContents,
        _ ledger: Ledger,
        _ comment: Comment
    ) throws {
        for environment in Wanderer.environments {
            let flags = contents.flags.filter { $0.environment == environment }.map(\.flag)
            let segments = contents.segments.filter { $0.environment == environment }
                .map(\.segment)
            let found = try ledger.contents(of: environment, asOf: contents.applied)
            #expect(found.flags == flags, comment)
            #expect(found.segments == segments, comment)
            for key in ["a", "b", "c", "d", "never"] {
                let flag = try ledger.flag(environment, FlagKey(key), asOf: contents.applied)
                #expect(flag == flags.first { $0.key.rawValue == key }, comment)
            }
            for key in ["n0", "n1", "n2", "n3", "never"] {
                let segment = try ledger.segment(environment, key, asOf: contents.applied)
                #expect(segment == segments.first { $0.key == key }, comment)
            }
        }
    }

    @Test("The time of a revision is that of the last change up to it")
    func timesOfRevisions() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.complete()
        try log.record(in: ledger)
        #expect(try ledger.time(of: .zero) == nil)
        #expect(!log.rows.isEmpty)
        for row in log.rows { #expect(try ledger.time(of: row.revision) == row.time) }
        let last = try #require(log.rows.map(\.time).max())
        let end = try #require(try ledger.time(of: log.store.applied))
        #expect(end >= last)
    }

    @Test func theFutureIsRefused() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.complete()
        try log.record(in: ledger)
        let later = Revision(log.store.applied.rawValue + 1)
        for read: () throws -> Void in [
            { _ = try ledger.flag(RecordedLog.production, FlagKey("rich"), asOf: later) },
            { _ = try ledger.segment(RecordedLog.production, "beta", asOf: later) },
            { _ = try ledger.contents(of: RecordedLog.production, asOf: later) },
        ] {
            let error = #expect(throws: LedgerError.self) { try read() }
            #expect(error?.code == .outOfOrder)
        }
    }

    @Test func tooManyChangesAreNotUndone() throws {
        let folder = try TemporaryFolder()
        var limits = LedgerLimits()
        limits.historyUndoneMax = 3
        let ledger = try folder.open(limits: limits)
        var log = RecordedLog.complete()
        try log.record(in: ledger)
        let error = #expect(throws: LedgerError.self) {
            _ = try ledger.contents(of: RecordedLog.production, asOf: Revision(2))
        }
        #expect(error?.code == .tooFarBack)
        let near = Revision(log.store.applied.rawValue - 1)
        #expect(try ledger.contents(of: RecordedLog.production, asOf: near).flags.count == 3)
    }

    @Test func aHistoryThatLacksARowIsCorrupted() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var log = RecordedLog.complete()
        for step in 0..<5 { log.update("plain") { $0.name = "\(step)" } }
        try log.record(in: ledger)
        let middle = Revision(log.store.applied.rawValue - 2)
        try folder.edit("DELETE FROM release_history WHERE revision = \(middle.rawValue)")
        for read: () throws -> Void in [
            { _ = try ledger.flag(RecordedLog.production, FlagKey("plain"), asOf: Revision(12)) },
            { _ = try ledger.contents(of: RecordedLog.production, asOf: Revision(12)) },
            { _ = try ledger.history(RecordedLog.production, FlagKey("plain"), limit: 100) },
        ] {
            let error = #expect(throws: LedgerError.self) { try read() }
            #expect(error?.code == .corrupted)
        }
    }
}
