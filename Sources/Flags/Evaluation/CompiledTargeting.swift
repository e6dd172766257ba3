/// A flag's targeting made ready for evaluation: immutable and shared between the flag's revisions.
///
/// Its steps are classes, since a value is copied out of its list with everything that it holds.
final class CompiledTargeting: Sendable {
    /// Another flag that must give one of some variations.
    final class Requirement: Sendable {
        let flag: FlagKey
        let variations: TextSet

        init(_ prerequisite: Prerequisite) {
            self.flag = prerequisite.flag
            self.variations = TextSet(prerequisite.variations)
        }
    }

    /// Units that are given a variation one by one.
    final class Listing: Sendable {
        let reference: AttributeReference
        let units: UnitSet
        let served: Served

        init(_ target: Target, of flag: Flag) {
            self.reference = AttributeReference(target.attribute)
            self.units = UnitSet(target.values)
            self.served = Served(target.variation, of: flag)
        }
    }

    /// Clauses and what those who meet them get.
    final class Branch: Sendable {
        let clauses: ClauseList
        let distribution: Distribution

        init(_ rule: Rule, of flag: Flag) {
            self.clauses = ClauseList(rule.clauses)
            self.distribution = Distribution(rule.serve, of: flag)
        }
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
        self.requirements = targeting.prerequisites.map { Requirement($0) }
        self.overrides = CompiledOverrides(flag)
        self.listings = targeting.targets.map { Listing($0, of: flag) }
        self.branches = targeting.rules.map { Branch($0, of: flag) }
    }

    /// Whether what is compiled for `flag` is the same as for `other`.
    static func isSame(for flag: Flag, as other: Flag) -> Bool {
        flag.targeting == other.targeting && flag.variations == other.variations
            && flag.salt == other.salt && flag.bucketBy == other.bucketBy
    }
}

extension Distribution {
    fileprivate init(_ serve: Serve, of flag: Flag) {
        switch serve {
        case .variation(let name):
            self.init(single: Served(name, of: flag))
        case .split(let split):
            let unit = split.bucketBy.isEmpty ? flag.bucketBy : split.bucketBy
            self.init(
                split.weights,
                of: flag,
                bucketing: Bucketing(salt: flag.salt, bucketBy: unit)
            )
        }
    }
}
