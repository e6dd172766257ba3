/// A step of a flag's targeting: whoever meets every clause is served by it; the first one wins.
public struct Rule: Hashable, Sendable {
    /// Unique within the flag, 1-128 of `a-z A-Z 0-9 . _ -`.
    public var id: String
    /// For people.
    public var description: String
    /// All must hold; without any the rule holds for everybody.
    public var clauses: [Clause]
    /// What it gives.
    public var serve: Serve

    /// Creates a rule, unchecked.
    public init(id: String, description: String = "", clauses: [Clause], serve: Serve) {
        self.id = id
        self.description = description
        self.clauses = clauses
        self.serve = serve
    }
}

/// What a rule gives: one variation, or several by weight.
public enum Serve: Hashable, Sendable {
    /// The name of a variation.
    case variation(String)
    case split(Split)
}

/// Variations by weight.
public struct Split: Hashable, Sendable {
    /// In order; their weights add up to `WeightedVariation.total`.
    public var weights: [WeightedVariation]
    /// The context attribute that is bucketed by; empty means the flag's.
    public var bucketBy: String

    /// Creates a split, unchecked.
    public init(weights: [WeightedVariation], bucketBy: String = "") {
        self.weights = weights
        self.bucketBy = bucketBy
    }
}

/// A variation and the share that it is given to.
public struct WeightedVariation: Hashable, Sendable {
    /// What the weights of a split add up to: 1/100,000 each, so 10 % is 10,000.
    public static let total: UInt32 = 100_000

    /// The name of a variation.
    public var variation: String
    /// 0 through `total`.
    public var weight: UInt32

    /// Creates a share, unchecked.
    public init(variation: String, weight: UInt32) {
        self.variation = variation
        self.weight = weight
    }
}

/// Units that are given a variation one by one.
public struct Target: Hashable, Sendable {
    /// The name of a variation.
    public var variation: String
    /// The context attribute that `values` are values of; empty means `targetingKey`.
    public var attribute: String
    /// For example user ids.
    public var values: [String]

    /// Creates a target, unchecked.
    public init(variation: String, attribute: String = "", values: [String]) {
        self.variation = variation
        self.attribute = attribute
        self.values = values
    }
}

/// Another flag of the environment that must give one of some variations first.
public struct Prerequisite: Hashable, Sendable {
    /// The other flag.
    public var flag: FlagKey
    /// Names of its variations, at least one.
    public var variations: [String]

    /// Creates a prerequisite, unchecked.
    public init(flag: FlagKey, variations: [String]) {
        self.flag = flag
        self.variations = variations
    }
}
