import BanderaClient
import BanderaTesting
import Flags
import Testing

extension TypedFlagKey<Bool> {
    static let newSearch = TypedFlagKey("new_search", default: false)
}

extension TypedFlagKey<String> {
    static let colour = TypedFlagKey("colour", default: "blue")
}

/// What a user's code looks like.
private struct SearchPage<Flags: FlagEvaluating> {
    let flags: Flags

    func engine(for user: String) -> String {
        let context = EvaluationContext(targetingKey: user)
        return self.flags.value(.newSearch, context: context) ? "new" : "old"
    }
}

@Suite struct InMemoryFlagsTests {
    private let flags = InMemoryFlags()
    private let ana = EvaluationContext(targetingKey: "ana")

    @Test func aValueThatWasSetIsEverybodys() {
        #expect(SearchPage(flags: self.flags).engine(for: "ana") == "old")
        self.flags.set(.newSearch, to: true)
        #expect(SearchPage(flags: self.flags).engine(for: "ana") == "new")
        let details = self.flags.details(.newSearch, context: self.ana)
        #expect(details.reason == .static && details.variant == "value")
        #expect(details.errorCode == nil && details.revision == Revision(1))
    }

    @Test func everyKindOfValueCanBeSet() {
        let object = Value.object([Value.Field(name: "a", value: .number(1))])
        self.flags.set(FlagKey("b"), to: true)
        self.flags.set(FlagKey("s"), to: "x")
        self.flags.set(FlagKey("n"), to: 2.5)
        self.flags.set(FlagKey("o"), to: object)
        #expect(self.flags.isEnabled(FlagKey("b"), context: self.ana))
        #expect(self.flags.stringValue(FlagKey("s"), default: "", context: self.ana) == "x")
        #expect(self.flags.numberValue(FlagKey("n"), default: 0, context: self.ana) == 2.5)
        #expect(self.flags.objectValue(FlagKey("o"), default: .null, context: self.ana) == object)
        let wrong = self.flags.numberDetails(FlagKey("s"), default: 7, context: self.ana)
        #expect(wrong.value == 7 && wrong.errorCode == .typeMismatch)
    }

    @Test func aWholeFlagIsEvaluatedWithItsRulesAndSegments() throws {
        var definition = FlagDefinition(key: FlagKey("new_search"), enabled: true, status: .active)
        definition.targeting.rules = [
            Rule(
                id: "friends",
                clauses: [Clause(attribute: "", .segment, [.string("friends")])],
                serve: .variation("on")
            )
        ]
        try self.flags.define(definition)
        #expect(!self.flags.value(.newSearch, context: self.ana))
        try self.flags.define(SegmentDefinition(key: "friends", included: ["ana"]))
        #expect(self.flags.value(.newSearch, context: self.ana))
        #expect(!self.flags.value(.newSearch, context: EvaluationContext(targetingKey: "ben")))
    }

    @Test func whatAClusterWouldRefuseIsRefused() {
        #expect(throws: FlagsError.self) {
            try self.flags.define(FlagDefinition(key: FlagKey("not a key")))
        }
        #expect(throws: FlagsError.self) {
            try self.flags.define(SegmentDefinition(key: "not a key"))
        }
    }

    @Test func evaluationsAndEventsAreRecorded() {
        self.flags.set(.colour, to: "red")
        _ = self.flags.value(.colour, context: self.ana)
        _ = self.flags.value(.newSearch, context: self.ana)
        self.flags.track(.feedback(4), TypedFlagKey<String>.colour.key, context: self.ana)
        #expect(self.flags.evaluations.map(\.key) == ["colour", "new_search"])
        #expect(self.flags.evaluations.first?.context == self.ana)
        #expect(self.flags.evaluations.map(\.evaluation.value) == [.string("red"), nil])
        #expect(self.flags.trackedEvents.map(\.variation) == ["value"])
        #expect(self.flags.trackedEvents.map(\.event) == [.feedback(4)])
        self.flags.removeRecords()
        #expect(self.flags.evaluations.isEmpty && self.flags.trackedEvents.isEmpty)
    }

    @Test func aRemovedFlagGivesTheDefault() {
        self.flags.set(.colour, to: "red")
        self.flags.remove(FlagKey("colour"))
        let details = self.flags.details(.colour, context: self.ana)
        #expect(details.value == "blue" && details.errorCode == .flagNotFound)
    }

    @Test func aWindowIsHonouredAtTheTimeThatIsSet() throws {
        let start = Timestamp(milliseconds: 1_000)
        try self.flags.define(
            FlagDefinition(
                key: FlagKey("new_search"),
                enabled: true,
                status: .active,
                rollout: .all,
                start: start
            )
        )
        self.flags.time = Timestamp(milliseconds: 999)
        #expect(!self.flags.value(.newSearch, context: self.ana))
        self.flags.time = start
        #expect(self.flags.value(.newSearch, context: self.ana))
    }

    @Test func changesAreTold() async {
        var changes = self.flags.changes.makeAsyncIterator()
        var events = self.flags.events.makeAsyncIterator()
        self.flags.set(.colour, to: "red")
        self.flags.freshness = .stale
        self.flags.remove(FlagKey("colour"))
        self.flags.finish()
        var told: [ProviderEvent] = []
        while let event = await events.next() { told.append(event) }
        let changed = ProviderEvent.configurationChanged([FlagKey("colour")])
        #expect(told == [.ready, changed, .stale, changed])
        guard case .changed(let change)? = await changes.next() else {
            Issue.record("a change is told")
            return
        }
        #expect(change.flag?.key == FlagKey("colour"))
    }

    @Test func theFreshnessIsThatOfAnyClient() {
        let flags = InMemoryFlags(freshness: nil)
        flags.set(.colour, to: "red")
        #expect(flags.details(.colour, context: self.ana).errorCode == .providerNotReady)
        flags.freshness = .cached
        #expect(flags.details(.colour, context: self.ana).reason == .cached)
        flags.freshness = .live
        #expect(flags.details(.colour, context: self.ana).reason == .static)
    }
}
