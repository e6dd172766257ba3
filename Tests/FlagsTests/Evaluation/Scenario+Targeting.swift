import Flags

extension Scenario {
    static func targeting(
        naming named: Int,
        _ kind: Kind,
        _ random: inout SeededGenerator
    ) -> Targeting {
        var targeting = Targeting()
        if named > 0, random.isOne(in: 3) {
            targeting.prerequisites = (0...random.below(2)).map { _ in
                Prerequisite(
                    flag: Self.key(random.below(named)),
                    variations: random.some(Vocabulary.variations, most: 3) + ["on"]
                )
            }
        }
        if random.isOne(in: 3) { targeting.overrides = Self.overrides(kind, &random) }
        if random.isOne(in: 3) {
            targeting.targets = (0...random.below(2)).map { _ in
                Target(
                    variation: Self.variation(kind, &random),
                    attribute: random.pick(["", "company", "seat", "tags"]),
                    values: random.some(Vocabulary.users + Vocabulary.companies, most: 12)
                )
            }
        }
        if random.isOne(in: 2) {
            targeting.rules = (0...random.below(3)).map { index in
                Rule(
                    id: "rule-\(index)",
                    clauses: Self.clauses(naming: segmentCount, kind, &random),
                    serve: random.isOne(in: 3)
                        ? .split(
                            Split(
                                weights: Self.weights(kind, &random),
                                bucketBy: random.isOne(in: 2) ? "" : Self.unit(&random)
                            )
                        ) : .variation(Self.variation(kind, &random))
                )
            }
        }
        if random.isOne(in: 3) { targeting.weights = Self.weights(kind, &random) }
        return targeting
    }

    private static func overrides(_ kind: Kind, _ random: inout SeededGenerator) -> [Override] {
        var overrides: [Override] = []
        for level in OverrideLevel.allCases {
            let subjects =
                switch level {
                case .platform, .organization: [""]
                case .plan: Vocabulary.plans
                case .company: Vocabulary.companies
                case .user: Vocabulary.users
                }
            for subject in subjects where random.isOne(in: 4) {
                overrides.append(
                    Override(
                        level: level,
                        subject: subject,
                        variation: Self.variation(kind, &random),
                        isLocked: random.isOne(in: 3)
                    )
                )
            }
        }
        return overrides
    }

    /// Sound ones add up; wild ones may be anything.
    static func weights(_ kind: Kind, _ random: inout SeededGenerator) -> [WeightedVariation] {
        let first = UInt32(random.below(100_001))
        let second = UInt32(random.below(Int(100_000 - first) + 1))
        var weights = [first, second, 100_000 - first - second]
        if kind == .wild, random.isOne(in: 3) { weights = [.max, first, 0] }
        if kind == .wild, random.isOne(in: 5) { weights = [] }
        return weights.enumerated().map { index, weight in
            WeightedVariation(variation: Vocabulary.variations[index], weight: weight)
        }
    }

    /// `named` is how many segments it may name.
    static func segment(
        _ index: Int,
        naming named: Int,
        _ kind: Kind,
        _ random: inout SeededGenerator
    ) -> Segment {
        let units = Vocabulary.users + Vocabulary.companies
        return Segment(
            definition: SegmentDefinition(
                key: "segment-\(index)",
                attribute: random.pick(["", "company", "seat", "tags"]),
                included: random.some(units, most: 12),
                excluded: random.some(units, most: 3),
                rules: (0..<random.below(3)).map { _ in
                    Self.clauses(naming: named, kind, &random)
                }
            ),
            createdAt: Fixture.now,
            createdBy: "ana",
            updatedAt: Fixture.now,
            updatedBy: "ana",
            revision: Revision(UInt64(index + 1))
        )
    }

    static func clauses(
        naming named: Int,
        _ kind: Kind,
        _ random: inout SeededGenerator
    ) -> [Clause] {
        (0..<random.below(3)).map { _ in Self.clause(naming: named, kind, &random) }
    }
}
