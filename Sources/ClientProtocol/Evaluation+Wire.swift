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
            message.error = self.errorCode.raw
        }
    }

    /// Reads the C form; there is a value exactly when there is no error.
    init(_ message: UnsafePointer<Bandera__Flags__V1__Evaluation>) throws(WireError) {
        let raw = message.pointee
        let errorCode = try EvaluationErrorCode?(raw.error)
        var value: Value?
        if errorCode == nil {
            value = try Value(raw.value)
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

extension EvaluationReason {
    private static let all: [EvaluationReason] = [
        .static, .default, .targetingMatch, .split, .disabled, .prerequisiteFailed, .cached,
        .stale, .error,
    ]

    fileprivate var raw: Bandera__Flags__V1__EvaluationReason {
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

    fileprivate init(_ raw: Bandera__Flags__V1__EvaluationReason) throws(WireError) {
        guard let reason = Self.all.first(where: { $0.raw == raw }) else {
            throw WireError(code: .outOfRange, message: "unknown reason \(raw.rawValue)")
        }
        self = reason
    }
}

extension EvaluationErrorCode? {
    private static var all: [EvaluationErrorCode?] {
        [
            nil, .flagNotFound, .typeMismatch, .targetingKeyMissing, .invalidContext,
            .providerNotReady, .general,
        ]
    }

    fileprivate var raw: Bandera__Flags__V1__EvaluationError {
        switch self {
        case nil: BANDERA__FLAGS__V1__EVALUATION_ERROR__EVALUATION_ERROR_UNSPECIFIED
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

    fileprivate init(_ raw: Bandera__Flags__V1__EvaluationError) throws(WireError) {
        guard let code = Self.all.first(where: { $0.raw == raw }) else {
            throw WireError(code: .outOfRange, message: "unknown error code \(raw.rawValue)")
        }
        self = code
    }
}
