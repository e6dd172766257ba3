/// Where a flag stands in its life.
public enum FlagStatus: String, Hashable, Sendable, Codable, CaseIterable {
    /// Being prepared: nobody gets more than its off variation.
    case draft
    /// Served while it is enabled, within its dates.
    case active
    /// Stopped for a while: everybody gets its off variation.
    case paused
    /// Has done its work: everybody gets its off variation.
    case completed
    /// Taken back: everybody gets its off variation.
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
