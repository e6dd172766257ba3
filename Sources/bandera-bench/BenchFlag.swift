internal import Flags

/// Flags, rules and segments to measure with.
enum BenchFlag {
    private static let time = Timestamp(milliseconds: 1_600_000_000_000)

    /// A flag that gives everybody the same, changed by `change`.
    static func plain(_ key: FlagKey, _ change: (inout Flag) -> Void = { _ in }) -> Flag {
        var flag = Flag(
            key: key,
            name: "",
            description: "",
            enabled: true,
            status: .active,
            isArchived: false,
            rollout: .all,
            audience: Audience(),
            start: nil,
            end: nil,
            variations: [
                Variation(name: "on", value: .bool(true)),
                Variation(name: "off", value: .bool(false)),
                Variation(name: "blue", value: .bool(true)),
            ],
            onVariation: "on",
            offVariation: "off",
            salt: key.rawValue,
            bucketBy: "",
            createdAt: Self.time,
            createdBy: "bench",
            updatedAt: Self.time,
            updatedBy: "bench",
            revision: Revision(1),
            createdRevision: Revision(1)
        )
        change(&flag)
        return flag
    }

    /// A rule of one clause, or several, that serves on.
    static func rule(_ clauses: Clause..., id: String = "rule") -> Rule {
        Rule(id: id, clauses: clauses, serve: .variation("on"))
    }

    /// Matches every context of the bench.
    static var matchingRule: Rule {
        Self.rule(
            Clause(attribute: "seats", .numberGreaterOrEqual, [.number(10)]),
            Clause(attribute: "version", .versionGreater, [.string("1.9.3")])
        )
    }

    /// Matches none.
    static func otherRule(_ index: Int) -> Rule {
        let clause =
            switch index % 3 {
            case 0: Clause(attribute: "region", .isIn, [.string("BR"), .string("CL")])
            case 1: Clause(attribute: "email", .endsWith, [.string("@globex.com")])
            default: Clause(attribute: "seats", .numberLess, [.number(5)])
            }
        return Self.rule(clause, id: "rule-\(index)")
    }

    /// A segment of users.
    static func segment(_ key: String, _ users: [String]) -> Segment {
        Segment(
            definition: SegmentDefinition(key: key, included: users),
            createdAt: Self.time,
            createdBy: "bench",
            updatedAt: Self.time,
            updatedBy: "bench",
            revision: Revision(1)
        )
    }

    /// The flag at `index` of an environment as they are: two in three have an audience or rules,
    /// one in ten has a list of users.
    static func realistic(_ index: Int) -> Flag {
        Self.plain(FlagKey("team-\(index % 40).feature-\(index)")) { flag in
            flag.name = "Feature \(index) of team \(index % 40)"
            flag.description = "What feature \(index) does, who asked for it, and when it goes."
            flag.labels = FlagLabels(tags: ["team-\(index % 40)"], owner: "team-\(index % 40)")
            flag.rollout = RolloutPercentage(thousandths: UInt32(index * 1_000 % 100_001)) ?? .all
            if index % 3 == 0 {
                flag.audience = Audience(plans: ["PREMIUM"], regions: ["CO", "MX"])
            }
            if index % 3 == 1 {
                flag.targeting.rules = (0...index % 5).map { Self.otherRule($0) }
            }
            if index % 6 == 1 { flag.targeting.rules.append(Self.matchingRule) }
            if index % 10 == 0 {
                let users = (0..<50).map { "user-\(index * 50 + $0)-0c6b6a4e" }
                flag.targeting.targets = [Target(variation: "blue", values: users)]
            }
            if index % 20 == 0 {
                flag.targeting.overrides = (0..<5).map {
                    Override(level: .company, subject: "company-\($0)", variation: "on")
                }
            }
        }
    }
}
