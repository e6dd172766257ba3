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
}
