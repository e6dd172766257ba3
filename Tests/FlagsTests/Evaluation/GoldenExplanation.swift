import Flags

/// A flag and a context; `GoldenTexts` has the explanation that they give.
struct GoldenExplanation: Sendable {
    let name: String
    let flag: Flag
    let context: EvaluationContext

    private init(
        _ name: String,
        for context: EvaluationContext = Self.ana,
        _ change: (inout Flag) -> Void
    ) {
        self.name = name
        self.flag = Fixture.flag("checkout", change)
        self.context = context
    }

    private static let ana = EvaluationContext(
        targetingKey: "ana",
        company: "globex",
        plan: "PREMIUM",
        role: "ADMIN",
        region: "MX",
        attributes: [
            .init(name: "email", value: .string("ana@acme.com")),
            .init(name: "seat", value: .number(12)),
        ]
    )
    private static let nobody = EvaluationContext(targetingKey: "")

    static let segments = [
        Segment(
            definition: SegmentDefinition(key: "beta", included: ["ana"]),
            createdAt: Fixture.now,
            createdBy: "ana",
            updatedAt: Fixture.now,
            updatedBy: "ana",
            revision: Revision(3)
        )
    ]

    static let otherFlags = [
        Fixture.flag("payments"), Fixture.flag("legacy") { $0.enabled = false },
        Fixture.flag("ring-1") { Self.require("ring-2", &$0) },
        Fixture.flag("ring-2") { Self.require("ring-1", &$0) },
    ]

    private static func require(_ key: FlagKey, _ flag: inout Flag) {
        flag.targeting.prerequisites.append(Prerequisite(flag: key, variations: ["on", "off"]))
    }

    private static func override(
        _ level: OverrideLevel,
        _ subject: String,
        _ variation: String,
        isLocked: Bool = false
    ) -> Override {
        Override(level: level, subject: subject, variation: variation, isLocked: isLocked)
    }

    static let all = Self.ends + Self.hierarchy + Self.rules + Self.rollouts

    private static let ends = [
        Self("archived", { $0.isArchived = true }),
        Self("lacks its variations", { $0.variations = [] }),
        Self("not active", { $0.status = .paused }),
        Self("switched off", { $0.enabled = false }),
        Self(
            "ended",
            {
                $0.start = Timestamp(milliseconds: 0)
                $0.end = Fixture.now
            }
        ),
        Self(
            "a prerequisite that is disabled",
            {
                Self.require("payments", &$0)
                Self.require("legacy", &$0)
            }
        ),
        Self("a prerequisite that is unknown", { Self.require("nothing", &$0) }),
        Self("prerequisites in a circle", { Self.require("ring-1", &$0) }),
        Self(
            "outside the audience",
            { $0.audience = Audience(plans: ["FREE"], regions: ["MX", "CO"]) }
        ),
    ]

    private static let hierarchy = [
        Self(
            "the nearest level decides",
            {
                $0.targeting.overrides = [
                    Self.override(.platform, "", "off"), Self.override(.plan, "PREMIUM", "off"),
                    Self.override(.company, "globex", "on"),
                    Self.override(.company, "initech", "off"),
                ]
            }
        ),
        Self(
            "a locked level decides",
            {
                $0.targeting.overrides = [
                    Self.override(.organization, "", "off", isLocked: true),
                    Self.override(.user, "ana", "on"),
                ]
            }
        ),
        Self(
            "overrides of others",
            { $0.targeting.overrides = [Self.override(.user, "ben", "off")] }
        ),
        Self(
            "an override that the flag lacks",
            { $0.targeting.overrides = [Self.override(.platform, "", "gone")] }
        ),
    ]

    private static let rules = [
        Self(
            "listed",
            {
                $0.targeting.targets = [
                    Target(variation: "off", values: ["ben"]),
                    Target(variation: "off", attribute: "seat", values: (1...12).map { "\($0)" }),
                ]
            }
        ),
        Self(
            "the second rule matches",
            {
                $0.targeting.rules = [
                    Rule(
                        id: "seats",
                        clauses: [
                            Clause(attribute: "seat", .numberLess, [.number(100)]),
                            Clause(attribute: "region", .isIn, [.string("MX")], isNegated: true),
                            Clause(attribute: "never", .exists),
                        ],
                        serve: .variation("on")
                    ),
                    Rule(
                        id: "staff",
                        clauses: [
                            Clause(attribute: "", .segment, [.string("beta")]),
                            Clause(attribute: "email", .matches, [.string("@acme\\.com$")]),
                        ],
                        serve: .variation("off")
                    ),
                ]
            }
        ),
        Self(
            "a rule divides",
            {
                $0.targeting.rules = [
                    Rule(id: "half", clauses: [], serve: .split(Split(weights: Self.halves)))
                ]
            }
        ),
        Self(
            "an operator of a newer version",
            {
                $0.targeting.rules = [
                    Rule(
                        id: "near",
                        clauses: [
                            Clause(attribute: "place", ClauseOperator("within"), [.number(5)])
                        ],
                        serve: .variation("off")
                    )
                ]
            }
        ),
    ]

    private static let halves = [
        WeightedVariation(variation: "on", weight: 50_000),
        WeightedVariation(variation: "off", weight: 50_000),
    ]

    private static let rollouts = [
        Self("everybody", { _ in }),
        Self("nobody is in", { $0.rollout = .none }),
        Self("in the share", { $0.rollout = Fixture.percent(90) }),
        Self("not in the share", { $0.rollout = Fixture.percent(1) }),
        Self(
            "in the share, divided",
            {
                $0.rollout = Fixture.percent(90)
                $0.targeting.weights = Self.halves
            }
        ),
        Self(
            "nothing to bucket by",
            for: Self.nobody,
            { $0.rollout = Fixture.percent(50) }
        ),
    ]
}
