/// Why an evaluation gave what it gave (OpenFeature specification, section 1.4).
public enum EvaluationReason: String, Hashable, Sendable, CaseIterable {
    case `static` = "STATIC"
    case `default` = "DEFAULT"
    case targetingMatch = "TARGETING_MATCH"
    case split = "SPLIT"
    case disabled = "DISABLED"
    case prerequisiteFailed = "PREREQUISITE_FAILED"
    case cached = "CACHED"
    case stale = "STALE"
    case error = "ERROR"
}

/// Why an evaluation gave no value (OpenFeature specification, section 1.4.8).
public enum EvaluationErrorCode: String, Hashable, Sendable, CaseIterable {
    case flagNotFound = "FLAG_NOT_FOUND"
    case typeMismatch = "TYPE_MISMATCH"
    case targetingKeyMissing = "TARGETING_KEY_MISSING"
    case invalidContext = "INVALID_CONTEXT"
    case providerNotReady = "PROVIDER_NOT_READY"
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
