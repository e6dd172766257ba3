// Only a debug build lets tests see inside a program.
#if DEBUG
import Flags
import Testing

@testable import bandera

@Suite struct ApplyPlanTests {
    private static let environment = DeclarativeFileTests.environment

    private func steps(
        _ text: String,
        from current: CurrentState = CurrentState(),
        isPruning: Bool = false
    ) throws -> [ApplyStep] {
        let desired = try DeclarativeFileTests.desired("environment: acme/production\n" + text)
        return try ApplyPlan.steps(from: current, to: desired, isPruning: isPruning)
    }

    /// What a cluster with these flags and segments answers.
    private func current(_ flags: [Flags.Flag], _ segments: [Segment] = []) -> CurrentState {
        var state = CurrentState()
        state.flags[Self.environment] = Dictionary(
            uniqueKeysWithValues: flags.map { ($0.key, $0) }
        )
        state.segments[Self.environment] = Dictionary(
            uniqueKeysWithValues: segments.map { ($0.key, $0) }
        )
        return state
    }

    @Test func whatIsNeededComesBeforeWhatNeedsIt() throws {
        let steps = try self.steps(
            """
            flags:
              - key: needs
                prerequisites: [{flag: needed, variations: [on]}]
              - key: needed
            segments:
              - key: outer
                rules: [{clauses: [{operator: segment, values: [inner]}]}]
              - key: inner
            plans: [{id: A}]
            """
        )
        #expect(steps.map(\.difference.subject) == ["A", "inner", "outer", "needed", "needs"])
        #expect(steps.allSatisfy { $0.action == .create && $0.basis == .zero })
    }

    @Test func aCircleIsRefusedWithItsNames() {
        #expect(throws: CommandFailure.self) {
            try self.steps(
                """
                flags:
                  - {key: a, prerequisites: [{flag: b, variations: [on]}]}
                  - {key: b, prerequisites: [{flag: a, variations: [on]}]}
                """
            )
        }
    }

    @Test func whatIsSoAlreadyIsLeftAlone() throws {
        let flag = makeFlag()
        var state = self.current([flag])
        state.plans["acme/A"] = Plan(
            organization: "acme",
            id: "A",
            name: "A",
            revision: Revision(3)
        )
        let exported = YAMLText.text(
            ExportDocument.value(state, environment: Self.environment)
        )
        let desired = try DeclarativeFileTests.desired(exported)
        #expect(desired.flags.map(\.definition) == [FlagDefinition(flag)])
        let steps = try ApplyPlan.steps(from: state, to: desired, isPruning: true)
        #expect(steps.isEmpty, "\(steps)")
    }

    @Test func aChangeIsTheLeastPatchAndCarriesTheRevisionItWasSeenAt() throws {
        let flag = makeFlag()
        var definition = FlagDefinition(flag)
        definition.rollout = .all
        definition.targeting.overrides = [Override(level: .platform, variation: "off")]
        let text = YAMLText.text(
            .object([Value.Field(name: "flags", value: .array([definition.document]))])
        )
        let steps = try self.steps(text, from: self.current([flag]))
        var patch = FlagPatch()
        patch.rollout = .all
        #expect(steps.count == 1)
        #expect(steps.first?.basis == flag.revision)
        #expect(
            steps.first?.commands == [
                .updateFlag(Self.environment, flag.key, patch),
                .setOverride(
                    Self.environment,
                    flag.key,
                    Override(level: .platform, variation: "off")
                ),
            ]
        )
    }

    @Test func aPausedFlagBeginsSwitchedOff() throws {
        let steps = try self.steps("flags: [{key: x, status: paused, enabled: true}]")
        let commands = try #require(steps.first).commands
        guard case .createFlag(_, let first)? = commands.first else {
            Issue.record("the first is \(commands)")
            return
        }
        #expect(first.status == .active && !first.enabled)
        var last = FlagPatch()
        last.status = .paused
        last.enabled = true
        #expect(commands.last == .updateFlag(Self.environment, FlagKey("x"), last))
    }

    @Test func pruningArchivesUsersBeforeWhatTheyNeed() throws {
        var needed = makeFlag()
        needed.key = FlagKey("a_needed")
        var needs = makeFlag()
        needs.key = FlagKey("b_needs")
        needs.targeting.prerequisites = [Prerequisite(flag: needed.key, variations: ["on"])]
        var gone = makeFlag()
        gone.key = FlagKey("gone")
        gone.isArchived = true
        let state = self.current([needed, needs, gone])
        let steps = try self.steps("flags: [{key: x}]", from: state, isPruning: true)
        #expect(steps.map(\.difference.subject) == ["x", "b_needs", "a_needed"])
        #expect(steps.dropFirst().allSatisfy { $0.action == .archive })
        #expect(try self.steps("flags: [{key: x}]", from: state).count == 1)
    }

    @Test func anArchivedFlagAndAnotherSaltAreRefused() throws {
        var archived = makeFlag()
        archived.isArchived = true
        let text = "flags: [{key: crm_advanced_features}]"
        #expect(throws: CommandFailure.self) {
            try self.steps(text, from: self.current([archived]))
        }
        let salted = "flags: [{key: crm_advanced_features, salt: other}]"
        #expect(throws: CommandFailure.self) {
            try self.steps(salted, from: self.current([makeFlag()]))
        }
    }
}
#endif
