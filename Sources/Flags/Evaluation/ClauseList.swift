/// Clauses that must all be met.
struct ClauseList: Sendable {
    private let clauses: [CompiledClause]

    init(_ clauses: [Clause]) { self.clauses = clauses.map { CompiledClause($0) } }

    /// The position of the first clause that `context` does not meet; `nil` when it meets all.
    func firstUnmet(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Int? {
        let clauses = self.clauses.span
        for index in clauses.indices
        where !clauses[index].isMet(context, in: scope, depth: depth, &effort) {
            return index
        }
        return nil
    }

    /// Whether `context` meets all of them; one that it does not meet is enough, whatever is not
    /// known of others.
    func verdict(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Verdict {
        var verdict = Verdict.holds
        let clauses = self.clauses.span
        for index in clauses.indices {
            switch clauses[index].met(context, in: scope, depth: depth, &effort) {
            case .holds: break
            case .unknown: verdict = .unknown
            case .fails, .undecided: return .fails
            }
        }
        return verdict
    }
}
