import Flags
import Testing

@Suite struct FlagPatchDifferenceTests {
    @Test func theLeastPatchMakesOneDefinitionTheOther() throws {
        var generator = SeededGenerator(seed: 2_026)
        for round in 0..<2_000 {
            let before = try Self.definition(&generator).validatedInAnyStatus()
            let after = try Self.definition(&generator).validatedInAnyStatus()
            let patch = try FlagPatch(from: before, to: after)
            var patched = FlagDefinition(try patch.applied(to: Self.flag(before)))
            var overrides = patched.targeting.overrides
            let changes = Override.changes(from: overrides, to: after.targeting.overrides)
            overrides.removeAll { changes.removed.contains($0) }
            for override in changes.set {
                overrides.removeAll {
                    $0.level == override.level && $0.subject == override.subject
                }
                overrides.append(override)
            }
            patched.targeting.overrides = overrides.sorted { $0.precedes($1) }
            #expect(patched == after, "round \(round)")
            #expect(try FlagPatch(from: after, to: after).isEmpty)
            let again = try FlagPatch(from: patched, to: after)
            #expect(again.isEmpty, "round \(round)")
        }
    }

    @Test func onlyWhatChangedIsInThePatch() throws {
        var after = Samples.definition
        after.rollout = Fixture.percent(50)
        after.end = nil
        var expected = FlagPatch()
        expected.rollout = Fixture.percent(50)
        expected.end = FlagPatch.Bound.none
        #expect(try FlagPatch(from: Samples.definition, to: after) == expected)
    }

    @Test func saltAndBucketingStayAndCannotChange() throws {
        var after = Samples.definition
        after.salt = ""
        after.bucketBy = ""
        #expect(try FlagPatch(from: Samples.definition, to: after).isEmpty)
        after.salt = "other"
        #expect(throws: FlagsError(.invalidText, "")) {
            _ = try FlagPatch(from: Samples.definition, to: after)
        }
        after = Samples.definition
        after.key = FlagKey("other")
        #expect(throws: FlagsError(.invalidName, "")) {
            _ = try FlagPatch(from: Samples.definition, to: after)
        }
    }

    private static func flag(_ definition: FlagDefinition) -> Flag {
        Flag(
            key: definition.key,
            name: definition.name,
            description: definition.description,
            enabled: definition.enabled,
            status: definition.status,
            isArchived: false,
            rollout: definition.rollout,
            audience: definition.audience,
            start: definition.start,
            end: definition.end,
            variations: definition.variations,
            onVariation: definition.onVariation,
            offVariation: definition.offVariation,
            salt: definition.salt,
            bucketBy: definition.bucketBy,
            createdAt: Fixture.now,
            createdBy: "",
            updatedAt: Fixture.now,
            updatedBy: "",
            revision: Revision(1),
            createdRevision: Revision(1),
            labels: definition.labels,
            targeting: definition.targeting
        )
    }

    /// Some parts of the sample, by chance.
    private static func definition(_ generator: inout SeededGenerator) -> FlagDefinition {
        var definition = FlagDefinition(key: FlagKey("a"))
        let full = Samples.definition
        func coin() -> Bool { Bool.random(using: &generator) }
        if coin() { definition.name = full.name }
        if coin() { definition.description = full.description }
        definition.enabled = coin()
        definition.status = FlagStatus.allCases.randomElement(using: &generator) ?? .draft
        definition.rollout = Fixture.percent(UInt32.random(in: 0...100, using: &generator))
        if coin() { definition.audience = full.audience }
        if coin() { definition.start = full.start }
        if coin() { definition.end = full.end }
        if coin() {
            definition.variations = full.variations
            if coin() { definition.labels.schema = full.labels.schema }
        }
        if coin() { definition.onVariation = "off" }
        if coin() { definition.labels.tags = full.labels.tags }
        if coin() { definition.labels.owner = full.labels.owner }
        if coin() { definition.targeting.prerequisites = full.targeting.prerequisites }
        for override in full.targeting.overrides where coin() {
            definition.targeting.overrides.append(override)
            if coin() { definition.targeting.overrides[0].isLocked.toggle() }
        }
        definition.targeting.targets = full.targeting.targets.filter { _ in coin() }
        definition.targeting.rules = full.targeting.rules.filter { _ in coin() }
        if coin() { definition.targeting.weights = full.targeting.weights }
        return definition
    }
}
