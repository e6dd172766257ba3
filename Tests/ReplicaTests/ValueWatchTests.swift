import ClientProtocol
import FlagStore
import Flags
import Replica
import Testing

/// Watches for values, segments, and urgent changes.
struct ValueWatchTests {
    private static let place = Tenant.environment

    @Test func aWatchForValuesBeginsWithAllOfThem() {
        var tenant = Tenant()
        for key in ["a", "b"] { tenant.create(key, rollout: .all) }
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, "u1")
        guard case .values(let values)? = sink.events[slot]?.first else {
            Issue.record("the watch got \(sink.events[slot] ?? [])")
            return
        }
        #expect(values.isSnapshot)
        #expect(values.revision == tenant.store.applied)
        #expect(values.values.map(\.flag.rawValue) == ["a", "b"])
        #expect(values.values.map(\.evaluation.value) == [.bool(true), .bool(true)])
        #expect(sink.events[slot]?.count == 1)
    }

    @Test func onlyWhatChangedForTheContextIsSent() {
        var tenant = Tenant()
        tenant.create("a", rollout: .all)
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let one = Self.watch(&hub, &sink, "u1")
        let other = Self.watch(&hub, &sink, "u2")
        // A description is nothing to those who see values.
        hub.publish(tenant.change("a"), to: &sink)
        #expect(Self.news(sink, one) == [] && Self.news(sink, other) == [])
        let override = Override(level: .user, subject: "u1", variation: "off")
        hub.publish(
            tenant.publish(.setOverride(Self.place, FlagKey("a"), override)),
            to: &sink
        )
        #expect(Self.news(sink, one) == ["a=false"])
        #expect(Self.news(sink, other) == [])
    }

    @Test func whatDependsOnAChangeIsSentToo() {
        var tenant = Tenant()
        tenant.create("base", rollout: .all)
        tenant.create("next", rollout: .all)
        var patch = FlagPatch()
        patch.prerequisites = [Prerequisite(flag: FlagKey("base"), variations: ["on"])]
        _ = tenant.publish(.updateFlag(Self.place, FlagKey("next"), patch))
        var segment = SegmentDefinition(key: "beta", included: ["u1"])
        _ = tenant.publish(.putSegment(Self.place, segment))
        tenant.create("aimed", rollout: .none)
        patch = FlagPatch()
        let clause = Clause(attribute: "", .segment, [.string("beta")])
        patch.rules = [Rule(id: "r", clauses: [clause], serve: .variation("on"))]
        _ = tenant.publish(.updateFlag(Self.place, FlagKey("aimed"), patch))
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, "u1")
        patch = FlagPatch()
        patch.enabled = false
        hub.publish(
            tenant.publish(.updateFlag(Self.place, FlagKey("base"), patch)),
            to: &sink
        )
        #expect(Self.news(sink, slot) == ["base=false", "next=false"])
        segment.included = []
        hub.publish(tenant.publish(.putSegment(Self.place, segment)), to: &sink)
        #expect(Self.news(sink, slot) == ["base=false", "next=false", "aimed=false"])
    }

    @Test func aDateThatPassedUnseenIsTold() {
        var tenant = Tenant()
        tenant.create("a", rollout: .all, start: Timestamp(milliseconds: 1_000))
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, "u1")
        hub.now = Timestamp(milliseconds: 2_000)
        // Nothing was evaluated between the date and its record.
        let record = Command.recordSchedule(
            Self.place,
            FlagKey("a"),
            .start,
            date: Timestamp(milliseconds: 1_000)
        )
        hub.publish(tenant.publish(record, at: 1_500), to: &sink)
        #expect(Self.news(sink, slot) == ["a=true"])
    }

    @Test func aWatchWithoutCreditGetsWhatMayHaveChangedOnceItHasSome() {
        var tenant = Tenant()
        tenant.create("a", rollout: .all)
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, "u1")
        sink.credit[slot] = 0
        var patch = FlagPatch()
        for enabled in [false, true, false] {
            patch.enabled = enabled
            hub.publish(
                tenant.publish(.updateFlag(Self.place, FlagKey("a"), patch)),
                to: &sink
            )
        }
        #expect(Self.news(sink, slot) == [])
        sink.credit[slot] = 5
        hub.resume(slot, to: &sink)
        #expect(Self.news(sink, slot) == ["a=false"])
    }

    @Test func segmentsComeInSnapshotsAndChanges() {
        var tenant = Tenant()
        let segment = SegmentDefinition(key: "beta", included: ["u1"])
        _ = tenant.publish(.putSegment(Self.place, segment))
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = hub.subscribe(to: Self.place, after: nil) ?? WatcherSlot(-1)
        hub.resume(slot, to: &sink)
        guard case .snapshot(let snapshot)? = sink.events[slot]?.first else {
            Issue.record("the watch got \(sink.events[slot] ?? [])")
            return
        }
        #expect(snapshot.segments.map(\.key) == ["beta"])
        hub.publish(tenant.publish(.removeSegment(Self.place, key: "beta")), to: &sink)
        #expect(sink.revisions(slot) == [tenant.store.applied.rawValue])
    }

    @Test func manyValuesComeInPartsOfWhichOnlyTheLastSaysSo() {
        var tenant = Tenant()
        let count = ReplicaLimits.valuesPerFrameMax + 10
        for number in 0..<count { tenant.create("f\(number)", rollout: .all) }
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, "u1")
        let parts = sink.events[slot, default: []].compactMap { event in
            if case .values(let values) = event { values } else { nil }
        }
        #expect(parts.count > 1)
        #expect(parts.reduce(0) { $0 + $1.values.count } == count)
        #expect(parts.map(\.isSnapshot) == parts.indices.map { $0 == 0 })
        #expect(parts.map(\.isPartial) == parts.indices.map { $0 < parts.count - 1 })
    }

    // MARK: Urgent changes

    @Test func anUrgentChangeIsSentBeforeThoseOfOtherEnvironments() {
        var tenant = Tenant()
        tenant.create("z", rollout: .all, in: Tenant.other)
        var hub = WatchHub(store: tenant.store)
        var sink = OrderSink()
        let first = hub.subscribe(to: Self.place, after: tenant.store.applied)
        let second = hub.subscribe(to: Tenant.other, after: tenant.store.applied)
        for slot in [first, second].compactMap({ $0 }) { hub.resume(slot, to: &sink) }
        sink.order = []
        hub.adopt(tenant.change("a"))
        hub.adopt(tenant.publish(.emergencyRollback(Tenant.other, FlagKey("z"))))
        hub.sendAdopted(to: &sink)
        #expect(sink.order == [second, first].compactMap { $0 })
    }

    @Test func theAcknowledgementsOfAnUrgentChangeAreMeasured() {
        var tenant = Tenant()
        tenant.create("a", rollout: .all)
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slots = (0..<3).compactMap { _ in
            hub.subscribe(to: Self.place, after: tenant.store.applied)
        }
        for slot in slots { hub.resume(slot, to: &sink) }
        let rollback = Command.emergencyRollback(Self.place, FlagKey("a"))
        hub.now = Timestamp(milliseconds: 5_010)
        hub.publish(tenant.publish(rollback, at: 5_000), to: &sink)
        let revision = tenant.store.applied
        for (offset, slot) in slots.prefix(2).enumerated() {
            hub.now = Timestamp(milliseconds: 5_020 + Int64(offset))
            hub.acknowledge(slot, revision: revision)
        }
        #expect(hub.takeDeliveries() == [])
        #expect(hub.hasDeliveries)
        let wait = ReplicaLimits.urgentAcknowledgementMilliseconds
        hub.now = Timestamp(milliseconds: 5_010 + wait)
        let deliveries = hub.takeDeliveries()
        #expect(deliveries.map(\.revision) == [revision])
        #expect(deliveries.map(\.watchers) == [3])
        #expect(deliveries.map(\.acknowledged) == [2])
        #expect(deliveries.map(\.milliseconds) == [21])
        #expect(!hub.hasDeliveries)
    }

    @Test("the measure begins with the command's own time, and watches that lag are in it")
    func theMeasureOfAnUrgentChangeIsHonest() {
        var tenant = Tenant()
        tenant.create("a", rollout: .all)
        // Another node's clock was an hour ahead once.
        _ = tenant.publish(.emergencyRollback(Self.place, FlagKey("a")), at: 3_600_000)
        tenant.create("b", rollout: .all)
        var hub = WatchHub(store: tenant.store)
        var sink = RecordingSink()
        let slot = Self.watch(&hub, &sink, "u1")
        sink.credit[slot] = 0
        var patch = FlagPatch()
        patch.enabled = false
        hub.publish(tenant.publish(.updateFlag(Self.place, FlagKey("b"), patch)), to: &sink)
        hub.now = Timestamp(milliseconds: 5_010)
        let rollback = Command.emergencyRollback(Self.place, FlagKey("b"))
        hub.publish(tenant.publish(rollback, at: 5_000), to: &sink)
        #expect(hub.takeDeliveries() == [], "the watch that lags is waited for")
        sink.credit[slot] = 5
        hub.resume(slot, to: &sink)
        hub.now = Timestamp(milliseconds: 5_700)
        hub.acknowledge(slot, revision: tenant.store.applied)
        let deliveries = hub.takeDeliveries()
        #expect(deliveries.map(\.watchers) == [1])
        #expect(deliveries.map(\.acknowledged) == [1])
        #expect(deliveries.map(\.milliseconds) == [700])
    }

    // MARK: Helpers

    private static func watch(
        _ hub: inout WatchHub,
        _ sink: inout RecordingSink,
        _ user: String
    ) -> WatcherSlot {
        let context = EvaluationContext(targetingKey: user)
        guard let slot = hub.subscribe(to: Self.place, after: nil, context: context) else {
            preconditionFailure("the hub is full")
        }
        hub.resume(slot, to: &sink)
        return slot
    }

    /// What a watch was told after its snapshot, as `flag=value`.
    private static func news(_ sink: RecordingSink, _ slot: WatcherSlot) -> [String] {
        sink.events[slot, default: []].flatMap { event -> [String] in
            guard case .values(let values) = event, !values.isSnapshot else { return [] }
            return values.values.map { value in
                guard case .bool(let bool)? = value.evaluation.value else {
                    return "\(value.flag)=?"
                }
                return "\(value.flag)=\(bool)"
            }
        }
    }
}

/// Notes who is sent something, in order.
private struct OrderSink: WatchSink {
    var order: [WatcherSlot] = []

    mutating func prepare(_ event: WatchEvent) -> WatchEvent { event }

    mutating func deliver(_ frame: WatchEvent, to slot: WatcherSlot) -> Bool {
        self.order.append(slot)
        return true
    }
}

extension Tenant {
    fileprivate mutating func create(
        _ key: String,
        rollout: RolloutPercentage,
        start: Timestamp? = nil,
        in environment: EnvironmentID = Tenant.environment
    ) {
        let definition = FlagDefinition(
            key: FlagKey(key),
            enabled: true,
            status: .active,
            rollout: rollout,
            start: start
        )
        _ = self.publish(.createFlag(environment, definition))
    }

    /// Applies a command, which must not be refused.
    fileprivate mutating func publish(
        _ command: Command,
        at milliseconds: Int64? = nil
    ) -> Publication {
        let applied = self.apply(command, at: milliseconds)
        if case .refused(let refusal) = applied.outcome {
            Issue.record("\(command) was refused: \(refusal.message)")
        }
        return Publication(store: self.store, changes: [applied.change].compactMap { $0 })
    }
}
