import Flags

/// Values that the tests of this module begin from.
enum Fixture {
    static let now = Timestamp(milliseconds: 1_770_000_000_000)
    static let environment = EnvironmentID(organization: "acme", environment: "production")

    /// An active, enabled Boolean flag at 100 %, changed by `change`.
    static func flag(
        _ key: String = "new-checkout",
        _ change: (inout Flag) -> Void = { _ in }
    ) -> Flag {
        var flag = Flag(
            key: FlagKey(key),
            name: "New checkout",
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
            ],
            onVariation: "on",
            offVariation: "off",
            salt: key,
            bucketBy: Flag.targetingKeyName,
            createdAt: Self.now,
            createdBy: "ana",
            updatedAt: Self.now,
            updatedBy: "ana",
            revision: Revision(7),
            createdRevision: Revision(7)
        )
        change(&flag)
        return flag
    }

    /// A percentage of whole percents.
    static func percent(_ whole: UInt32) -> RolloutPercentage {
        RolloutPercentage(thousandths: whole * 1_000) ?? .none
    }

    static func evaluate(
        _ context: EvaluationContext,
        _ change: (inout Flag) -> Void = { _ in }
    ) -> Evaluation {
        CompiledFlag(Self.flag("new-checkout", change))
            .evaluate(context, now: Self.now, in: Ruleset(environment: Self.environment))
    }
}

/// A seeded generator (SplitMix64), so that a failure can be replayed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { self.state = seed }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
