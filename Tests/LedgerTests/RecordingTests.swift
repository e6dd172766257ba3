import Checksum
import FlagStore
import Flags
import Ledger
import Testing

/// Everything that a store can decide, recorded and read again.
@Suite struct RecordingTests {
    @Test func everyEffectIsLoadedAgain() throws {
        for seed: UInt64 in 1...6 {
            let folder = try TemporaryFolder()
            let ledger = try folder.open()
            var wanderer = Wanderer(seed: seed)
            for step in 0..<600 {
                wanderer.step()
                if step % 37 == 0 {
                    try wanderer.log.record(in: ledger)
                    #expect(try ledger.load() == wanderer.log.store.contents(), "seed \(seed)")
                }
            }
            try wanderer.log.record(in: ledger)
            let contents = try ledger.load()
            #expect(contents == wanderer.log.store.contents(), "seed \(seed)")
            #expect(try ledger.stateHash() == wanderer.log.store.stateHash(), "seed \(seed)")
            #expect(!contents.releases.isEmpty && !contents.alerts.isEmpty, "seed \(seed)")
            #expect(!contents.totals.isEmpty && !contents.tokens.isEmpty, "seed \(seed)")
            #expect(!contents.segments.isEmpty && contents.dropped > 0, "seed \(seed)")
            for organization in ["", "acme", "other"] {
                let check = try ledger.verifyHistory(organization)
                #expect(check.firstBad == nil, "seed \(seed), \(organization)")
            }
        }
    }

    @Test func whereABatchEndsDoesNotMatter() throws {
        for seed: UInt64 in 11...14 {
            let folders = [try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder()]
            let ledgers = try folders.map { try $0.open() }
            var wanderer = Wanderer(seed: seed)
            for _ in 0..<500 { wanderer.step() }
            let records = wanderer.log.pending
            for (ledger, size) in zip(ledgers, [1, 7, records.count]) {
                for start in stride(from: 0, to: records.count, by: size) {
                    let end = min(start + size, records.count)
                    // Every record is of one command: the first has revision 1.
                    let batch = Array(records[start..<end])
                    try ledger.record(batch, applied: Revision(UInt64(end)))
                }
            }
            let digests = try ledgers.map { try $0.digest() }
            #expect(Set(digests).count == 1, "seed \(seed)")
            #expect(digests[0].revision == wanderer.log.store.applied)
        }
    }

    @Test func aRestoredStoreGoesOnLikeTheOneThatWasRecorded() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var wanderer = Wanderer(seed: 21)
        for _ in 0..<400 { wanderer.step() }
        try wanderer.log.record(in: ledger)
        var limits = FlagStoreLimits()
        limits.alertsMax = 4
        limits.endedReleasesMax = 3
        var twin = wanderer
        twin.log.store = FlagStore(restoring: try ledger.load(), limits: limits)
        for _ in 0..<400 {
            wanderer.step()
            twin.step()
        }
        #expect(twin.log.store.stateHash() == wanderer.log.store.stateHash(), "seed 21")
    }
}
