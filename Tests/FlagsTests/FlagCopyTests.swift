import Flags
import Testing

@Suite struct FlagCopyTests {
    @Test func eachFieldThatChangesIsNamed() {
        let edits: [(Flag.Field, (inout Flag) -> Void)] = [
            (.name, { $0.name = "x" }), (.tags, { $0.labels.tags = ["x"] }),
            (.owner, { $0.labels.owner = "x" }), (.schema, { $0.labels.schema = .bool(true) }),
            (.prerequisites, { $0.targeting.prerequisites = [] }),
            (.overrides, { $0.targeting.overrides = [] }),
            (.targets, { $0.targeting.targets = [] }), (.rules, { $0.targeting.rules = [] }),
            (.weights, { $0.targeting.weights = [] }), (.recordedStart, { $0.recordedStart = nil }),
            (.recordedEnd, { $0.recordedEnd = nil }), (.release, { $0.release = nil }),
        ]
        for (field, edit) in edits {
            var changed = Samples.flag
            edit(&changed)
            #expect(changed.changedFields(since: Samples.flag) == [field])
            #expect(changed.value(of: field) != Samples.flag.value(of: field))
        }
    }

    @Test func aCopyThatIsChangedLeavesTheOtherAsItWas() {
        let original = Fixture.flag { $0.name = "first" }
        let edits: [(inout Flag) -> Void] = [
            { $0.key = FlagKey("x") }, { $0.name = "x" }, { $0.description = "x" },
            { $0.enabled.toggle() }, { $0.status = .completed }, { $0.isArchived.toggle() },
            { $0.rollout = RolloutPercentage(thousandths: 77) ?? .none },
            { $0.audience.plans.append("x") }, { $0.audience.regions = ["x"] },
            { $0.start = Timestamp(milliseconds: 1) }, { $0.end = Timestamp(milliseconds: 2) },
            { $0.variations.append(Variation(name: "x", value: .null)) },
            { $0.onVariation = "x" }, { $0.offVariation = "x" }, { $0.salt = "x" },
            { $0.bucketBy = "x" }, { $0.createdAt = Timestamp(milliseconds: 3) },
            { $0.createdBy = "x" }, { $0.updatedAt = Timestamp(milliseconds: 4) },
            { $0.updatedBy = "x" }, { $0.revision = Revision(5_000) },
            { $0.createdRevision = Revision(5_001) }, { $0.labels.tags = ["x"] },
            { $0.labels.owner = "x" }, { $0.labels.schema = .bool(true) },
            { $0.targeting.weights = [WeightedVariation(variation: "x", weight: 1)] },
            { $0.targeting.rules = [Rule(id: "x", clauses: [], serve: .variation("x"))] },
            { $0.recordedStart = Timestamp(milliseconds: 5) },
            { $0.recordedEnd = Timestamp(milliseconds: 6) }, { $0.release = Revision(5_002) },
        ]
        let before = original.hashValue
        for index in edits.indices {
            var copy = original
            #expect(copy == original)
            edits[index](&copy)
            #expect(copy != original, "edit \(index)")
            #expect(original.hashValue == before, "edit \(index)")
            var again = original
            edits[index](&again)
            #expect(again == copy && again.hashValue == copy.hashValue, "edit \(index)")
        }
    }
}
