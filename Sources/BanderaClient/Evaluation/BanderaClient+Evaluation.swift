public import Flags

/// Evaluation: local, immediate, callable from any thread.
///
/// No call waits for the network or throws. When there is no value, the caller's default is returned
/// and the details say why.
extension BanderaClient {
    /// Whether the Boolean flag named `key` is on for `context`; false when it has no value.
    public func isEnabled(_ key: FlagKey, context: borrowing EvaluationContext) -> Bool {
        self.evaluate(key, context).0.bool(default: false).value
    }

    /// The Boolean that the flag gives `context`, or `fallback`.
    public func boolValue(
        _ key: FlagKey,
        default fallback: Bool,
        context: borrowing EvaluationContext
    ) -> Bool {
        self.evaluate(key, context).0.bool(default: fallback).value
    }

    /// The string that the flag gives `context`, or `fallback`.
    public func stringValue(
        _ key: FlagKey,
        default fallback: String,
        context: borrowing EvaluationContext
    ) -> String {
        self.evaluate(key, context).0.string(default: fallback).value
    }

    /// The number that the flag gives `context`, or `fallback`.
    public func numberValue(
        _ key: FlagKey,
        default fallback: Double,
        context: borrowing EvaluationContext
    ) -> Double {
        self.evaluate(key, context).0.number(default: fallback).value
    }

    /// The object or array that the flag gives `context`, or `fallback`.
    public func objectValue(
        _ key: FlagKey,
        default fallback: Value,
        context: borrowing EvaluationContext
    ) -> Value {
        self.evaluate(key, context).0.object(default: fallback).value
    }

    /// The Boolean that the flag gives `context`, and why.
    public func boolDetails(
        _ key: FlagKey,
        default fallback: Bool,
        context: borrowing EvaluationContext
    ) -> EvaluationDetails<Bool> {
        let (evaluation, publication) = self.evaluate(key, context)
        return publication.details(evaluation.bool(default: fallback), of: key)
    }

    /// The string that the flag gives `context`, and why.
    public func stringDetails(
        _ key: FlagKey,
        default fallback: String,
        context: borrowing EvaluationContext
    ) -> EvaluationDetails<String> {
        let (evaluation, publication) = self.evaluate(key, context)
        return publication.details(evaluation.string(default: fallback), of: key)
    }

    /// The number that the flag gives `context`, and why.
    public func numberDetails(
        _ key: FlagKey,
        default fallback: Double,
        context: borrowing EvaluationContext
    ) -> EvaluationDetails<Double> {
        let (evaluation, publication) = self.evaluate(key, context)
        return publication.details(evaluation.number(default: fallback), of: key)
    }

    /// The object or array that the flag gives `context`, and why.
    public func objectDetails(
        _ key: FlagKey,
        default fallback: Value,
        context: borrowing EvaluationContext
    ) -> EvaluationDetails<Value> {
        let (evaluation, publication) = self.evaluate(key, context)
        return publication.details(evaluation.object(default: fallback), of: key)
    }

    private func evaluate(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext
    ) -> (Evaluation, PublishedRuleset.Publication) {
        let publication = self.published.publication
        guard let ruleset = publication.ruleset else {
            return (Evaluation(error: .providerNotReady), publication)
        }
        return (ruleset.evaluate(key, context, now: WallClock.now), publication)
    }
}

extension PublishedRuleset.Publication {
    fileprivate func details<FlagValue>(
        _ resolution: Resolution<FlagValue>,
        of key: FlagKey
    ) -> EvaluationDetails<FlagValue> {
        EvaluationDetails(
            value: resolution.value,
            variant: resolution.variation,
            reason: self.freshness.reason(resolution.reason),
            errorCode: resolution.errorCode,
            flagKey: key,
            revision: self.ruleset?.revision ?? .zero
        )
    }
}
