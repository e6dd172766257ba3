import Flags

/// One of each of the domain's values, with every part in use.
enum Samples {
    static let clause = Clause(
        attribute: "/device/os",
        .isIn,
        [.string("ios"), .number(2.5), .bool(true)],
        isNegated: true,
        ignoresCase: true
    )
    static let weights = [
        WeightedVariation(variation: "on", weight: 1),
        WeightedVariation(variation: "off", weight: 99_999),
    ]
    static let targeting = Targeting(
        prerequisites: [Prerequisite(flag: FlagKey("base"), variations: ["on"])],
        overrides: [
            Override(level: .platform, variation: "off", isLocked: true),
            Override(level: .company, subject: "globex", variation: "on"),
        ],
        targets: [
            Target(variation: "on", values: ["u1", "u2"]),
            Target(variation: "off", attribute: "company", values: ["initech"]),
        ],
        rules: [
            Rule(
                id: "beta",
                description: "People\nof the beta",
                clauses: [Self.clause, Clause(attribute: "plan", .exists)],
                serve: .variation("on")
            ),
            Rule(
                id: "rest",
                clauses: [],
                serve: .split(Split(weights: Self.weights, bucketBy: "company"))
            ),
        ],
        weights: Self.weights
    )
    static let labels = FlagLabels(
        tags: ["checkout", "web"],
        owner: "team payments",
        schema: .object([.init(name: "type", value: .string("object"))])
    )
    static let definition = FlagDefinition(
        key: FlagKey("new-checkout"),
        name: "New checkout",
        description: "Two\nlines",
        enabled: true,
        status: .active,
        rollout: Fixture.percent(25),
        audience: Audience(plans: ["PRO"], roles: ["admin"], companies: ["c"], regions: ["MX"]),
        start: Fixture.now,
        end: Timestamp(milliseconds: Fixture.now.milliseconds + 1),
        variations: [
            Variation(name: "on", value: .object([.init(name: "a", value: .number(1))])),
            Variation(name: "off", value: .object([])),
        ],
        onVariation: "on",
        offVariation: "off",
        salt: "s",
        bucketBy: "company",
        labels: Self.labels,
        targeting: Self.targeting
    )
    static let flag = Fixture.flag { flag in
        flag.labels = Self.labels
        flag.targeting = Self.targeting
        flag.variations = Self.definition.variations
        flag.audience = Self.definition.audience
        flag.start = Fixture.now
        flag.end = Samples.definition.end
        flag.recordedStart = Fixture.now
        flag.recordedEnd = Timestamp(milliseconds: 1)
        flag.release = Revision(12)
        flag.isArchived = true
    }
    static let segmentDefinition = SegmentDefinition(
        key: "beta",
        name: "Beta",
        description: "d",
        attribute: "company",
        included: ["a"],
        excluded: ["b", "c"],
        rules: [[Self.clause], [Clause(attribute: "", .segment, [.string("staff")])]]
    )
    static let segment = Segment(
        definition: Self.segmentDefinition,
        createdAt: Fixture.now,
        createdBy: "ana",
        updatedAt: Timestamp(milliseconds: 0),
        updatedBy: "bob",
        revision: Revision(8)
    )
    static let plan = ReleasePlan(steps: [
        ReleaseStep(
            rollout: Fixture.percent(5),
            audience: Audience(plans: ["PRO"]),
            regions: ["MX"],
            holdMilliseconds: 5_400_250,
            approvals: 2,
            evaluationsMin: 1_000
        ),
        ReleaseStep(rollout: .all),
        ReleaseStep(),
    ])
    static let organization = Organization(
        id: "acme",
        name: "Acme",
        branding: Branding(
            logo: "https://acme.example/logo.svg",
            primaryColor: "#1a2B3c",
            accentColor: "#000000",
            locale: "es-MX",
            host: "flags.acme.example"
        ),
        quotas: Quotas(flags: 1, companies: 2, watches: 3, writesPerSecond: .max),
        revision: Revision(9_007_199_254_740_993)
    )
    static let company = Company(
        organization: "acme",
        id: "globex",
        name: "Globex",
        plan: "PRO",
        region: "MX",
        attributes: [.init(name: "employees", value: .number(12)), .init(name: "x", value: .null)],
        revision: Revision(3)
    )
    static let token = AccessToken(
        id: "ci",
        organization: "acme",
        environment: "production",
        role: .serverSDK,
        member: "ana@acme",
        sha256: String(repeating: "0a", count: 32),
        expiresAt: Timestamp(milliseconds: Fixture.now.milliseconds + 5),
        createdAt: Fixture.now,
        createdBy: "operator/ana",
        revokedAt: Timestamp(milliseconds: .max),
        revision: Revision(4)
    )
    static let alert = Alert(
        id: Revision(77),
        environment: Fixture.environment,
        flag: FlagKey("new-checkout"),
        kind: .emergencyRollback,
        message: "rolled back",
        raisedAt: Fixture.now,
        raisedBy: "ana",
        acknowledgedAt: Fixture.now,
        acknowledgedBy: "bob",
        deliveries: [
            .init(region: "mx", node: 1, watchers: 2, acknowledged: 1, milliseconds: 17)
        ]
    )
    static let explanation = Explanation(
        steps: [
            .init(
                name: "rule",
                inputs: [.init(name: "z", value: .null), .init(name: "a", value: .number(1))],
                outcome: "matched",
                isDecisive: true
            ),
            .init(name: "x", outcome: ""),
        ],
        evaluation: Evaluation(value: .bool(true), variation: "on", reason: .targetingMatch),
        unknownOperators: ["sounds_like"]
    )
    static var counts: UsageCounts {
        var counts = UsageCounts()
        counts.evaluations = .max
        counts.views = 1
        counts.clicks = 2
        counts.errors = 3
        counts.conversions = 4
        counts.latencies = 5
        counts.latencyMicroseconds = 1 << 60
        counts.feedbacks = 7
        counts.feedbackThousandths = 8
        return counts
    }
}
