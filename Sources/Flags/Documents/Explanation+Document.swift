extension Explanation: Documented {
    private static let names = ["steps", "evaluation", "unknown_operators"]

    /// `steps` in order, `evaluation` and `unknown_operators`.
    public var document: Value {
        .document([
            "steps": .array(self.steps.map(\.document)),
            "evaluation": self.evaluation.document,
            "unknown_operators": .texts(self.unknownOperators),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an explanation", Self.names)
        self.init(
            steps: try reader.items("steps"),
            evaluation: try reader.item("evaluation"),
            unknownOperators: try reader.texts("unknown_operators")
        )
    }
}

extension Explanation.Step: Documented {
    private static let names = ["name", "inputs", "outcome", "decisive"]

    /// `name`, `inputs` (each a `name` and a `value`, in order), `outcome` and `decisive`.
    public var document: Value {
        let inputs = self.inputs.map { input in
            Value.document(["name": .string(input.name), "value": input.value])
        }
        return .document([
            "name": .string(self.name),
            "inputs": inputs.isEmpty ? .null : .array(inputs),
            "outcome": .string(self.outcome),
            "decisive": .ifTrue(self.isDecisive),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a step", Self.names)
        var inputs: [Value.Field] = []
        for value in try reader.values("inputs") {
            let input = try DocumentReader(value, "an input", ["name", "value"])
            inputs.append(
                Value.Field(name: try input.text("name"), value: input.value("value"))
            )
        }
        self.init(
            name: try reader.text("name"),
            inputs: inputs,
            outcome: try reader.text("outcome"),
            isDecisive: try reader.bool("decisive", default: false)
        )
    }
}

extension Evaluation: Documented {
    private static let names = ["value", "variation", "reason", "error_code"]

    /// `value`, `variation`, `reason` and `error_code`.
    public var document: Value {
        .document([
            "value": self.value ?? .null,
            "variation": self.variation.map { .string($0) } ?? .null,
            "reason": .string(self.reason.rawValue),
            "error_code": self.errorCode.map { .string($0.rawValue) } ?? .null,
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an evaluation", Self.names)
        let value = reader.value("value")
        self.init(
            value: value == .null ? nil : value,
            variation: try reader.textIfAny("variation"),
            reason: try reader.choice("reason"),
            errorCode: try reader.choiceIfAny("error_code")
        )
    }
}
