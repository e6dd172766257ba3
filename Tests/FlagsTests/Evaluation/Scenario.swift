import Flags

/// Generated flags and segments of one environment, and contexts to evaluate them for.
struct Scenario {
    /// How far what is generated strays from what an author may write.
    enum Kind {
        /// Everything names what there is, and nothing goes in circles.
        case sound
        /// Whatever bytes of a peer may say.
        case wild
    }

    static let flagCount = 6
    static let segmentCount = 5

    var flags: [Flag] = []
    var segments: [Segment] = []
    var contexts: [EvaluationContext] = []

    /// Two moments before and after the windows that flags have.
    static let moments = [0, 1_000, 2_000].map { Timestamp(milliseconds: $0) }

    init(_ kind: Kind, contexts: Int, _ random: inout SeededGenerator) {
        for index in 0..<Self.segmentCount {
            let named = kind == .wild ? Self.segmentCount + 1 : index
            self.segments.append(Self.segment(index, naming: named, kind, &random))
        }
        for index in 0..<Self.flagCount {
            let named = kind == .wild ? Self.flagCount + 1 : index
            self.flags.append(Self.flag(index, naming: named, kind, &random))
        }
        for _ in 0..<contexts { self.contexts.append(Self.context(kind, &random)) }
    }

    var ruleset: Ruleset {
        Ruleset(
            environment: Fixture.environment,
            revision: Revision(1),
            flags: self.flags,
            segments: self.segments
        )
    }

    static func key(_ index: Int) -> FlagKey { FlagKey("flag-\(index)") }

    /// `named` is how many flags it may name as prerequisites.
    static func flag(
        _ index: Int,
        naming named: Int,
        _ kind: Kind,
        _ random: inout SeededGenerator
    ) -> Flag {
        Fixture.flag(Self.key(index).rawValue) { flag in
            let kindOfValue = random.below(3)
            flag.variations = Vocabulary.variations.enumerated().map { position, name in
                let value: Value =
                    switch kindOfValue {
                    case 0: .string(name)
                    case 1: .number(Double(position))
                    default: .object([.init(name: "n", value: .number(Double(position)))])
                    }
                return Variation(name: name, value: value)
            }
            if kind == .wild, random.isOne(in: 6) { flag.variations.removeLast(random.below(4)) }
            flag.onVariation = Self.variation(kind, &random)
            flag.offVariation = Self.variation(kind, &random)
            flag.rollout = Self.rollout(&random)
            flag.bucketBy = Self.unit(&random)
            flag.salt = random.pick(["salt", flag.key.rawValue, ""])
            flag.enabled = !random.isOne(in: 12)
            if random.isOne(in: 12) { flag.status = random.pick(FlagStatus.allCases) }
            if random.isOne(in: 20) { flag.isArchived = true }
            if random.isOne(in: 8) { flag.start = random.pick(Self.moments) }
            if random.isOne(in: 8) { flag.end = random.pick(Self.moments) }
            if random.isOne(in: 3) {
                flag.audience = Audience(
                    plans: random.some(Vocabulary.plans, most: 2),
                    roles: random.some(Vocabulary.roles, most: 1),
                    companies: random.some(Vocabulary.companies, most: 2)
                )
            }
            flag.targeting = Self.targeting(naming: named, kind, &random)
        }
    }

    private static func rollout(_ random: inout SeededGenerator) -> RolloutPercentage {
        random.pick([
            .all, .all, .none, Fixture.percent(50),
            RolloutPercentage(thousandths: UInt32(random.below(100_001))) ?? .all,
        ])
    }

    /// Names a variation that there is, or one that there is not.
    static func variation(_ kind: Kind, _ random: inout SeededGenerator) -> String {
        kind == .wild && random.isOne(in: 10) ? "gone" : random.pick(Vocabulary.variations)
    }

    /// What is bucketed by.
    static func unit(_ random: inout SeededGenerator) -> String {
        random.pick(["targetingKey", "", "company", "seat", "/device/os"])
    }

    static func context(_ kind: Kind, _ random: inout SeededGenerator) -> EvaluationContext {
        var fields: [Value.Field] = []
        for name in Vocabulary.attributes where random.isOne(in: 2) {
            fields.append(.init(name: name, value: Self.attribute(name, kind, &random)))
        }
        return EvaluationContext(
            targetingKey: random.pick(Vocabulary.users + [""]),
            company: random.pick(Vocabulary.companies + [""]),
            plan: random.pick(Vocabulary.plans + [""]),
            role: random.pick(Vocabulary.roles + [""]),
            region: random.pick(Vocabulary.regions + [""]),
            attributes: fields
        )
    }
}
