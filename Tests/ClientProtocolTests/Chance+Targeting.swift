import Flags
import WireTestKit

extension Chance {
    mutating func labels() -> FlagLabels {
        FlagLabels(tags: self.strings(), owner: self.string(), schema: self.value())
    }

    mutating func targeting() -> Targeting {
        Targeting(
            prerequisites: self.list { $0.prerequisite() },
            overrides: self.list { $0.override() },
            targets: self.list { $0.target() },
            rules: self.list { $0.rule() },
            weights: self.list { $0.weight() }
        )
    }

    mutating func prerequisite() -> Prerequisite {
        Prerequisite(flag: FlagKey(self.string()), variations: self.strings())
    }

    mutating func override() -> Override {
        Override(
            level: self.any(OverrideLevel.self),
            subject: self.string(),
            variation: self.string(),
            isLocked: self.flip()
        )
    }

    mutating func target() -> Target {
        Target(variation: self.string(), attribute: self.string(), values: self.strings())
    }

    mutating func weight() -> WeightedVariation {
        WeightedVariation(variation: self.string(), weight: self.number())
    }

    mutating func rule() -> Rule {
        Rule(
            id: self.string(),
            description: self.string(),
            clauses: self.list { $0.clause() },
            serve: self.flip()
                ? .variation(self.string())
                : .split(Split(weights: self.list { $0.weight() }, bucketBy: self.string()))
        )
    }

    /// A clause, often with an operator that nobody knows.
    mutating func clause() -> Clause {
        Clause(
            attribute: self.string(),
            self.flip()
                ? ClauseOperator.known.randomElement(using: &self) ?? .isIn
                : ClauseOperator(self.string()),
            self.list { $0.value() },
            isNegated: self.flip(),
            ignoresCase: self.flip()
        )
    }

    mutating func segmentDefinition() -> SegmentDefinition {
        SegmentDefinition(
            key: self.string(),
            name: self.string(),
            description: self.string(),
            attribute: self.string(),
            included: self.strings(),
            excluded: self.strings(),
            rules: self.list { chance in chance.list { $0.clause() } }
        )
    }

    mutating func segment() -> Segment {
        Segment(
            definition: self.segmentDefinition(),
            createdAt: self.time(),
            createdBy: self.string(),
            updatedAt: self.time(),
            updatedBy: self.string(),
            revision: self.revision()
        )
    }

    mutating func evaluation() -> Evaluation {
        self.flip()
            ? Evaluation(value: self.value(), variation: self.string(), reason: .split)
            : Evaluation(value: nil, variation: nil, reason: .error, errorCode: .flagNotFound)
    }

    mutating func explanation() -> Explanation {
        Explanation(
            steps: self.list {
                Explanation.Step(
                    name: $0.string(),
                    inputs: $0.list { Value.Field(name: $0.string(0...1), value: $0.value()) },
                    outcome: $0.string(),
                    isDecisive: $0.flip()
                )
            },
            evaluation: self.evaluation(),
            unknownOperators: self.strings()
        )
    }
}
