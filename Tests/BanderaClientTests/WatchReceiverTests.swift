import BanderaClient
import ClientProtocol
import Flags
import Testing

@Suite struct WatchReceiverTests {
    private var receiver = WatchReceiver(environment: acme)

    private func snapshot(
        _ revision: UInt64,
        _ keys: [String],
        first: Bool = true,
        last: Bool = true
    ) -> WatchEvent {
        .snapshot(
            .init(
                revision: Revision(revision),
                flags: keys.map { makeFlag($0, revision: revision, created: 1) },
                isFirst: first,
                isLast: last
            )
        )
    }

    private func changes(_ changes: [Change], to revision: UInt64? = nil) -> WatchEvent {
        let last = changes.last?.revision ?? .zero
        return .changes(.init(revision: revision.map { Revision($0) } ?? last, changes: changes))
    }

    @Test func asksForEverythingAtFirst() {
        #expect(self.receiver.request == WatchRequest(environment: acme))
    }

    @Test mutating func takesASnapshotAndContinuesFromIt() {
        #expect(self.receiver.received(self.snapshot(10, ["a", "b"])) == .replaced)
        #expect(self.receiver.ruleset.count == 2)
        #expect(
            self.receiver.request
                == WatchRequest(environment: acme, from: Revision(10), hasBasis: true)
        )
    }

    @Test mutating func putsASnapshotInPartsTogether() {
        #expect(self.receiver.received(self.snapshot(10, ["a"], last: false)) == .nothing)
        #expect(!self.receiver.hasBasis)
        let middle = self.snapshot(10, ["b"], first: false, last: false)
        #expect(self.receiver.received(middle) == .nothing)
        #expect(self.receiver.received(self.snapshot(10, ["c"], first: false)) == .replaced)
        #expect(self.receiver.ruleset.flags.map(\.key.rawValue) == ["a", "b", "c"])
    }

    @Test mutating func appliesChangesInOrder() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        let news = [makeChange("a", revision: 12, created: 1), makeChange("b", revision: 15)]
        #expect(self.receiver.received(self.changes(news)) == .changed(news))
        #expect(self.receiver.ruleset.revision == Revision(15))
        #expect(self.receiver.ruleset[FlagKey("a")]?.flag.revision == Revision(12))
    }

    @Test mutating func passesRepeatsOver() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        let first = makeChange("b", revision: 12)
        let second = makeChange("c", revision: 13)
        _ = self.receiver.received(self.changes([first]))
        #expect(self.receiver.received(self.changes([first])) == .nothing)
        #expect(self.receiver.received(self.changes([first, second])) == .changed([second]))
        #expect(self.receiver.repeats == 2)
    }

    @Test mutating func resumesWithoutGapOrRepeatAfterAReconnect() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        _ = self.receiver.received(self.changes([makeChange("b", revision: 12)]))
        self.receiver.reopened()
        #expect(self.receiver.request.from == Revision(12))
        #expect(self.receiver.request.hasBasis)
        let next = makeChange("c", revision: 14)
        #expect(self.receiver.received(self.changes([next])) == .changed([next]))
        #expect(self.receiver.repeats == 0)
    }

    @Test mutating func halfASnapshotDoesNotSurviveAReconnect() {
        _ = self.receiver.received(self.snapshot(10, ["a"], last: false))
        self.receiver.reopened()
        #expect(!self.receiver.request.hasBasis)
        let rest = self.receiver.received(self.snapshot(10, ["b"], first: false))
        #expect(rest == .broken("a snapshot without its first part"))
    }

    @Test mutating func bookmarksMoveTheRevisionForwardOnly() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        #expect(self.receiver.received(.bookmark(revision: Revision(20))) == .advanced)
        #expect(self.receiver.received(.bookmark(revision: Revision(15))) == .nothing)
        #expect(self.receiver.request.from == Revision(20))
    }

    @Test mutating func aBookmarkBeforeTheSnapshotSaysNothing() {
        #expect(self.receiver.received(.bookmark(revision: Revision(20))) == .nothing)
        #expect(self.receiver.ruleset.revision == .zero)
    }

    @Test mutating func evaluatesOnWithTheOldRulesetWhileAResyncIsUnderWay() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        #expect(self.receiver.received(.resync(reason: "slow")) == .nothing)
        #expect(self.receiver.ruleset.count == 1)
        #expect(!self.receiver.request.hasBasis)
        #expect(self.receiver.received(self.snapshot(30, ["a", "b"])) == .replaced)
        #expect(self.receiver.ruleset.revision == Revision(30))
    }

    @Test mutating func detectsThatAFlagsCreationWasLeftOut() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        let orphan = makeChange("missed", revision: 14, created: 9)
        guard case .broken = self.receiver.received(self.changes([orphan])) else {
            Issue.record("a hole must be noticed")
            return
        }
        #expect(!self.receiver.request.hasBasis, "only a snapshot fills a hole")
        #expect(self.receiver.ruleset.revision == Revision(10), "nothing of it was taken")
    }

    @Test mutating func refusesChangesWithoutABasis() {
        let change = makeChange("a", revision: 3)
        let outcome = self.receiver.received(self.changes([change]))
        #expect(outcome == .broken("changes before the snapshot that they change"))
    }

    @Test mutating func refusesChangesOutOfOrderOrOfOthers() {
        _ = self.receiver.received(self.snapshot(10, ["a"]))
        let swapped = [makeChange("b", revision: 13), makeChange("c", revision: 12)]
        #expect(
            self.receiver.received(self.changes(swapped, to: 13))
                == .broken("change 12 out of order")
        )
        let late = self.changes([makeChange("b", revision: 13)], to: 12)
        #expect(self.receiver.received(late) == .broken("change 13 out of order"))
        let other = EnvironmentID(organization: "other", environment: "production")
        let foreign = makeChange("b", revision: 13, environment: other)
        #expect(
            self.receiver.received(self.changes([foreign]))
                == .broken("a change of other/production")
        )
        #expect(self.receiver.ruleset.count == 1)
    }

    @Test mutating func refusesASnapshotOfTwoRevisions() {
        _ = self.receiver.received(self.snapshot(10, ["a"], last: false))
        guard case .broken = self.receiver.received(self.snapshot(11, ["b"], first: false)) else {
            Issue.record("must be refused")
            return
        }
        #expect(!self.receiver.hasBasis)
    }

    @Test mutating func canBeginAfterARevisionWithoutTheFlagsBefore() {
        self.receiver = WatchReceiver(environment: acme, after: Revision(10))
        #expect(self.receiver.request.from == Revision(10))
        let change = makeChange("old", revision: 14, created: 2)
        #expect(self.receiver.received(self.changes([change])) == .changed([change]))
    }

    /// However the deliveries are cut, repeated and interrupted, each change arrives exactly once.
    @Test func deliversEachChangeOnceAcrossReconnects() {
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var receiver = WatchReceiver(environment: acme)
            let all = (11..<111).map { revision in
                makeChange("flag-\(revision)", revision: UInt64(revision))
            }
            var seen: [Change] = []
            _ = receiver.received(.snapshot(.init(revision: Revision(10), flags: [])))
            while seen.count < all.count {
                receiver.reopened()
                // A node may send again what was already known; it may not leave anything out.
                let basis = receiver.request.from
                let firstNew = all.firstIndex { $0.revision > basis } ?? all.count
                var position = max(0, firstNew - Int.random(in: 0...3, using: &generator))
                for _ in 0..<Int.random(in: 1...4, using: &generator) where position < all.count {
                    let end = min(all.count, position + Int.random(in: 1...9, using: &generator))
                    let part = Array(all[position..<end])
                    position = end
                    let event = WatchEvent.changes(
                        .init(revision: part[part.count - 1].revision, changes: part)
                    )
                    if case .changed(let news) = receiver.received(event) { seen += news }
                }
            }
            #expect(seen == all, "seed \(seed)")
        }
    }
}
