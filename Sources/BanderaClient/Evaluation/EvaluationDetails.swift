public import Flags

/// What a flag evaluated to and why, as in OpenFeature (specification, section 1.4).
public struct EvaluationDetails<FlagValue: Sendable>: Sendable {
    /// The flag's value, or the default that the caller gave when there is an `errorCode`.
    public let value: FlagValue
    /// The variation's name; `nil` when the default is returned.
    public let variant: String?
    /// Why this value.
    ///
    /// `CACHED` and `STALE` say that it may be out of date.
    public let reason: EvaluationReason
    /// Set exactly when `value` is the caller's default.
    public let errorCode: EvaluationErrorCode?
    /// The flag that was asked for.
    public let flagKey: FlagKey
    /// The revision that the answer is true of.
    public let revision: Revision

    /// The details of one evaluation.
    public init(
        value: FlagValue,
        variant: String?,
        reason: EvaluationReason,
        errorCode: EvaluationErrorCode?,
        flagKey: FlagKey,
        revision: Revision
    ) {
        self.value = value
        self.variant = variant
        self.reason = reason
        self.errorCode = errorCode
        self.flagKey = flagKey
        self.revision = revision
    }
}

extension EvaluationDetails: Equatable where FlagValue: Equatable {}

/// How far a client's ruleset can be trusted to be the cluster's.
public enum Freshness: Hashable, Sendable {
    /// A watch is connected, or was until a moment ago.
    case live
    /// The ruleset came from the last-known-good file; no node was reached yet.
    case cached
    /// No node was reached for longer than the configured age.
    case stale

    /// The reason to report in place of `reason`, which says how a value was chosen from rules
    /// that may be old.
    ///
    /// An error stays an error.
    package func reason(_ reason: EvaluationReason) -> EvaluationReason {
        switch self {
        case .live: reason
        case .cached: reason == .error ? reason : .cached
        case .stale: reason == .error ? reason : .stale
        }
    }
}
