extension Explainer {
    /// `unmet` is the position of the first clause that is not met.
    func noteRule(at index: Int, _ context: borrowing EvaluationContext, unmet: Int?) {
        let rule = self.flag.targeting.rules[index]
        var inputs: [(String, Value)] = [("rule", .string(rule.id))]
        for (position, clause) in rule.clauses.enumerated() {
            guard position <= unmet ?? rule.clauses.count else { break }
            inputs.append(("clause \(position + 1)", Self.describe(clause, context)))
        }
        guard unmet == nil else {
            let clause = (unmet ?? 0) + 1
            self.note("rule", inputs, "no match: clause \(clause) is not met", isDecisive: false)
            return
        }
        switch rule.serve {
        case .variation(let name):
            self.note("rule", inputs, "matched: serves \(name)", isDecisive: true)
        case .split:
            self.note("rule", inputs, "matched: serves by weight", isDecisive: false)
        }
    }

    /// How the weights of a rule divide.
    func noteSplit(
        ofRule index: Int,
        _ distribution: borrowing Distribution,
        _ context: borrowing EvaluationContext
    ) {
        guard case .split(let split) = self.flag.targeting.rules[index].serve else { return }
        guard let single = distribution.single?.evaluation(.targetingMatch) else {
            self.noteWeights(distribution, context, of: split)
            return
        }
        self.note("weights", [], "everybody: \(Self.serves(single))", isDecisive: true)
    }

    private static func describe(
        _ clause: Clause,
        _ context: borrowing EvaluationContext
    ) -> Value {
        let values = Array(clause.values.prefix(Self.listedMax + 1))
        var fields = [
            Value.Field(name: "operator", value: .string(clause.comparison.rawValue)),
            Value.Field(name: "values", value: Self.list(values: values, of: clause.values.count)),
        ]
        if clause.isNegated { fields.append(Value.Field(name: "negated", value: .bool(true))) }
        if clause.comparison != .segment {
            let name = Self.attribute(clause.attribute)
            let value = AttributeReference(clause.attribute).value(in: context) ?? .null
            fields.append(Value.Field(name: "attribute", value: .string(name)))
            fields.append(Value.Field(name: "value", value: value))
        }
        return Value.makeObject(fields) ?? .null
    }

    /// A rollout that needs no bucket.
    func noteWholeRollout(_ inside: borrowing Distribution) {
        let single = inside.single?.evaluation(.static)
        self.note(
            "rollout",
            [("percentage", .number(self.percentage))],
            single.map { "everybody: \(Self.serves($0))" } ?? "everybody is in",
            isDecisive: single != nil
        )
    }

    /// `bucket` is nil when the context has no unit.
    func noteRollout(_ bucket: Bucket?, below end: UInt32, _ inside: borrowing Distribution) {
        var inputs: [(String, Value)] = [
            ("percentage", .number(self.percentage)), ("salt", .string(self.flag.salt)),
            ("bucket by", .string(Self.attribute(self.flag.bucketBy))),
        ]
        guard let bucket else {
            self.note("rollout", inputs, Self.noUnit, isDecisive: true)
            return
        }
        inputs.append(("bucket", .number(Double(bucket.rawValue))))
        guard bucket.rawValue < end else {
            let outcome = "not below \(end): serves \(self.flag.offVariation)"
            self.note("rollout", inputs, outcome, isDecisive: true)
            return
        }
        let single = inside.single?.evaluation(.split)
        self.note(
            "rollout",
            inputs,
            "below \(end): " + (single.map { Self.serves($0) } ?? "in"),
            isDecisive: single != nil
        )
    }

    /// How weights divide: those of the split of a rule, or of the flag.
    func noteWeights(
        _ distribution: borrowing Distribution,
        _ context: borrowing EvaluationContext,
        of split: Split?
    ) {
        guard distribution.single == nil else { return }
        let named = split?.bucketBy ?? ""
        var inputs: [(String, Value)] = [
            ("salt", .string(self.flag.salt)),
            ("bucket by", .string(Self.attribute(named.isEmpty ? self.flag.bucketBy : named))),
        ]
        for share in split?.weights ?? self.flag.targeting.weights {
            inputs.append((share.variation, .number(Double(share.weight) / 1_000)))
        }
        if let bucket = distribution.bucket(context) {
            inputs.append(("bucket", .number(Double(bucket.rawValue))))
            let evaluation = distribution.evaluate(context, single: .split)
            self.note("weights", inputs, Self.serves(evaluation), isDecisive: true)
        } else {
            self.note("weights", inputs, Self.noUnit, isDecisive: true)
        }
    }

    private static let noUnit = "the context lacks what is bucketed by"

    private var percentage: Double { Double(self.flag.rollout.thousandths) / 1_000 }

    private static func serves(_ evaluation: Evaluation) -> String {
        evaluation.variation.map { "serves \($0)" } ?? "a variation that the flag lacks"
    }
}
