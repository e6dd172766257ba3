/// Why an evaluation gave what it gave (OpenFeature specification, section 1.4).
public enum EvaluationReason: String, Hashable, Sendable, CaseIterable {
    /// Everybody for whom the flag is gets this value.
    case `static` = "STATIC"
    /// The audience does not have the context: the off variation.
    case `default` = "DEFAULT"
    /// An override, a target or a rule names this value for the context.
    case targetingMatch = "TARGETING_MATCH"
    /// A share decided: of the rollout, or of a rule's or the flag's weights.
    case split = "SPLIT"
    /// The flag is off, not active, or outside its dates: the off variation.
    case disabled = "DISABLED"
    /// Another flag that it needs gives something else: the off variation.
    case prerequisiteFailed = "PREREQUISITE_FAILED"
    /// The value is of the last-known-good file: no node was reached yet.
    case cached = "CACHED"
    /// No node was reached for long: the value may be old.
    case stale = "STALE"
    /// There is no value: the error code says why.
    case error = "ERROR"
}

/// Why an evaluation gave no value (OpenFeature specification, section 1.4.8).
public enum EvaluationErrorCode: String, Hashable, Sendable, CaseIterable {
    /// There is no such flag, or it is archived.
    case flagNotFound = "FLAG_NOT_FOUND"
    /// The value is not of the type that was asked for.
    case typeMismatch = "TYPE_MISMATCH"
    /// The context lacks the attribute that the share goes by.
    case targetingKeyMissing = "TARGETING_KEY_MISSING"
    /// The context is not one that can be evaluated for.
    case invalidContext = "INVALID_CONTEXT"
    /// There is nothing to evaluate with yet.
    case providerNotReady = "PROVIDER_NOT_READY"
    /// Something else, such as a hook that failed.
    case general = "GENERAL"
}

/// What a flag evaluated to.
public struct Evaluation: Hashable, Sendable {
    /// `nil` exactly when `errorCode` is set: use the code default.
    public let value: Value?
    /// The name of the variation; `nil` when there is no value.
    public let variation: String?
    /// Why it is this value.
    public let reason: EvaluationReason
    /// Why there is no value.
    public let errorCode: EvaluationErrorCode?

    /// Creates an evaluation.
    public init(
        value: Value?,
        variation: String?,
        reason: EvaluationReason,
        errorCode: EvaluationErrorCode? = nil
    ) {
        self.value = value
        self.variation = variation
        self.reason = reason
        self.errorCode = errorCode
    }
}

/// Who is asking, as in OpenFeature, with the four fields that audiences name.
public struct EvaluationContext: Hashable, Sendable {
    /// Identifies the unit, for example a user id; empty when there is none.
    public var targetingKey: String
    /// The id of the customer; empty when there is none.
    public var company: String
    /// The id of the customer's plan; empty when there is none.
    public var plan: String
    /// The unit's role; empty when there is none.
    public var role: String
    /// The unit's region; empty when there is none.
    public var region: String
    /// Sorted by name.
    public var attributes: [Value.Field]

    /// Creates a context and sorts its attributes.
    public init(
        targetingKey: String,
        company: String = "",
        plan: String = "",
        role: String = "",
        region: String = "",
        attributes: [Value.Field] = []
    ) {
        self.targetingKey = targetingKey
        self.company = company
        self.plan = plan
        self.role = role
        self.region = region
        self.attributes = attributes.sorted { $0.name < $1.name }
    }
}
