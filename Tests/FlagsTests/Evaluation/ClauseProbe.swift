import Flags

/// Asks one clause of one value.
enum ClauseProbe {
    static func holds(
        _ value: Value?,
        _ comparison: ClauseOperator,
        _ values: [Value],
        isNegated: Bool = false,
        ignoresCase: Bool = false,
        attribute: String = "probe"
    ) -> Bool {
        let clause = Clause(
            attribute: attribute,
            comparison,
            values,
            isNegated: isNegated,
            ignoresCase: ignoresCase
        )
        let context = EvaluationContext(
            targetingKey: "ana",
            attributes: value.map { [.init(name: "probe", value: $0)] } ?? []
        )
        return Self.holds(clause, context)
    }

    static func holds(
        _ clause: Clause,
        _ context: EvaluationContext,
        _ segments: [Segment] = []
    ) -> Bool {
        let flag = Fixture.flag { flag in
            flag.rollout = .none
            flag.targeting.rules = [Rule(id: "r", clauses: [clause], serve: .variation("on"))]
        }
        let ruleset = Ruleset(
            environment: Fixture.environment,
            flags: [flag],
            segments: segments
        )
        return ruleset.evaluate(flag.key, context, now: Fixture.now).reason == .targetingMatch
    }
}
