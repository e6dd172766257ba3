internal import CMessages
internal import Flags
package import Wire

extension EvaluateRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__evaluate_request__init) { message in
                message.environment = self.environment.build(in: arena)
                message.key = arena.bytes(self.key.rawValue)
                message.context = self.context.build(in: arena)
                message.region = arena.bytes(self.region)
                message.at_least = self.atLeast.rawValue
                message.linearizable = self.isLinearizable ? 1 : 0
                message.explain = self.wantsExplanation ? 1 : 0
                message.as_of = self.asOf.rawValue
                if let time = self.time {
                    message.moment_case = BANDERA__V1__EVALUATE_REQUEST__MOMENT_TIME_MS
                    message.time_ms = time.milliseconds
                }
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> EvaluateRequest {
        try arena.unpack(bytes, with: bandera__v1__evaluate_request__unpack) {
            (message) throws(WireError) -> EvaluateRequest in
            let raw = message.pointee
            let hasTime = raw.moment_case == BANDERA__V1__EVALUATE_REQUEST__MOMENT_TIME_MS
            return EvaluateRequest(
                environment: try EnvironmentID(raw.environment),
                key: FlagKey(try raw.key.identifier("key")),
                context: try EvaluationContext(raw.context),
                region: try raw.region.identifier("region"),
                atLeast: Revision(raw.at_least),
                isLinearizable: raw.linearizable != 0,
                wantsExplanation: raw.explain != 0,
                asOf: Revision(raw.as_of),
                time: hasTime ? Timestamp(milliseconds: raw.time_ms) : nil
            )
        }
    }
}

extension EvaluateResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__evaluate_response__init) { message in
                message.evaluation = self.evaluation.build(in: arena)
                message.revision = self.revision.rawValue
                message.node = self.node
                message.region = arena.bytes(self.region)
                message.routed = self.routed ? 1 : 0
                message.explanation = self.explanation?.build(in: arena)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> EvaluateResponse {
        try arena.unpack(bytes, with: bandera__v1__evaluate_response__unpack) {
            (message) throws(WireError) -> EvaluateResponse in
            var explanation: Explanation?
            if let raw = message.pointee.explanation {
                explanation = try Explanation(UnsafePointer(raw))
            }
            return EvaluateResponse(
                evaluation: try Evaluation(try require(message.pointee.evaluation, "evaluation")),
                revision: Revision(message.pointee.revision),
                node: message.pointee.node,
                region: try message.pointee.region.identifier("region"),
                routed: message.pointee.routed != 0,
                explanation: explanation
            )
        }
    }
}
