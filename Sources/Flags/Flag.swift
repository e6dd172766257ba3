/// Where a flag stands in its life.
public enum FlagStatus: String, Hashable, Sendable, Codable, CaseIterable {
    case draft
    case active
    case paused
    case completed
    case rolledBack = "rolled_back"
}

/// One of the values that a flag can take.
public struct Variation: Hashable, Sendable, Codable {
    /// Unique within the flag, for example `on`.
    public var name: String
    /// Of the same kind as the flag's other values.
    public var value: Value

    /// Creates a variation.
    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}

/// Who a flag is for.
///
/// An empty list admits everybody; a non-empty one must contain the context's value.
public struct Audience: Hashable, Sendable {
    /// Ids of plans.
    public var plans: [String]
    /// Names of roles.
    public var roles: [String]
    /// Ids of companies.
    public var companies: [String]
    /// Ids of regions.
    public var regions: [String]

    /// Creates an audience; by default it is everybody.
    public init(
        plans: [String] = [],
        roles: [String] = [],
        companies: [String] = [],
        regions: [String] = []
    ) {
        self.plans = plans
        self.roles = roles
        self.companies = companies
        self.regions = regions
    }
}

/// A share of the population, in units of 1/100,000 (so 10 % is 10,000), 0 through 100,000.
public struct RolloutPercentage: Hashable, Comparable, Sendable {
    /// 0 through 100,000.
    public let thousandths: UInt32

    /// `nil` when `thousandths` exceeds 100,000.
    public init?(thousandths: UInt32) {
        guard thousandths <= 100_000 else { return nil }
        self.thousandths = thousandths
    }

    /// Nobody.
    public static let none = RolloutPercentage(unchecked: 0)
    /// Everybody.
    public static let all = RolloutPercentage(unchecked: 100_000)

    private init(unchecked thousandths: UInt32) { self.thousandths = thousandths }

    /// Compares shares.
    public static func < (lhs: RolloutPercentage, rhs: RolloutPercentage) -> Bool {
        lhs.thousandths < rhs.thousandths
    }
}

/// A feature flag as it is stored, listed and pushed.
public struct Flag: Hashable, Sendable {
    /// Unique within the environment.
    public var key: FlagKey
    /// For people.
    public var name: String
    /// For people; may have several lines.
    public var description: String
    /// Whether the flag is switched on.
    public var enabled: Bool
    /// Where it stands in its life.
    public var status: FlagStatus
    /// Whether it is gone for everybody; its key stays taken.
    public var isArchived: Bool
    /// The share that gets `onVariation`.
    public var rollout: RolloutPercentage
    /// Who it is for.
    public var audience: Audience
    /// Inclusive; `nil` means "has always started".
    public var start: Timestamp?
    /// Exclusive; `nil` means "never ends".
    public var end: Timestamp?
    /// At least one, names unique.
    public var variations: [Variation]
    /// Names the variation that the rollout gives.
    public var onVariation: String
    /// Names the variation that everybody else gets.
    public var offVariation: String
    /// Hashed with the unit into a bucket: fixed at creation, so that raising a percentage never
    /// moves a user out.
    public var salt: String
    /// The context attribute that is bucketed by; `targetingKey` unless said otherwise.
    public var bucketBy: String
    /// When it was created.
    public var createdAt: Timestamp
    /// Who created it.
    public var createdBy: String
    /// When it was last changed.
    public var updatedAt: Timestamp
    /// Who changed it last.
    public var updatedBy: String
    /// The change that made the flag what it is now.
    public var revision: Revision
    /// The change that created it.
    public var createdRevision: Revision

    /// Creates a flag from its parts, unchecked.
    public init(
        key: FlagKey,
        name: String,
        description: String,
        enabled: Bool,
        status: FlagStatus,
        isArchived: Bool,
        rollout: RolloutPercentage,
        audience: Audience,
        start: Timestamp?,
        end: Timestamp?,
        variations: [Variation],
        onVariation: String,
        offVariation: String,
        salt: String,
        bucketBy: String,
        createdAt: Timestamp,
        createdBy: String,
        updatedAt: Timestamp,
        updatedBy: String,
        revision: Revision,
        createdRevision: Revision
    ) {
        self.key = key
        self.name = name
        self.description = description
        self.enabled = enabled
        self.status = status
        self.isArchived = isArchived
        self.rollout = rollout
        self.audience = audience
        self.start = start
        self.end = end
        self.variations = variations
        self.onVariation = onVariation
        self.offVariation = offVariation
        self.salt = salt
        self.bucketBy = bucketBy
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.updatedAt = updatedAt
        self.updatedBy = updatedBy
        self.revision = revision
        self.createdRevision = createdRevision
    }
}
