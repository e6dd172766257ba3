/// A flag's targeting made ready for evaluation: immutable and shared between the flag's revisions.
final class CompiledTargeting: Sendable {
    /// Another flag that must give one of some variations.
    struct Requirement: Sendable {
        let flag: FlagKey
        let variations: TextSet
    }

    /// Units that are given a variation one by one.
    struct Listing: Sendable {
        let reference: AttributeReference
        let units: UnitSet
        let served: Served
    }

    /// Clauses and what those who meet them get.
    struct Branch: Sendable {
        let clauses: ClauseList
        let distribution: Distribution
    }

    let requirements: [Requirement]
    let overrides: CompiledOverrides?
    let listings: [Listing]
    let branches: [Branch]

    /// `nil` when everybody passes it by.
    init?(_ flag: Flag) {
        let targeting = flag.targeting
        guard
            !targeting.prerequisites.isEmpty || !targeting.overrides.isEmpty
                || !targeting.targets.isEmpty || !targeting.rules.isEmpty
        else { return nil }
        self.requirements = targeting.prerequisites.map {
            Requirement(flag: $0.flag, variations: TextSet($0.variations))
        }
        self.overrides = CompiledOverrides(flag)
        self.listings = targeting.targets.map {
            Listing(
                reference: AttributeReference($0.attribute),
                units: UnitSet($0.values),
                served: Served($0.variation, of: flag)
            )
        }
        self.branches = targeting.rules.map {
            Branch(
                clauses: ClauseList($0.clauses),
                distribution: Self.distribution($0.serve, of: flag)
            )
        }
    }

    /// Whether what is compiled for `flag` is the same as for `other`.
    static func isSame(for flag: Flag, as other: Flag) -> Bool {
        flag.targeting == other.targeting && flag.variations == other.variations
            && flag.salt == other.salt && flag.bucketBy == other.bucketBy
    }

    private static func distribution(_ serve: Serve, of flag: Flag) -> Distribution {
        switch serve {
        case .variation(let name):
            return Distribution(single: Served(name, of: flag))
        case .split(let split):
            let unit = split.bucketBy.isEmpty ? flag.bucketBy : split.bucketBy
            return Distribution(
                split.weights,
                of: flag,
                bucketing: Bucketing(salt: flag.salt, bucketBy: unit)
            )
        }
    }
}
