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
    public var value: Value

    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }
}

/// Who a flag is for. An empty list admits everybody; a non-empty one must contain the context's value.
public struct Audience: Hashable, Sendable {
    public var plans: [String]
    public var roles: [String]
    public var companies: [String]
    public var regions: [String]

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

    public static func < (lhs: RolloutPercentage, rhs: RolloutPercentage) -> Bool {
        lhs.thousandths < rhs.thousandths
    }
}

/// A feature flag as it is stored, listed and pushed.
public struct Flag: Hashable, Sendable {
    public var key: FlagKey
    public var name: String
    public var description: String
    public var enabled: Bool
    public var status: FlagStatus
    public var isArchived: Bool
    public var rollout: RolloutPercentage
    public var audience: Audience
    /// Inclusive. `nil` means "has always started".
    public var start: Timestamp?
    /// Exclusive. `nil` means "never ends".
    public var end: Timestamp?
    /// At least one, names unique.
    public var variations: [Variation]
    /// Names the variation that the rollout gives.
    public var onVariation: String
    /// Names the variation that everybody else gets.
    public var offVariation: String
    /// Hashed with the unit into a bucket: fixed at creation, so that raising a percentage never moves a user out.
    public var salt: String
    /// The context attribute that is bucketed by; `targetingKey` unless said otherwise.
    public var bucketBy: String
    public var createdAt: Timestamp
    public var createdBy: String
    public var updatedAt: Timestamp
    public var updatedBy: String
    /// The change that made the flag what it is now.
    public var revision: Revision
    /// The change that created it.
    public var createdRevision: Revision

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
