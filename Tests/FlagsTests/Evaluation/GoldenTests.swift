import Flags
import Testing

@Suite("Explanations, word for word")
struct GoldenTests {
    @Test(
        "Every reason is explained as it always was",
        arguments: GoldenExplanation.all.map(\.name)
    )
    func explained(name: String) throws {
        let golden = try #require(GoldenExplanation.all.first { $0.name == name })
        let ruleset = Ruleset(
            environment: Fixture.environment,
            flags: [golden.flag] + GoldenExplanation.otherFlags,
            segments: GoldenExplanation.segments
        )
        let explanation = ruleset.explain(golden.flag.key, golden.context, now: Fixture.now)
        #expect(Self.text(explanation) == GoldenTexts.all[name], "got:\n\(Self.text(explanation))")
        let evaluation = ruleset.evaluate(golden.flag.key, golden.context, now: Fixture.now)
        #expect(explanation.evaluation == evaluation)
    }

    @Test("There is an explanation of every reason and error that evaluating can give")
    func complete() {
        let text = GoldenTexts.all.values.joined()
        #expect(GoldenTexts.all.count == GoldenExplanation.all.count)
        for reason in [
            "STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "PREREQUISITE_FAILED",
            "ERROR FLAG_NOT_FOUND", "ERROR TARGETING_KEY_MISSING", "ERROR GENERAL",
        ] {
            #expect(text.contains("= \(reason)"), "\(reason)")
        }
    }

    /// A line for each step, one for each of its inputs, and one for what came of it.
    private static func text(_ explanation: Explanation) -> String {
        var lines: [String] = []
        for step in explanation.steps {
            lines.append("\(step.isDecisive ? "*" : "-") \(step.name): \(step.outcome)")
            for input in step.inputs { lines.append("  \(input.name) \(Self.text(input.value))") }
        }
        let evaluation = explanation.evaluation
        let code = evaluation.errorCode.map { " \($0.rawValue)" } ?? ""
        let variation = evaluation.variation.map { " \($0)" } ?? ""
        lines.append("= \(evaluation.reason.rawValue)\(code)\(variation)")
        if !explanation.unknownOperators.isEmpty {
            lines.append("? \(explanation.unknownOperators.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .array(let elements): "[\(elements.map { Self.text($0) }.joined(separator: ", "))]"
        case .object(let fields):
            "{\(fields.map { "\($0.name): \(Self.text($0.value))" }.joined(separator: ", "))}"
        }
    }
}
