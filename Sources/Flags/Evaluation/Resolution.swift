/// An evaluation as a caller of one type sees it: always with a value, the code default when it
/// failed.
public struct Resolution<Wrapped: Sendable>: Sendable {
    /// The flag's value, or the default.
    public let value: Wrapped
    /// `nil` exactly when `errorCode` is set.
    public let variation: String?
    /// Why it is this value.
    public let reason: EvaluationReason
    /// Why it is the default.
    public let errorCode: EvaluationErrorCode?

    /// Creates a resolution.
    public init(
        value: Wrapped,
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

extension Resolution: Equatable where Wrapped: Equatable {}

extension Evaluation {
    /// The value as a Boolean; `TYPE_MISMATCH` when it is something else.
    public func bool(default fallback: Bool) -> Resolution<Bool> {
        guard case .bool(let value) = self.value else { return self.failed(fallback) }
        return self.resolved(value)
    }

    /// The value as a string; `TYPE_MISMATCH` when it is something else.
    public func string(default fallback: String) -> Resolution<String> {
        guard case .string(let value) = self.value else { return self.failed(fallback) }
        return self.resolved(value)
    }

    /// The value as a number; `TYPE_MISMATCH` when it is something else.
    public func number(default fallback: Double) -> Resolution<Double> {
        guard case .number(let value) = self.value else { return self.failed(fallback) }
        return self.resolved(value)
    }

    /// The value as an object or array; `TYPE_MISMATCH` when it is something else.
    public func object(default fallback: Value) -> Resolution<Value> {
        guard let value = self.value, value.kind == .object else { return self.failed(fallback) }
        return self.resolved(value)
    }

    private func resolved<Wrapped>(_ value: Wrapped) -> Resolution<Wrapped> {
        Resolution(value: value, variation: self.variation, reason: self.reason)
    }

    private func failed<Wrapped>(_ fallback: Wrapped) -> Resolution<Wrapped> {
        Resolution(
            value: fallback,
            variation: nil,
            reason: .error,
            errorCode: self.errorCode ?? .typeMismatch
        )
    }
}

extension Ruleset {
    /// The Boolean that the flag named `key` gives `context`, or `fallback` with the reason why
    /// not.
    public func bool(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        default fallback: Bool,
        now: Timestamp
    ) -> Resolution<Bool> {
        self.evaluate(key, context, now: now).bool(default: fallback)
    }

    /// The string that the flag named `key` gives `context`, or `fallback` with the reason why not.
    public func string(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        default fallback: String,
        now: Timestamp
    ) -> Resolution<String> {
        self.evaluate(key, context, now: now).string(default: fallback)
    }

    /// The number that the flag named `key` gives `context`, or `fallback` with the reason why not.
    public func number(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        default fallback: Double,
        now: Timestamp
    ) -> Resolution<Double> {
        self.evaluate(key, context, now: now).number(default: fallback)
    }

    /// The object that the flag named `key` gives `context`, or `fallback` with the reason why not.
    public func object(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        default fallback: Value,
        now: Timestamp
    ) -> Resolution<Value> {
        self.evaluate(key, context, now: now).object(default: fallback)
    }
}
