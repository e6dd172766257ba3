/// A segment made ready for asking whether a context is in it: immutable and shared.
public final class CompiledSegment: Sendable {
    /// The segment as it is stored, listed and pushed.
    public let segment: Segment

    private let reference: AttributeReference
    private let included: UnitSet
    private let excluded: UnitSet
    private let rules: [ClauseList]

    /// Compiles `segment`, which has been validated.
    ///
    /// A clause that cannot be compiled is false, never an error: segments come from peers.
    public init(_ segment: Segment) {
        let definition = segment.definition
        self.segment = segment
        self.reference = AttributeReference(definition.attribute)
        self.included = UnitSet(definition.included)
        self.excluded = UnitSet(definition.excluded)
        self.rules = definition.rules.map { ClauseList($0) }
    }

    /// Whether `context` is in it.
    public func contains(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope
    ) -> Bool {
        var effort = Effort()
        return self.verdict(context, in: scope, depth: 1, &effort) == .holds
    }

    /// The same, or `.unknown` when that was not found out: whoever asks for those that are not in
    /// it must not take this for a no.
    func verdict(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Verdict {
        if !self.excluded.isEmpty || !self.included.isEmpty,
            let unit = self.reference.value(in: context)
        {
            if self.excluded.contains(unit) { return .fails }
            if self.included.contains(unit) { return .holds }
        }
        var verdict = Verdict.fails
        let rules = self.rules
        for index in rules.indices {
            verdict.join(rules[index].verdict(context, in: scope, depth: depth, &effort))
            if verdict == .holds { break }
        }
        return verdict
    }
}
