import Flags
import Testing

@Suite struct FlagCopyTests {
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
            { $0.createdRevision = Revision(5_001) },
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
