internal import CMessages
internal import Flags
internal import Wire

extension Explanation {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__Explanation> {
        arena.message(bandera__flags__v1__explanation__init) { message in
            message.n_steps = self.steps.count
            message.steps = arena.messages(
                self.steps,
                bandera__flags__v1__explanation_step__init
            ) { step, message in
                message.name = arena.bytes(step.name)
                message.n_inputs = step.inputs.count
                message.inputs = arena.fields(step.inputs)
                message.outcome = arena.bytes(step.outcome)
                message.is_decisive = step.isDecisive ? 1 : 0
            }
            message.evaluation = self.evaluation.build(in: arena)
            message.n_unknown_operators = self.unknownOperators.count
            message.unknown_operators = arena.strings(self.unknownOperators)
        }
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Explanation>) throws(WireError) {
        let raw = message.pointee
        self.init(
            steps: try readMessages(
                raw.n_steps,
                raw.steps,
                max: ClientProtocolLimits.explanationStepsMax,
                "steps"
            ) { (step) throws(WireError) -> Step in
                Step(
                    name: try step.pointee.name.text("step"),
                    inputs: try readNotes(
                        step.pointee.n_inputs,
                        step.pointee.inputs,
                        max: ClientProtocolLimits.documentElementsMax,
                        "inputs",
                        .document
                    ),
                    outcome: try step.pointee.outcome.text("outcome"),
                    isDecisive: step.pointee.is_decisive != 0
                )
            },
            evaluation: try Evaluation(try require(raw.evaluation, "evaluation")),
            unknownOperators: try readIdentifiers(
                raw.n_unknown_operators,
                raw.unknown_operators,
                max: ClientProtocolLimits.explanationStepsMax,
                "operators"
            )
        )
    }
}
