import BanderaClient
import ClientProtocol
import Flags
import Testing

/// A receiver with a context: what a client SDK keeps.
@Suite struct WatchReceiverValuesTests {
    private let context = EvaluationContext(targetingKey: "ana")
    private var receiver = WatchReceiver(
        environment: acme,
        context: EvaluationContext(targetingKey: "ana")
    )

    private func values(
        _ revision: UInt64,
        _ values: [String: String?],
        all: Bool = false,
        partial: Bool = false,
        reason: EvaluationReason = .static
    ) -> WatchEvent {
        let list = values.sorted { $0.key < $1.key }.map { key, value in
            WatchEvent.Values.FlagValue(
                flag: FlagKey(key),
                evaluation: value.map {
                    Evaluation(value: .string($0), variation: $0, reason: reason)
                } ?? Evaluation(error: .flagNotFound)
            )
        }
        return .values(
            .init(
                revision: Revision(revision),
                values: list,
                isSnapshot: all,
                isPartial: partial
            )
        )
    }

    private func value(_ key: String) -> Value? {
        self.receiver.values?.evaluate(FlagKey(key)).value
    }

    @Test func asksForTheValuesOfItsContext() {
        #expect(self.receiver.request == WatchRequest(environment: acme, context: self.context))
    }

    @Test mutating func tellsOnlyOfValuesThatAreOthersThanBefore() {
        #expect(
            self.receiver.received(self.values(10, ["a": "x", "b": "y"], all: true)) == .replaced
        )
        #expect(
            self.receiver.received(self.values(12, ["a": "x", "b": "z"]))
                == .valuesChanged([FlagKey("b")])
        )
        #expect(self.value("a") == .string("x") && self.value("b") == .string("z"))
        #expect(self.receiver.source.revision == Revision(12))
        #expect(self.receiver.received(self.values(13, ["a": "x"])) == .advanced)
    }

    @Test mutating func anotherReasonIsKeptButIsNoNews() {
        _ = self.receiver.received(self.values(10, ["a": "x"], all: true))
        #expect(self.receiver.received(self.values(11, ["a": "x"], reason: .split)) == .advanced)
        #expect(self.receiver.values?.evaluate(FlagKey("a")).reason == .split)
    }

    @Test mutating func timeAloneMayChangeAValue() {
        _ = self.receiver.received(self.values(10, ["a": "x"], all: true))
        #expect(
            self.receiver.received(self.values(10, ["a": "y"])) == .valuesChanged([FlagKey("a")])
        )
    }

    @Test mutating func anArchivedFlagIsForgotten() {
        _ = self.receiver.received(self.values(10, ["a": "x", "b": "y"], all: true))
        #expect(
            self.receiver.received(self.values(11, ["a": nil])) == .valuesChanged([FlagKey("a")])
        )
        #expect(self.receiver.values?.count == 1)
        #expect(self.receiver.values?.evaluate(FlagKey("a")).errorCode == .flagNotFound)
    }

    @Test mutating func everyWatchBeginsWithAllValues() {
        _ = self.receiver.received(self.values(10, ["a": "x", "b": "y", "c": "z"], all: true))
        self.receiver.reopened()
        #expect(!self.receiver.request.hasBasis)
        #expect(
            self.receiver.received(self.values(11, ["a": "x"]))
                == .broken("values before all the others")
        )
        #expect(self.value("b") == .string("y"), "the old values are in use until then")
        let again = self.values(12, ["a": "x", "b": "w", "d": "v"], all: true)
        #expect(
            self.receiver.received(again)
                == .valuesChanged([FlagKey("b"), FlagKey("c"), FlagKey("d")])
        )
        #expect(self.value("c") == nil)
    }

    @Test("until the last part is here nothing of a snapshot is shown or acknowledged")
    mutating func partsAreTakenTogether() {
        _ = self.receiver.received(self.values(10, ["a": "x", "b": "y"], all: true))
        self.receiver.reopened()
        let first = self.values(12, ["a": "w"], all: true, partial: true)
        #expect(self.receiver.received(first) == .nothing)
        #expect(self.value("a") == .string("x") && self.value("b") == .string("y"))
        #expect(self.receiver.source.revision == Revision(10) && !self.receiver.hasBasis)
        #expect(self.receiver.received(self.values(12, ["b": "v"], partial: true)) == .nothing)
        #expect(
            self.receiver.received(self.values(12, ["c": "u"]))
                == .valuesChanged([FlagKey("a"), FlagKey("b"), FlagKey("c")])
        )
        #expect(self.receiver.source.revision == Revision(12) && self.receiver.hasBasis)
    }

    @Test mutating func theRestOfAnotherSnapshotIsRefused() {
        _ = self.receiver.received(self.values(10, ["a": "x"], all: true, partial: true))
        let rest = self.receiver.received(self.values(11, ["b": "y"]))
        #expect(rest == .broken("values whose parts are of different revisions"))
        self.receiver.reopened()
        #expect(
            self.receiver.received(self.values(11, ["b": "y"]))
                == .broken("values before all the others")
        )
    }

    @Test("a node that lacked credit in between sends all parts of changes again")
    mutating func changesWhosePartsBeginAgainAreTakenOnce() {
        _ = self.receiver.received(self.values(10, ["a": "x", "b": "y"], all: true))
        #expect(self.receiver.received(self.values(11, ["a": "w"], partial: true)) == .nothing)
        #expect(self.value("a") == .string("x"))
        #expect(self.receiver.received(self.values(12, ["a": "v"], partial: true)) == .nothing)
        #expect(
            self.receiver.received(self.values(12, ["b": "u"]))
                == .valuesChanged([FlagKey("a"), FlagKey("b")])
        )
        #expect(self.value("a") == .string("v"))
    }

    @Test mutating func oldValuesArePassedOver() {
        _ = self.receiver.received(self.values(10, ["a": "x"], all: true))
        #expect(self.receiver.received(self.values(9, ["a": "old"])) == .nothing)
        #expect(self.value("a") == .string("x") && self.receiver.repeats == 1)
        #expect(self.receiver.received(.bookmark(revision: Revision(20))) == .advanced)
        #expect(self.receiver.source.revision == Revision(20))
    }

    @Test mutating func refusesRulesWhereItAskedForValuesAndTheOtherWayAround() {
        let snapshot = WatchEvent.snapshot(.init(revision: Revision(3), flags: []))
        #expect(self.receiver.received(snapshot) == .broken("rules on a watch for values"))
        let changes = WatchEvent.changes(
            .init(revision: Revision(3), changes: [makeChange("a", revision: 3)])
        )
        #expect(self.receiver.received(changes) == .broken("rules on a watch for values"))
        self.receiver = WatchReceiver(environment: acme)
        #expect(
            self.receiver.received(self.values(10, [:], all: true))
                == .broken("values on a watch for rules")
        )
    }
}

