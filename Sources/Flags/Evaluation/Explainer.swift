/// Records the steps of one evaluation as it makes them.
final class Explainer {
    /// Values and units beyond these are left out of a step.
    static let listedMax = 10

    let flag: Flag
    private var steps: [Explanation.Step] = []

    init(_ flag: Flag) { self.flag = flag }

    func note(_ name: String, _ inputs: [(String, Value)], _ outcome: String, isDecisive: Bool) {
        let fields = inputs.map { Value.Field(name: $0.0, value: $0.1) }
        self.steps.append(
            Explanation.Step(name: name, inputs: fields, outcome: outcome, isDecisive: isDecisive)
        )
    }

    /// What was recorded, with what came of it.
    func explanation(
        of evaluation: Evaluation,
        in scope: borrowing some EvaluationScope
    ) -> Explanation {
        Explanation(
            steps: self.steps,
            evaluation: evaluation,
            unknownOperators: UnknownOperators.names(in: self.flag, scope)
        )
    }
}

extension Explanation {
    /// Says that there is no flag named `key`.
    public init(unknown key: FlagKey) {
        let step = Step(
            name: "flag",
            inputs: [Value.Field(name: "key", value: .string(key.rawValue))],
            outcome: "not found",
            isDecisive: true
        )
        self.init(steps: [step], evaluation: Evaluation(error: .flagNotFound))
    }
}
