import Flags
import Testing

@Suite("What holds for every flag and every context")
struct EvaluationPropertyTests {
    @Test("A compiled ruleset evaluates as a plain reading of the rules does")
    func agreesWithReference() {
        var random = SeededGenerator(seed: PropertyCases.seed("reference"))
        var reasons: [EvaluationReason: Int] = [:]
        var remaining = PropertyCases.count(100_000)
        while remaining > 0 {
            let scenario = Scenario(.sound, contexts: 10, &random)
            let ruleset = scenario.ruleset
            let reference = ReferenceEvaluator(flags: scenario.flags, segments: scenario.segments)
            for context in scenario.contexts {
                let now = random.pick(Scenario.moments)
                for flag in scenario.flags {
                    let compiled = ruleset.evaluate(flag.key, context, now: now)
                    let plain = reference.evaluate(flag.key, context, now: now)
                    reasons[compiled.reason, default: 0] += 1
                    remaining -= 1
                    guard compiled != plain else { continue }
                    let explanation = ruleset.explain(flag.key, context, now: now)
                    Issue.record(
                        """
                        \(compiled) is not \(plain) for \(context) and \(flag.document): \
                        \(explanation.steps)
                        """
                    )
                    return
                }
            }
        }
        // A generator that never gets somewhere proves nothing of it.
        for reason: EvaluationReason in [
            .static, .default, .targetingMatch, .split, .disabled, .prerequisiteFailed, .error,
        ] {
            #expect(reasons[reason, default: 0] > 0, "\(reason)")
        }
    }

    @Test("Nothing that a peer may send makes an evaluation trap, or differ from its explanation")
    func neverTraps() {
        var random = SeededGenerator(seed: PropertyCases.seed("wild"))
        var remaining = PropertyCases.count(100_000)
        while remaining > 0 {
            let scenario = Scenario(.wild, contexts: 10, &random)
            let ruleset = scenario.ruleset
            for context in scenario.contexts {
                let now = random.pick(Scenario.moments)
                for flag in scenario.flags {
                    let evaluation = ruleset.evaluate(flag.key, context, now: now)
                    let explanation = ruleset.explain(flag.key, context, now: now)
                    remaining -= 1
                    #expect((evaluation.value == nil) == (evaluation.errorCode != nil))
                    let isSame = explanation.evaluation.isIdentical(to: evaluation)
                    let decisive = explanation.steps.count { $0.isDecisive }
                    let isDecided = explanation.steps.last?.isDecisive == true
                    guard !isSame || decisive != 1 || !isDecided else { continue }
                    Issue.record("\(explanation) does not explain \(evaluation) of \(flag)")
                    return
                }
            }
        }
    }

    @Test("Changes applied one by one give the ruleset that is compiled anew")
    func appliesLikeAnew() {
        var random = SeededGenerator(seed: PropertyCases.seed("apply"))
        for _ in 0..<PropertyCases.count(500) {
            var scenario = Scenario(.sound, contexts: 5, &random)
            var ruleset = scenario.ruleset
            var changes: [Change] = []
            for revision in UInt64(2)..<20 {
                let item = scenario.change(revision, &random)
                changes.append(
                    Change(
                        revision: Revision(revision),
                        environment: Fixture.environment,
                        item: item
                    )
                )
            }
            ruleset.apply(changes)
            let anew = scenario.ruleset
            #expect(ruleset.flags == anew.flags && ruleset.segments == anew.segments)
            for context in scenario.contexts {
                for flag in scenario.flags {
                    let incremental = ruleset.evaluate(flag.key, context, now: Fixture.now)
                    #expect(incremental == anew.evaluate(flag.key, context, now: Fixture.now))
                }
            }
        }
    }
}

extension Evaluation {
    /// Whether the two are the same, where `NaN` is itself.
    fileprivate func isIdentical(to other: Evaluation) -> Bool {
        self == other || "\(self)" == "\(other)"
    }
}

extension Scenario {
    /// Changes a flag or a segment, or takes a segment away, and says so.
    fileprivate mutating func change(
        _ revision: UInt64,
        _ random: inout SeededGenerator
    ) -> Change.Item {
        if random.isOne(in: 6), !self.segments.isEmpty {
            let gone = self.segments.remove(at: random.below(self.segments.count))
            return .segmentRemoved(gone.key)
        }
        if random.isOne(in: 4), !self.segments.isEmpty {
            let index = random.below(self.segments.count)
            self.segments[index].revision = Revision(revision)
            self.segments[index].definition.rules = [Self.clauses(naming: 0, .sound, &random)]
            return .segment(self.segments[index])
        }
        let index = random.below(self.flags.count)
        let other = Self.flag(index, naming: index, .sound, &random)
        switch random.below(5) {
        case 0: self.flags[index].rollout = other.rollout
        case 1: self.flags[index].targeting = other.targeting
        case 2: self.flags[index].variations = other.variations
        case 3: self.flags[index].isArchived.toggle()
        default: self.flags[index].audience = other.audience
        }
        self.flags[index].revision = Revision(revision)
        return .flag(self.flags[index])
    }
}
