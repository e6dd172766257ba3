internal import ClientProtocol
internal import Flags

/// Evaluations, and how they came about, as the program shows them.
enum EvaluationRendering {
    /// What a flag evaluated to, who said so, and the steps if they were asked for.
    static func document(
        _ response: EvaluateResponse,
        of key: FlagKey,
        in environment: EnvironmentID
    ) -> Document {
        var text = self.table(response, of: key).text
        if let explanation = response.explanation {
            text += "\n\n" + self.table(explanation).text
            if !explanation.unknownOperators.isEmpty {
                text += "\n" + Texts.unknownOperators(explanation.unknownOperators)
            }
        }
        return Document(text: text) { json in
            json.beginObject()
            self.write(response, of: key, in: environment, to: &json)
            if let explanation = response.explanation {
                json.name("explanation")
                json.value(explanation.document)
            }
            json.endObject()
        }
    }

    /// Which level of the hierarchy decided what a flag is for somebody.
    static func document(
        _ response: EvaluateResponse,
        _ levels: [OverrideOutcome],
        of key: FlagKey,
        in environment: EnvironmentID
    ) -> Document {
        let table = Table(
            [
                .words(Texts.headingLevel), .words(Texts.headingSubject),
                .words(Texts.headingVariation), .words(Texts.headingLocked),
                .words(Texts.headingDecides),
            ],
            rows: levels.map { outcome in
                [
                    outcome.level.rawValue, outcome.override?.subject ?? "",
                    outcome.override?.variation ?? "",
                    outcome.override.map { FlagRendering.yesNo($0.isLocked) } ?? "",
                    outcome.decides ? Texts.yes : "",
                ]
            }
        )
        let whole = self.document(response, of: key, in: environment)
        return Document(text: "\(table.text)\n\n\(whole.text)") { json in
            json.beginObject()
            self.write(response, of: key, in: environment, to: &json)
            json.members("levels", levels) { outcome, json in
                json.beginObject()
                json.member("level", outcome.level.rawValue)
                json.name("override")
                if let override = outcome.override {
                    json.value(override.document)
                } else {
                    json.null()
                }
                json.member("decides", outcome.decides)
                json.endObject()
            }
            json.name("explanation")
            if let explanation = response.explanation {
                json.value(explanation.document)
            } else {
                json.null()
            }
            json.endObject()
        }
    }

    private static func table(_ response: EvaluateResponse, of key: FlagKey) -> Table {
        let evaluation = response.evaluation
        let rows = [
            (Texts.headingKey, key.rawValue),
            (Texts.headingValue, evaluation.value.map(self.json) ?? ""),
            (Texts.headingVariation, evaluation.variation ?? ""),
            (Texts.headingReason, evaluation.reason.rawValue),
            (Texts.headingError, evaluation.errorCode?.rawValue ?? ""),
            (Texts.headingRevision, response.revision.description),
            (
                Texts.headingServedBy,
                Texts.servedBy(
                    node: response.node,
                    region: response.region,
                    routed: response.routed
                )
            ),
        ]
        return Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: rows.filter { !$0.1.isEmpty }.map { [$0.0, $0.1] }
        )
    }

    private static func table(_ explanation: Explanation) -> Table {
        Table(
            [
                .numbers(Texts.headingStep), .words(Texts.headingName),
                .words(Texts.headingInputs), .words(Texts.headingOutcome),
                .words(Texts.headingDecides),
            ],
            rows: explanation.steps.enumerated().map { index, step in
                [
                    String(index + 1), step.name,
                    step.inputs.map { "\($0.name)=\(self.json($0.value))" }
                        .joined(separator: ", "),
                    step.outcome, step.isDecisive ? Texts.yes : "",
                ]
            }
        )
    }

    private static func json(_ value: Value) -> String {
        var json = JSONWriter()
        json.value(value)
        return json.text
    }

    private static func write(
        _ response: EvaluateResponse,
        of key: FlagKey,
        in environment: EnvironmentID,
        to json: inout JSONWriter
    ) {
        let evaluation = response.evaluation
        json.member("environment", environment.description)
        json.member("key", key.rawValue)
        json.name("value")
        if let found = evaluation.value { json.value(found) } else { json.null() }
        json.name("variant")
        if let variation = evaluation.variation { json.string(variation) } else { json.null() }
        json.member("reason", evaluation.reason.rawValue)
        json.name("error_code")
        if let code = evaluation.errorCode { json.string(code.rawValue) } else { json.null() }
        json.member("revision", response.revision.rawValue)
        json.member("node", response.node)
        json.member("region", response.region)
        json.member("routed", response.routed)
    }
}
