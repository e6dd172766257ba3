internal import Flags

/// The kinds of evaluation that are measured, each with its flag and its contexts.
enum EvaluationFixture: String, CaseIterable {
    case `static`
    /// Admitted by an audience of three lists.
    case targeting
    /// The rule matches, by two clauses.
    case oneRule = "one_rule"
    /// Only the tenth of ten rules matches.
    case tenRules = "ten_rules"
    /// In a segment of 10,000 users.
    case segment = "segment_10000"
    /// The last of five flags that require each other.
    case prerequisites = "prerequisites_5"
    case percentage
    /// A regular expression matches.
    case pattern = "regex"
    /// Three variations within a percentage.
    case weighted

    static let environment = EnvironmentID(organization: "bench", environment: "evaluate")
    private static let contextCount = 64
    private static let segmentEntries = 10_000

    /// The flag that is evaluated.
    var key: FlagKey { FlagKey("crm_advanced_\(self.rawValue)") }

    /// Different users of the audience.
    var contexts: [EvaluationContext] {
        (0..<Self.contextCount).map { Self.context($0) }
    }

    private static func context(_ index: Int) -> EvaluationContext {
        let attributes: [Value.Field] = [
            .init(name: "email", value: .string("user-\(index)@acme.com")),
            .init(name: "seats", value: .number(Double(10 + index))),
            .init(name: "version", value: .string("2.\(index).0-rc.1")),
        ]
        return EvaluationContext(
            targetingKey: "user-\(index)-0c6b6a4e",
            company: "company-\(index % 7)",
            plan: index % 2 == 0 ? "PREMIUM" : "ENTERPRISE",
            role: index % 3 == 0 ? "OWNER" : "ADMIN",
            region: ["CO", "MX", "AR"][index % 3],
            attributes: attributes
        )
    }

    /// Throws unless the flag is evaluated for the reason that its name promises.
    func check(_ ruleset: Ruleset, now: Timestamp) throws {
        let expected: EvaluationReason =
            switch self {
            case .static, .targeting, .prerequisites: .static
            case .percentage, .weighted: .split
            case .oneRule, .tenRules, .segment, .pattern: .targetingMatch
            }
        for context in self.contexts {
            let reason = ruleset.evaluate(self.key, context, now: now).reason
            guard reason == expected else {
                throw BenchError("\(self.key) is evaluated for the reason \(reason.rawValue)")
            }
        }
    }

    /// An environment with the measured flags among others.
    static func ruleset(fillers: Int) -> Ruleset {
        let others = (0..<fillers).map { BenchFlag.plain(FlagKey("filler-\($0)")) }
        let chain = (1...5).map { index in
            BenchFlag.plain(Self.link(index)) { flag in
                guard index > 1 else { return }
                flag.targeting.prerequisites = [
                    Prerequisite(flag: Self.link(index - 1), variations: ["on"])
                ]
            }
        }
        return Ruleset(
            environment: Self.environment,
            revision: Revision(1),
            flags: others + chain + Self.allCases.map(\.flag),
            segments: [
                BenchFlag.segment("beta", (0..<Self.segmentEntries).map { "user-\($0)-0c6b6a4e" })
            ]
        )
    }

    private static func link(_ index: Int) -> FlagKey { FlagKey("link-\(index)") }

    private var flag: Flag {
        BenchFlag.plain(self.key) { flag in
            switch self {
            case .static:
                break
            case .targeting:
                flag.audience = Audience(
                    plans: ["PREMIUM", "ENTERPRISE"],
                    roles: ["ADMIN", "OWNER"],
                    regions: ["CO", "MX", "AR"]
                )
            case .oneRule:
                flag.targeting.rules = [BenchFlag.matchingRule]
            case .tenRules:
                flag.targeting.rules =
                    (1..<10).map { BenchFlag.otherRule($0) } + [BenchFlag.matchingRule]
            case .segment:
                flag.targeting.rules = [
                    BenchFlag.rule(Clause(attribute: "", .segment, [.string("beta")]))
                ]
            case .prerequisites:
                flag.targeting.prerequisites = [
                    Prerequisite(flag: Self.link(5), variations: ["on"])
                ]
            case .percentage:
                flag.rollout = RolloutPercentage(thousandths: 10_000) ?? .all
            case .pattern:
                flag.targeting.rules = [
                    BenchFlag.rule(
                        Clause(
                            attribute: "email",
                            .matches,
                            [.string("^[^@]+@(acme|globex)\\.(com|mx)$")]
                        )
                    )
                ]
            case .weighted:
                flag.rollout = RolloutPercentage(thousandths: 99_999) ?? .all
                flag.targeting.weights = [
                    WeightedVariation(variation: "on", weight: 50_000),
                    WeightedVariation(variation: "off", weight: 30_000),
                    WeightedVariation(variation: "blue", weight: 20_000),
                ]
            }
        }
    }
}
