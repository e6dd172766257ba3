/// The operators that this version does not know, in a flag's rules and in the segments that they
/// lead to.
enum UnknownOperators {
    /// Sorted, each once.
    static func names(in flag: Flag, _ scope: borrowing some EvaluationScope) -> [String] {
        var names: Set<String> = []
        var seen: Set<String> = []
        var waiting = flag.targeting.rules.map(\.clauses)
        while let clauses = waiting.popLast() {
            for clause in clauses {
                if !clause.comparison.isKnown { names.insert(clause.comparison.rawValue) }
                guard clause.comparison == .segment else { continue }
                for case .string(let key) in clause.values
                where seen.count < FlagsLimits.evaluationStepsMax && seen.insert(key).inserted {
                    guard let segment = scope.compiledSegment(key)?.segment else { continue }
                    waiting += segment.definition.rules
                }
            }
        }
        return names.sorted()
    }
}
