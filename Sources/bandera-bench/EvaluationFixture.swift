internal import Flags

/// The kinds of evaluation that are measured, each with its flag and its contexts.
enum EvaluationFixture: String, CaseIterable {
    case `static`
    case targeting
    case percentage

    private static let environment = EnvironmentID(organization: "bench", environment: "evaluate")
    private static let contextCount = 64

    /// The flag that is evaluated.
    var key: FlagKey { FlagKey("crm_advanced_\(self.rawValue)") }

    /// Different users of the audience.
    var contexts: [EvaluationContext] {
        (0..<Self.contextCount).map { index in
            EvaluationContext(
                targetingKey: "user-\(index)-0c6b6a4e",
                company: "company-\(index % 7)",
                plan: index % 2 == 0 ? "PREMIUM" : "ENTERPRISE",
                role: index % 3 == 0 ? "OWNER" : "ADMIN",
                region: ["CO", "MX", "AR"][index % 3]
            )
        }
    }

    /// Throws unless the flag is evaluated for the reason that its name promises.
    func check(_ ruleset: Ruleset, now: Timestamp) throws {
        let expected: EvaluationReason =
            switch self {
            case .static: .static
            case .targeting: .static
            case .percentage: .split
            }
        let reason = ruleset.evaluate(self.key, self.contexts[0], now: now).reason
        let isExpected = reason == expected || (self == .targeting && reason == .targetingMatch)
        guard isExpected else {
            throw BenchError("\(self.key) is evaluated for the reason \(reason.rawValue)")
        }
    }

    /// An environment with the measured flags among others.
    static func ruleset(fillers: Int) -> Ruleset {
        let others = (0..<fillers).map { index in
            Self.flag(FlagKey("filler-\(index)"), audience: Audience(), rollout: .all)
        }
        return Ruleset(
            environment: Self.environment,
            revision: Revision(1),
            flags: others + Self.allCases.map(\.flag)
        )
    }

    private var flag: Flag {
        let audience = Audience(
            plans: ["PREMIUM", "ENTERPRISE"],
            roles: ["ADMIN", "OWNER"],
            regions: ["CO", "MX", "AR"]
        )
        return switch self {
        case .static: Self.flag(self.key, audience: Audience(), rollout: .all)
        case .targeting: Self.flag(self.key, audience: audience, rollout: .all)
        case .percentage:
            Self.flag(
                self.key,
                audience: Audience(),
                rollout: RolloutPercentage(thousandths: 10_000) ?? .all
            )
        }
    }

    private static func flag(
        _ key: FlagKey,
        audience: Audience,
        rollout: RolloutPercentage
    ) -> Flag {
        let time = Timestamp(milliseconds: 1_600_000_000_000)
        return Flag(
            key: key,
            name: "",
            description: "",
            enabled: true,
            status: .active,
            isArchived: false,
            rollout: rollout,
            audience: audience,
            start: nil,
            end: nil,
            variations: [
                Variation(name: "on", value: .bool(true)),
                Variation(name: "off", value: .bool(false)),
            ],
            onVariation: "on",
            offVariation: "off",
            salt: key.rawValue,
            bucketBy: "",
            createdAt: time,
            createdBy: "bench",
            updatedAt: time,
            updatedBy: "bench",
            revision: Revision(1),
            createdRevision: Revision(1)
        )
    }
}
