/// Who gets what of a flag, in the order in which it is asked (design, section 7).
public struct Targeting: Hashable, Sendable {
    /// All must be met, else the off variation.
    public var prerequisites: [Prerequisite]
    /// Sorted by level and subject, one for each.
    public var overrides: [Override]
    /// The first that has the unit decides.
    public var targets: [Target]
    /// The first that matches decides.
    public var rules: [Rule]
    /// How the rollout's share is divided among variations; empty gives it all to `onVariation`.
    ///
    /// Their weights add up to `WeightedVariation.total`. Which variation a unit gets does not
    /// depend on the rollout's percentage.
    public var weights: [WeightedVariation]

    /// Creates targeting, unchecked; by default there is none.
    public init(
        prerequisites: [Prerequisite] = [],
        overrides: [Override] = [],
        targets: [Target] = [],
        rules: [Rule] = [],
        weights: [WeightedVariation] = []
    ) {
        self.prerequisites = prerequisites
        self.overrides = overrides
        self.targets = targets
        self.rules = rules
        self.weights = weights
    }

    /// Whether everybody passes it by.
    public var isEmpty: Bool {
        self.prerequisites.isEmpty && self.overrides.isEmpty && self.targets.isEmpty
            && self.rules.isEmpty && self.weights.isEmpty
    }
}

/// What people say about a flag, and what its values must look like.
public struct FlagLabels: Hashable, Sendable {
    /// Sorted, each once.
    public var tags: [String]
    /// Who answers for it; may be empty.
    public var owner: String
    /// A JSON schema that object values must conform to; null when there is none.
    public var schema: Value

    /// Creates labels, unchecked; by default there are none.
    public init(tags: [String] = [], owner: String = "", schema: Value = .null) {
        self.tags = tags
        self.owner = owner
        self.schema = schema
    }
}
