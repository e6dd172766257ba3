internal import Patterns

extension CompiledClause {
    /// Whether any of `patterns` matches; one that gives up at its limits is undecided.
    static func verdict(
        _ patterns: borrowing [Pattern],
        on text: borrowing String,
        _ effort: inout Effort
    ) -> Verdict {
        var verdict = Verdict.undecided
        for index in patterns.indices {
            guard effort.spend() else { return .undecided }
            switch patterns[index].match(text) {
            case .matched: return .holds
            case .unmatched: verdict.join(.fails)
            case .limited:
                guard effort.spend(FlagsLimits.limitedMatchSteps) else { return .undecided }
            }
        }
        return verdict
    }

    /// Whether the context is in any of the segments named `keys`; one that is unknown, or nested
    /// too deep, is undecided.
    static func verdict(
        _ keys: borrowing [String],
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Verdict {
        var verdict = Verdict.undecided
        guard depth < FlagsLimits.segmentDepthMax else { return verdict }
        for index in keys.indices {
            guard effort.spend() else { return .undecided }
            guard let segment = scope.compiledSegment(keys[index]) else { continue }
            let isIn = segment.contains(context, in: scope, depth: depth + 1, &effort)
            verdict.join(Verdict(isIn))
            if verdict == .holds { break }
        }
        return verdict
    }
}
