import ClientProtocol
import FlagStore
import Flags
import Replica
import Testing

/// The promises of a watch: ordered, unique, gap-free, resumable, bookmarkable.
struct WatchHubTests {
    @Test func aNewWatcherGetsASnapshotAndThenEveryChange() {
        var tenant = Tenant()
        _ = tenant.change("a")
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink)
        hub.publish(tenant.change("a"), to: &sink)
        hub.publish(tenant.change("b"), to: &sink)
        guard case .snapshot(let snapshot)? = sink.events[slot]?.first else {
            Issue.record("the first event is no snapshot")
            return
        }
        #expect(snapshot.revision == Revision(4))
        #expect(snapshot.flags.map(\.key.rawValue) == ["a"])
        #expect(snapshot.isFirst && snapshot.isLast)
        #expect(sink.revisions(slot) == [5, 6])
    }

    @Test func aReturningWatcherGetsExactlyWhatItLacks() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        for key in ["a", "b", "c", "a"] { hub.publish(tenant.change(key), to: &sink) }
        let slot = Self.watch(&hub, &sink, after: Revision(5))
        #expect(sink.revisions(slot) == [6, 7])
        hub.publish(tenant.change("d"), to: &sink)
        #expect(sink.revisions(slot) == [6, 7, 8])
    }

    @Test func aWatcherFromANodeThatWasAheadIsSentNothingTwice() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: Revision(5))
        for key in ["a", "b", "c"] { hub.publish(tenant.change(key), to: &sink) }
        #expect(sink.revisions(slot) == [6])
    }

    @Test func oneChangeIsEncodedOnceForAllWatchers() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slots = (0..<50).map { _ in Self.watch(&hub, &sink, after: tenant.store.applied) }
        let before = sink.prepared
        hub.publish(tenant.change("a"), to: &sink)
        #expect(sink.prepared == before + 1)
        for slot in slots { #expect(sink.revisions(slot) == [4]) }
    }

    @Test func anotherEnvironmentsChangesAreNotDelivered() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        hub.publish(tenant.change("a", in: Tenant.other), to: &sink)
        #expect(sink.revisions(slot) == [])
    }

    @Test func aSlowWatcherGetsTheLatestStateOfEachFlagAndNoHole() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        sink.credit[slot] = 0
        for round in 0..<300 { hub.publish(tenant.change("f\(round % 3)"), to: &sink) }
        sink.credit[slot] = 1
        hub.resume(slot, to: &sink)
        guard case .changes(let changes)? = sink.events[slot]?.last else {
            Issue.record("no changes came")
            return
        }
        #expect(changes.coalesced)
        #expect(changes.changes.map(\.revision.rawValue) == [301, 302, 303])
        #expect(changes.revision == Revision(303))
        sink.credit[slot] = 1
        hub.publish(tenant.change("f0"), to: &sink)
        #expect(sink.revisions(slot).last == 304)
    }

    @Test func aWatcherThatIsOnlyALittleBehindGetsEverySingleChange() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        sink.credit[slot] = 0
        for _ in 0..<20 { hub.publish(tenant.change("f"), to: &sink) }
        sink.credit[slot] = 1
        hub.resume(slot, to: &sink)
        #expect(sink.revisions(slot) == Array(4...23))
    }

    @Test func aWatcherThatIsTooFarBehindIsToldToResync() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        for _ in 0..<3 { hub.publish(tenant.change("a"), to: &sink) }
        // The hub never saw what came before its first store, so it cannot replay it.
        let slot = Self.watch(&hub, &sink, after: Revision(1))
        #expect(sink.events[slot]?.count == 2)
        guard case .resync? = sink.events[slot]?.first,
            case .snapshot(let snapshot)? = sink.events[slot]?.last
        else {
            Issue.record("no resync with a snapshot came")
            return
        }
        #expect(snapshot.revision == Revision(6))
    }

    @Test func aSnapshotOfManyFlagsComesInPartsAsCreditAllows() {
        var tenant = Tenant()
        for number in 0..<450 { _ = tenant.change("f\(number)") }
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = hub.subscribe(to: Tenant.environment, after: nil) ?? WatcherSlot(-1)
        sink.credit[slot] = 1
        hub.resume(slot, to: &sink)
        #expect(sink.events[slot]?.count == 1)
        hub.publish(tenant.change("f0"), to: &sink)
        sink.credit[slot] = 10
        hub.resume(slot, to: &sink)
        var flags = 0
        for case .snapshot(let part) in sink.events[slot] ?? [] { flags += part.flags.count }
        #expect(flags == 450)
        #expect(sink.revisions(slot) == [454])
    }

    @Test func bookmarksTellQuietWatchersHowFarTheLogHasGot() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        hub.publish(tenant.change("a", in: Tenant.other), to: &sink)
        hub.bookmark(to: &sink)
        let bookmarks = [3, 4].map { WatchEvent.bookmark(revision: Revision($0)) }
        #expect(sink.events[slot] == bookmarks)
        hub.bookmark(to: &sink)
        #expect(sink.events[slot] == bookmarks)
    }

    @Test func acknowledgementsAreCountedAndNeverBelievedBeyondWhatWasSent() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        hub.publish(tenant.change("a"), to: &sink)
        #expect(hub.acknowledgedCount(Tenant.environment, revision: Revision(4)) == 0)
        hub.acknowledge(slot, revision: Revision(99))
        #expect(hub.acknowledgedCount(Tenant.environment, revision: Revision(4)) == 1)
        #expect(hub.acknowledgedCount(Tenant.environment, revision: Revision(5)) == 0)
    }

    @Test func anAdoptedStateIsSeenAtOnceAndItsChangesAreSentBeforeAnythingElse() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        hub.adopt(tenant.change("a"))
        hub.adopt(tenant.change("b"))
        #expect(hub.store.applied == Revision(5))
        #expect(sink.revisions(slot) == [])
        let late = Self.watch(&hub, &sink)
        #expect(sink.revisions(slot) == [4, 5])
        #expect(sink.revisions(late) == [])
        hub.adopt(tenant.change("c"))
        hub.bookmark(to: &sink)
        #expect(sink.revisions(slot) == [4, 5, 6])
        #expect(sink.revisions(late) == [6])
    }

    @Test func aBusyEnvironmentDoesNotMakeAQuietOnesWatchersResync() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        hub.publish(tenant.change("quiet"), to: &sink)
        let slot = Self.watch(&hub, &sink, after: tenant.store.applied)
        for _ in 0...ReplicaLimits.recentChangesMax {
            hub.publish(tenant.change("busy", in: Tenant.other), to: &sink)
        }
        hub.resume(slot, to: &sink)
        #expect(sink.events[slot] == [.bookmark(revision: Revision(4))])
        hub.publish(tenant.change("quiet"), to: &sink)
        #expect(sink.revisions(slot) == [tenant.store.applied.rawValue])
    }

    @Test("item 51: after a snapshot every watch that is behind it is told to resync")
    func aReplacedStateMakesEveryWatchStartAgain() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        hub.publish(tenant.change("a"), to: &sink)
        let current = Self.watch(&hub, &sink, after: tenant.store.applied)
        // Two changes that this node never sees: a snapshot contains them.
        _ = tenant.change("b")
        let ahead = tenant.change("c").store.applied
        hub.adopt(Publication(store: tenant.store, changes: [], isReplaced: true))
        hub.sendAdopted(to: &sink)
        let events = sink.events[current, default: []].dropFirst()
        guard case .resync? = events.first, case .snapshot(let snapshot)? = events.last else {
            Issue.record("the watch got \(events)")
            return
        }
        #expect(snapshot.revision == ahead)
        #expect(snapshot.flags.count == 3)
        // One that came from a node that was as far lacks nothing, and nobody gets anything twice.
        let known = Self.watch(&hub, &sink, after: ahead)
        #expect(sink.events[known] == [.bookmark(revision: ahead)])
        hub.publish(tenant.change("d"), to: &sink)
        #expect(sink.revisions(current) == [tenant.store.applied.rawValue])
        #expect(sink.revisions(known) == [tenant.store.applied.rawValue])
    }

    @Test func aForgottenWatchersSlotIsUsedAgainAndGetsNothingOfTheOldOne() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let first = Self.watch(&hub, &sink, after: tenant.store.applied)
        hub.unsubscribe(first)
        hub.publish(tenant.change("a"), to: &sink)
        #expect(sink.revisions(first) == [])
        let second = Self.watch(&hub, &sink, after: tenant.store.applied)
        #expect(second == first)
        hub.publish(tenant.change("a"), to: &sink)
        #expect(sink.revisions(second) == [5])
    }

    @Test("one that comes back and has missed nothing is told so, once")
    func aReturningWatcherThatLacksNothingHearsSo() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        hub.publish(tenant.change("a"), to: &sink)
        hub.publish(tenant.change("a", in: Tenant.other), to: &sink)
        let slot = hub.subscribe(to: Tenant.environment, after: Revision(4)) ?? WatcherSlot(-1)
        sink.credit[slot] = 0
        hub.resume(slot, to: &sink)
        #expect(sink.events[slot] == nil)
        sink.credit[slot] = 5
        for _ in 0..<3 { hub.resume(slot, to: &sink) }
        #expect(sink.events[slot] == [.bookmark(revision: Revision(5))])
        hub.publish(tenant.change("b"), to: &sink)
        #expect(sink.revisions(slot) == [6])
    }

    @Test func aReturningWatcherThatLacksSomethingIsNotToldTwice() {
        var tenant = Tenant()
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        hub.publish(tenant.change("a"), to: &sink)
        let slot = Self.watch(&hub, &sink, after: Revision(3))
        #expect(sink.events[slot]?.count == 1)
        #expect(sink.revisions(slot) == [4])
    }

    private static func watch(
        _ hub: inout WatchHub,
        _ sink: inout RecordingSink,
        after revision: Revision? = nil
    ) -> WatcherSlot {
        guard let slot = hub.subscribe(to: Tenant.environment, after: revision) else {
            preconditionFailure("the hub is full")
        }
        hub.resume(slot, to: &sink)
        return slot
    }
}
