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
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> EvaluateRequest {
        try arena.unpack(bytes, with: bandera__v1__evaluate_request__unpack) {
            (message) throws(WireError) -> EvaluateRequest in
            EvaluateRequest(
                environment: try EnvironmentID(message.pointee.environment),
                key: FlagKey(try message.pointee.key.identifier("key")),
                context: try EvaluationContext(message.pointee.context),
                region: try message.pointee.region.identifier("region"),
                atLeast: Revision(message.pointee.at_least),
                isLinearizable: message.pointee.linearizable != 0
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
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> EvaluateResponse {
        try arena.unpack(bytes, with: bandera__v1__evaluate_response__unpack) {
            (message) throws(WireError) -> EvaluateResponse in
            EvaluateResponse(
                evaluation: try Evaluation(try require(message.pointee.evaluation, "evaluation")),
                revision: Revision(message.pointee.revision),
                node: message.pointee.node,
                region: try message.pointee.region.identifier("region"),
                routed: message.pointee.routed != 0
            )
        }
    }
}