@Suite struct WatchReceiverSegmentTests {
    private var receiver = WatchReceiver(environment: acme)
    private let ana = EvaluationContext(targetingKey: "ana")

    /// A flag that is on for those in the segment `friends`.
    private func flag(revision: UInt64) -> Flag {
        var flag = makeFlag("search", revision: revision, created: 1)
        flag.rollout = .none
        flag.targeting.rules = [
            Rule(
                id: "friends",
                clauses: [Clause(attribute: "", .segment, [.string("friends")])],
                serve: .variation("on")
            )
        ]
        return flag
    }

    private func isOn() -> Bool {
        self.receiver.ruleset
            .evaluate(FlagKey("search"), self.ana, now: Timestamp(milliseconds: 0)).variation
            == "on"
    }

    private func change(_ revision: UInt64, _ item: Change.Item) -> Change {
        Change(revision: Revision(revision), environment: acme, item: item)
    }

    @Test mutating func segmentsComeWithTheSnapshotInAnyPart() {
        let parts = [
            WatchEvent.Snapshot(
                revision: Revision(9),
                flags: [self.flag(revision: 8)],
                isLast: false
            ),
            WatchEvent.Snapshot(
                revision: Revision(9),
                flags: [],
                segments: [makeSegment("friends", revision: 5)],
                isFirst: false
            ),
        ]
        #expect(self.receiver.received(.snapshot(parts[0])) == .nothing)
        #expect(self.receiver.received(.snapshot(parts[1])) == .replaced)
        #expect(self.isOn())
    }

    @Test mutating func aSegmentThatChangesChangesWhoIsIn() {
        _ = self.receiver.received(
            .snapshot(.init(revision: Revision(9), flags: [self.flag(revision: 8)]))
        )
        #expect(!self.isOn())
        let added = self.change(11, .segment(makeSegment("friends", revision: 11)))
        let removed = self.change(13, .segmentRemoved("friends"))
        #expect(
            self.receiver.received(.changes(.init(revision: Revision(11), changes: [added])))
                == .changed([added])
        )
        #expect(self.isOn())
        _ = self.receiver.received(.changes(.init(revision: Revision(13), changes: [removed])))
        #expect(!self.isOn())
        #expect(self.receiver.request.from == Revision(13))
    }
}
