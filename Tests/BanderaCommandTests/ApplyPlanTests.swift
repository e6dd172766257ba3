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
        let steps = try self.steps(Self.file(definition), from: self.current([flag]))
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

    @Test("A variation goes after the override that names it, and comes before its successor")
    func variationsAndOverrides() throws {
        var flag = makeFlag()
        flag.variations += [
            Variation(name: "gone", value: .bool(true)),
            Variation(name: "lost", value: .bool(true)),
        ]
        flag.targeting.overrides = [
            Override(level: .company, subject: "globex", variation: "gone"),
            Override(level: .user, subject: "ana", variation: "lost"),
        ]
        var definition = FlagDefinition(flag)
        definition.variations.removeLast(2)
        definition.variations.append(Variation(name: "new", value: .bool(true)))
        let successor = Override(level: .user, subject: "ana", variation: "new")
        definition.targeting.overrides = [successor]
        let step = try #require(self.steps(Self.file(definition), from: self.current([flag])).first)
        var patch = FlagPatch()
        patch.variations = definition.variations
        let (place, key) = (Self.environment, flag.key)
        let removals: [Command] = [
            .removeOverride(place, key, .company, subject: "globex"),
            .removeOverride(place, key, .user, subject: "ana"),
        ]
        #expect(
            step.commands
                == removals + [.updateFlag(place, key, patch), .setOverride(place, key, successor)]
        )
        // What needs the removals cannot be judged without them.
        #expect(step.judgedAlone == removals)
    }

    @Test("What a running release sets stays as the release has it")
    func runningReleases() throws {
        var flag = makeFlag()
        flag.release = Revision(9)
        var definition = FlagDefinition(flag)
        definition.rollout = .all
        definition.audience.plans = ["OTHER"]
        let state = self.current([flag])
        #expect(try self.steps(Self.file(definition), from: state).isEmpty)
        definition.name = "Another name"
        var patch = FlagPatch()
        patch.name = "Another name"
        let commands = try self.steps(Self.file(definition), from: state).first?.commands
        #expect(commands == [.updateFlag(Self.environment, flag.key, patch)])
    }

    @Test("Empty lists say that an environment is empty")
    func emptyLists() throws {
        let state = self.current([makeFlag()])
        let pruned = try self.steps("flags: []", from: state, isPruning: true)
        #expect(pruned.map(\.action) == [.archive])
        #expect(try self.steps("flags: []", from: state).isEmpty)
        #expect(try self.steps("plans: []", from: state, isPruning: true).isEmpty)
        let elsewhere = "segments: []\nflags: [{key: x, environment: acme/staging}]"
        #expect(
            try self.steps(elsewhere, from: state, isPruning: true).map(\.action) == [.create]
        )
    }

    @Test("A cluster judges what needs nothing that is still to be made")
    func judgeableSteps() throws {
        let steps = try self.steps(
            """
            environments: [{id: acme/new}]
            flags:
              - {key: alone}
              - {key: needed}
              - {key: needs, prerequisites: [{flag: needed, variations: [on]}]}
              - {key: x, environment: acme/new}
            """
        )
        #expect(
            steps.judgeable.map(\.fullName) == [
                "environment acme/new", "flag acme/production/alone",
                "flag acme/production/needed",
            ]
        )
    }

    private static func file(_ definition: FlagDefinition) -> String {
        YAMLText.text(
            .object([Value.Field(name: "flags", value: .array([definition.document]))])
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
