import Flags
import Testing

@Suite struct RulesetTests {
    @Test func changesAreAppliedInOrderAndOnlyOnce() {
        var ruleset = Ruleset(environment: Fixture.environment, revision: Revision(7))
        ruleset.apply([
            Self.change(8) { $0.rollout = .none },
            Self.change(9) { $0.rollout = .all },
        ])
        ruleset.apply([Self.change(8) { $0.rollout = .none }])
        #expect(ruleset.revision == Revision(9))
        #expect(ruleset["new-checkout"]?.flag.rollout == .all)
    }

    @Test func changesOfAnotherEnvironmentArePassedOver() {
        let other = EnvironmentID(organization: "globex", environment: "production")
        var ruleset = Ruleset(environment: Fixture.environment)
        let change = Change(revision: Revision(3), environment: other, flag: Fixture.flag())
        ruleset.apply([change])
        #expect(ruleset.count == 0 && ruleset.revision == .zero)
    }

    @Test func anArchivedFlagIsForgotten() {
        var ruleset = Ruleset(environment: Fixture.environment, flags: [Fixture.flag()])
        #expect(ruleset.count == 1)
        ruleset.apply([Self.change(8) { $0.isArchived = true }])
        #expect(ruleset.flags.isEmpty && ruleset.revision == Revision(8))
    }

    @Test func aCopyIsASnapshotThatLaterChangesDoNotReach() {
        var ruleset = Ruleset(environment: Fixture.environment, flags: [Fixture.flag()])
        let copy = ruleset
        ruleset.apply([Self.change(8) { $0.enabled = false }])
        #expect(copy["new-checkout"]?.flag.enabled == true)
        #expect(ruleset["new-checkout"]?.flag.enabled == false)
    }

    @Test func flagsAreListedByKey() {
        let flags = ["b", "c", "a"].map { Fixture.flag($0) }
        let ruleset = Ruleset(environment: Fixture.environment, flags: flags)
        #expect(ruleset.flags.map(\.key) == ["a", "b", "c"])
    }

    @Test func advancingNeverGoesBack() {
        var ruleset = Ruleset(environment: Fixture.environment, revision: Revision(5))
        ruleset.advance(to: Revision(4))
        #expect(ruleset.revision == Revision(5))
        ruleset.advance(to: Revision(6))
        #expect(ruleset.revision == Revision(6))
    }

    private static func change(_ revision: UInt64, _ edit: (inout Flag) -> Void) -> Change {
        Change(
            revision: Revision(revision),
            environment: Fixture.environment,
            flag: Fixture.flag("new-checkout", edit)
        )
    }
}
