/// A clause made ready for asking.
///
/// A class, since rules are passed by one after the other: a value would be copied out of its list
/// each time, with everything that it holds.
final class CompiledClause: Sendable {
    private let reference: AttributeReference
    private let test: ClauseTest
    private let isNegated: Bool

    init(_ clause: Clause) {
        self.reference = AttributeReference(clause.attribute)
        self.test = ClauseTest(clause)
        self.isNegated = clause.isNegated
    }

    /// Whether `context` meets it, at `depth` segments below the flag.
    func isMet(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Bool {
        self.verdict(context, in: scope, depth: depth, &effort)
            == (self.isNegated ? .fails : .holds)
    }

    /// The same, or `.unknown` when that was not found out.
    func met(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Verdict {
        switch self.verdict(context, in: scope, depth: depth, &effort) {
        case .holds: Verdict(!self.isNegated)
        case .fails: Verdict(self.isNegated)
        case .undecided: .fails
        case .unknown: .unknown
        }
    }

    private func verdict(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort
    ) -> Verdict {
        var asksWhetherThere = false
        switch self.test {
        case .segments(let keys):
            return Self.verdict(keys, context, in: scope, depth: depth, &effort)
        case .nothing: return .unknown
        case .exists: asksWhetherThere = true
        default: break
        }
        guard let value = self.reference.value(in: context) else {
            return asksWhetherThere ? .fails : .undecided
        }
        if asksWhetherThere { return .holds }
        guard case .array(let elements) = value else { return self.verdict(on: value, &effort) }
        guard !elements.isEmpty else { return .fails }
        var verdict = Verdict.undecided
        for index in elements.indices {
            verdict.join(self.verdict(on: elements[index], &effort))
            if verdict == .holds { break }
        }
        return verdict
    }

    /// What it says of one value; of the wrong kind, it is undecided.
    private func verdict(on value: borrowing Value, _ effort: inout Effort) -> Verdict {
        switch self.test {
        case .equals(let set):
            return set.verdict(on: value)
        case .number(let bounds):
            guard let number = value.finiteNumber else { return .undecided }
            return Verdict(bounds.admits(number))
        case .moment(let bounds):
            guard let moment = value.moment else { return .undecided }
            return Verdict(bounds.admits(moment))
        case .texts(let needles):
            guard case .string(let text) = copy value else { return .undecided }
            return needles.verdict(on: text)
        case .matches(let patterns):
            guard case .string(let text) = copy value else { return .undecided }
            return Self.verdict(patterns, on: text, &effort)
        case .version(let bounds):
            guard case .string(let text) = copy value, let version = SemanticVersion(text) else {
                return .undecided
            }
            return Verdict(bounds.admits(version))
        case .network(let networks):
            guard case .string(let text) = copy value else { return .undecided }
            return networks.verdict(on: text)
        case .exists:
            return .holds
        default:
            return .unknown
        }
    }
}
