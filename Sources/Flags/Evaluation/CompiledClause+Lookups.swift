internal import Patterns

extension CompiledClause {
    /// Whether any of `patterns` matches; of one that gives up at its limits it is not known.
    static func verdict(
        _ patterns: borrowing [Pattern],
        on text: borrowing String,
        _ effort: inout Effort
    ) -> Verdict {
        var verdict = Verdict.undecided
        for index in patterns.indices {
            guard effort.spend() else { return .unknown }
            switch patterns[index].match(text) {
            case .matched: return .holds
            case .unmatched: verdict.join(.fails)
            case .limited:
                guard effort.spend(FlagsLimits.limitedMatchSteps) else { return .unknown }
                verdict.join(.unknown)
            }
        }
        return verdict
    }

    /// Whether the context is in any of the segments named `keys`; of one that is not there, or
    /// nested too deep, it is not known.
    static func verdict(
        _ keys: borrowing [String],
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Verdict {
        guard depth < FlagsLimits.segmentDepthMax else { return .unknown }
        var verdict = Verdict.undecided
        for index in keys.indices {
            guard effort.spend() else { return .unknown }
            guard let segment = scope.compiledSegment(keys[index]) else {
                verdict.join(.unknown)
                continue
            }
            verdict.join(segment.verdict(context, in: scope, depth: depth + 1, &effort))
            if verdict == .holds { break }
        }
        return verdict
    }
}
