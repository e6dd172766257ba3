internal import CMessages
internal import Flags
internal import Wire

extension EvaluationContext {
    /// Makes the C form.
    func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Flags__V1__EvaluationContext> {
        arena.message(bandera__flags__v1__evaluation_context__init) { message in
            message.targeting_key = arena.bytes(self.targetingKey)
            message.company = arena.bytes(self.company)
            message.plan = arena.bytes(self.plan)
            message.role = arena.bytes(self.role)
            message.region = arena.bytes(self.region)
            message.n_attributes = self.attributes.count
            message.attributes = arena.fields(self.attributes)
        }
    }

    /// Reads the C form; absent means that nothing is known.
    init(
        _ message: UnsafeMutablePointer<Bandera__Flags__V1__EvaluationContext>?
    ) throws(WireError) {
        guard let raw = message?.pointee else {
            self.init(targetingKey: "")
            return
        }
        self.init(
            targetingKey: try raw.targeting_key.identifier("targeting key"),
            company: try raw.company.identifier("company"),
            plan: try raw.plan.identifier("plan"),
            role: try raw.role.identifier("role"),
            region: try raw.region.identifier("region"),
            attributes: try readFields(
                raw.n_attributes,
                raw.attributes,
                max: ClientProtocolLimits.attributesMax,
                "attributes"
            )
        )
    }
}

extension Evaluation {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__Evaluation> {
        arena.message(bandera__flags__v1__evaluation__init) { message in
            message.value = self.value?.build(in: arena)
            if let variation = self.variation {
                message.chosen_case = BANDERA__FLAGS__V1__EVALUATION__CHOSEN_VARIATION
                message.variation = arena.bytes(variation)
            }
            message.reason = self.reason.raw
            if let errorCode = self.errorCode { message.error = errorCode.raw }
        }
    }

    /// Reads the C form; there is a value exactly when there is no error.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Evaluation>) throws(WireError) {
        let raw = message.pointee
        var value: Value?
        var errorCode: EvaluationErrorCode?
        if raw.error == BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_UNSPECIFIED {
            value = try Value(raw.value)
        } else {
            errorCode = try EvaluationErrorCode(raw.error)
        }
        var variation: String?
        if raw.chosen_case == BANDERA__FLAGS__V1__EVALUATION__CHOSEN_VARIATION {
            variation = try raw.variation.identifier("variation")
        }
        self.init(
            value: value,
            variation: variation,
            reason: try EvaluationReason(raw.reason),
            errorCode: errorCode
        )
    }
}

extension EvaluationReason: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__EvaluationReason {
        switch self {
        case .static: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_STATIC
        case .default: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_DEFAULT
        case .targetingMatch:
            BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_TARGETING_MATCH
        case .split: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_SPLIT
        case .disabled: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_DISABLED
        case .prerequisiteFailed:
            BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_PREREQUISITE_FAILED
        case .cached: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_CACHED
        case .stale: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_STALE
        case .error: BANDERA__FLAGS__V1__EVALUATION_REASON__EVALUATION_REASON_ERROR
        }
    }
}

extension EvaluationErrorCode: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__EvaluationError {
        switch self {
        case .flagNotFound: BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_FLAG_NOT_FOUND
        case .typeMismatch: BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_TYPE_MISMATCH
        case .targetingKeyMissing:
            BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_TARGETING_KEY_MISSING
        case .invalidContext:
            BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_INVALID_CONTEXT
        case .providerNotReady:
            BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_PROVIDER_NOT_READY
        case .general: BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_GENERAL
        }
    }
}
