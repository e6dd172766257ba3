internal import Flags

/// One evaluation with the hooks around it.
struct HookedEvaluation<FlagValue: FlagRepresentable> {
    /// In the order in which they are called before the evaluation.
    let hooks: [any EvaluationHook]
    let key: FlagKey
    let fallback: FlagValue

    func run(
        _ context: EvaluationContext,
        _ evaluate: (EvaluationContext) -> EvaluationAnswer
    ) -> EvaluationDetails<FlagValue> {
        var call = HookContext(
            flagKey: self.key,
            defaultValue: self.fallback.flagValue,
            context: context
        )
        var details = self.failed(.general, .zero)
        do {
            for hook in self.hooks {
                if let changed = try hook.before(call) { call.context = changed }
            }
            details = evaluate(call.context).details(of: self.key, default: self.fallback)
            if let code = details.errorCode {
                throw EvaluationFailure(code: code, flagKey: self.key)
            }
            for hook in self.hooks.reversed() { try hook.after(call, details.erased) }
        } catch {
            let failure = error as? EvaluationFailure
            details = self.failed(failure?.code ?? .general, details.revision)
            for hook in self.hooks.reversed() { hook.error(call, error) }
        }
        for hook in self.hooks.reversed() { hook.finally(call, details.erased) }
        return details
    }

    private func failed(
        _ code: EvaluationErrorCode,
        _ revision: Revision
    ) -> EvaluationDetails<FlagValue> {
        EvaluationDetails(
            value: self.fallback,
            variant: nil,
            reason: .error,
            errorCode: code,
            flagKey: self.key,
            revision: revision
        )
    }
}

extension EvaluationDetails where FlagValue: FlagRepresentable {
    /// The same for hooks, which are told of flags of all types.
    var erased: EvaluationDetails<Value> {
        EvaluationDetails<Value>(
            value: self.value.flagValue,
            variant: self.variant,
            reason: self.reason,
            errorCode: self.errorCode,
            flagKey: self.flagKey,
            revision: self.revision
        )
    }
}
