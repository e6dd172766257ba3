public import Flags

/// Whatever flags can be evaluated with: a ``BanderaClient`` in programs, `InMemoryFlags` of
/// `BanderaTesting` in their tests.
///
/// Write code against `some FlagEvaluating` (or `any FlagEvaluating`) and it can be tested without a
/// cluster. Evaluation is immediate and callable from any thread: no call waits for the network or
/// throws. When there is no value, the caller's default is returned and the details say why.
public protocol FlagEvaluating: Sendable {
    /// What the flag named `key` is for `context`, as it comes: without default, type or hooks.
    ///
    /// Everything else here is made of this. The evaluation is counted, unless counting is off.
    func evaluate(_ key: FlagKey, context: borrowing EvaluationContext) -> EvaluationAnswer

    /// What is called before and after every evaluation, in this order before it.
    var hooks: [any EvaluationHook] { get }

    /// Counts that something happened to whom `context` describes.
    ///
    /// - Parameter variation: the ``EvaluationDetails/variant`` that they were given; `nil` counts
    ///   for the one that the flag gives them now.
    func track(
        _ event: UsageEvent,
        _ key: FlagKey,
        variation: String?,
        context: borrowing EvaluationContext
    )

    /// Everything that happens to the flags from now on.
    var changes: FlagEvents { get }

    /// What state evaluations are in now: `nil` while there is nothing to evaluate with.
    var currentFreshness: Freshness? { get }
}

extension FlagEvaluating {
    /// Whether the Boolean flag named `key` is on for `context`; false when it has no value.
    public func isEnabled(_ key: FlagKey, context: borrowing EvaluationContext) -> Bool {
        self.boolValue(key, default: false, context: context)
    }

    /// The value of the flag that `key` names, or its default.
    public func value<FlagValue>(
        _ key: TypedFlagKey<FlagValue>,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook] = []
    ) -> FlagValue {
        self.details(key, context: context, hooks: hooks).value
    }

    /// The value of the flag that `key` names, or its default, and why.
    public func details<FlagValue>(
        _ key: TypedFlagKey<FlagValue>,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook] = []
    ) -> EvaluationDetails<FlagValue> {
        self.details(key.key, default: key.defaultValue, context: context, hooks: hooks)
    }

    /// The Boolean that the flag gives `context`, or `fallback`.
    public func boolValue(
        _ key: FlagKey,
        default fallback: Bool,
        context: borrowing EvaluationContext
    ) -> Bool {
        guard self.hooks.isEmpty else {
            return self.details(key, default: fallback, context: context, hooks: []).value
        }
        return self.evaluate(key, context: context).evaluation.bool(default: fallback).value
    }

    /// The string that the flag gives `context`, or `fallback`.
    public func stringValue(
        _ key: FlagKey,
        default fallback: String,
        context: borrowing EvaluationContext
    ) -> String {
        self.details(key, default: fallback, context: context, hooks: []).value
    }

    /// The number that the flag gives `context`, or `fallback`.
    public func numberValue(
        _ key: FlagKey,
        default fallback: Double,
        context: borrowing EvaluationContext
    ) -> Double {
        self.details(key, default: fallback, context: context, hooks: []).value
    }

    /// The object or array that the flag gives `context`, or `fallback`.
    public func objectValue(
        _ key: FlagKey,
        default fallback: Value,
        context: borrowing EvaluationContext
    ) -> Value {
        self.details(key, default: fallback, context: context, hooks: []).value
    }

    /// The Boolean that the flag gives `context`, and why.
    ///
    /// `hooks` are called in addition to the client's, within theirs.
    public func boolDetails(
        _ key: FlagKey,
        default fallback: Bool,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook] = []
    ) -> EvaluationDetails<Bool> {
        self.details(key, default: fallback, context: context, hooks: hooks)
    }

    /// The string that the flag gives `context`, and why.
    ///
    /// `hooks` are called in addition to the client's, within theirs.
    public func stringDetails(
        _ key: FlagKey,
        default fallback: String,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook] = []
    ) -> EvaluationDetails<String> {
        self.details(key, default: fallback, context: context, hooks: hooks)
    }

    /// The number that the flag gives `context`, and why.
    ///
    /// `hooks` are called in addition to the client's, within theirs.
    public func numberDetails(
        _ key: FlagKey,
        default fallback: Double,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook] = []
    ) -> EvaluationDetails<Double> {
        self.details(key, default: fallback, context: context, hooks: hooks)
    }

    /// The object or array that the flag gives `context`, and why.
    ///
    /// `hooks` are called in addition to the client's, within theirs.
    public func objectDetails(
        _ key: FlagKey,
        default fallback: Value,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook] = []
    ) -> EvaluationDetails<Value> {
        self.details(key, default: fallback, context: context, hooks: hooks)
    }

    /// Counts that something happened to whom `context` describes, for the variation that the flag
    /// gives them now.
    public func track(
        _ event: UsageEvent,
        _ key: FlagKey,
        context: borrowing EvaluationContext
    ) {
        self.track(event, key, variation: nil, context: context)
    }

    /// The events that OpenFeature names, from now on: first of all the state that there is.
    public var events: ProviderEvents {
        ProviderEvents(changes: self.changes) { self.currentFreshness }
    }

    private func details<FlagValue: FlagRepresentable>(
        _ key: FlagKey,
        default fallback: FlagValue,
        context: borrowing EvaluationContext,
        hooks: [any EvaluationHook]
    ) -> EvaluationDetails<FlagValue> {
        let clientHooks = self.hooks
        guard clientHooks.isEmpty, hooks.isEmpty else {
            let call = HookedEvaluation(hooks: clientHooks + hooks, key: key, fallback: fallback)
            return call.run(copy context) { self.evaluate(key, context: $0) }
        }
        return self.evaluate(key, context: context).details(of: key, default: fallback)
    }
}

/// What an evaluation came to, before it is given a type.
public struct EvaluationAnswer: Hashable, Sendable {
    /// The flag's value, or why there is none.
    public var evaluation: Evaluation
    /// How far it can be trusted to be the cluster's.
    public var freshness: Freshness
    /// The revision that it is true of.
    public var revision: Revision

    /// An answer.
    public init(evaluation: Evaluation, freshness: Freshness, revision: Revision) {
        self.evaluation = evaluation
        self.freshness = freshness
        self.revision = revision
    }

    /// The answer as a value of one type.
    func details<FlagValue: FlagRepresentable>(
        of key: FlagKey,
        default fallback: FlagValue
    ) -> EvaluationDetails<FlagValue> {
        let resolution = FlagValue.resolve(self.evaluation, default: fallback)
        return EvaluationDetails(
            value: resolution.value,
            variant: resolution.variation,
            reason: self.freshness.reason(resolution.reason),
            errorCode: resolution.errorCode,
            flagKey: key,
            revision: self.revision
        )
    }
}
