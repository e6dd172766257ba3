import Flags
import Testing

@Suite struct DocumentDiffTests {
    @Test func equalDocumentsDoNotDiffer() {
        let document = Samples.definition.document
        #expect(DocumentDiff(from: document, to: document).isEmpty)
    }

    @Test func eachDifferenceIsNamedByItsPath() {
        var changed = Samples.definition
        changed.name = "Checkout"
        changed.start = nil
        changed.rollout = Fixture.percent(50)
        changed.audience.plans = ["PRO", "TEAM"]
        changed.targeting.rules[0].serve = .variation("off")
        changed.targeting.rules.removeLast()
        changed.targeting.rules.append(Rule(id: "new", clauses: [], serve: .variation("on")))
        changed.targeting.overrides[1].variation = "off"
        let diff = DocumentDiff(from: Samples.definition.document, to: changed.document)
        #expect(
            diff.entries.map(\.path) == [
                "name", "overrides[company globex]/variation", "rollout_percentage",
                "rules[rest]", "rules[beta]/serve/variation", "rules[new]", "start_date",
                "target_plans",
            ]
        )
        #expect(diff.entries[0].before == .string("New checkout"))
        #expect(diff.entries[0].after == .string("Checkout"))
        #expect(diff.entries[3].after == .null && diff.entries[5].before == .null)
        #expect(diff.entries[6].after == .null)
    }

    @Test func anotherOrderOfTheSameElementsIsADifference() {
        var changed = Samples.definition
        changed.targeting.rules.reverse()
        let diff = DocumentDiff(from: Samples.definition.document, to: changed.document)
        #expect(diff.entries.map(\.path) == ["rules[order]"])
        #expect(diff.entries.first?.after == .array([.string("rest"), .string("beta")]))
    }

    @Test func documentsDifferExactlyWhenTheyAreNotEqual() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let before = Self.withoutNulls(RandomValues.value(depth: 3, &generator))
            let after =
                Bool.random(using: &generator)
                ? before : Self.withoutNulls(RandomValues.value(depth: 3, &generator))
            let diff = DocumentDiff(from: before, to: after)
            #expect(diff.isEmpty == (before == after))
            for entry in diff.entries {
                #expect(entry.before != entry.after)
                #expect(try DocumentDiff.Entry(document: entry.document) == entry)
            }
        }
    }

    /// Members that are null are as if they were not there.
    private static func withoutNulls(_ value: Value) -> Value {
        guard case .object(let fields) = value else { return value }
        return .object(
            fields.compactMap { field in
                field.value == .null
                    ? nil : .init(name: field.name, value: Self.withoutNulls(field.value))
            }
        )
    }
}
