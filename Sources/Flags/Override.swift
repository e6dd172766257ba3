/// Where in the hierarchy an override stands: each level is nearer to the user than the one before.
public enum OverrideLevel: String, Hashable, Comparable, Sendable, CaseIterable {
    /// For everybody of every organization.
    case platform
    /// For everybody of the flag's organization.
    case organization
    /// For the companies that have a plan.
    case plan
    /// For one company.
    case company
    /// For one targeting key.
    case user

    /// 0 for the platform, 4 for the user.
    public var depth: Int {
        switch self {
        case .platform: 0
        case .organization: 1
        case .plan: 2
        case .company: 3
        case .user: 4
        }
    }

    /// Orders from the platform down to the user.
    public static func < (lhs: OverrideLevel, rhs: OverrideLevel) -> Bool {
        lhs.depth < rhs.depth
    }
}

/// A variation that a level of the hierarchy forces, whatever the flag's rules say.
///
/// Of all overrides that apply to a context the nearest wins (user, company, plan, organization,
/// platform), unless one above it is locked: then the highest locked one wins.
public struct Override: Hashable, Sendable {
    /// Which level forces it.
    public var level: OverrideLevel
    /// The id of the plan or company, or the user's targeting key; empty for the platform and the
    /// organization.
    public var subject: String
    /// The name of a variation.
    public var variation: String
    /// Whether levels below may not decide otherwise.
    public var isLocked: Bool

    /// Creates an override, unchecked.
    public init(
        level: OverrideLevel,
        subject: String = "",
        variation: String,
        isLocked: Bool = false
    ) {
        self.level = level
        self.subject = subject
        self.variation = variation
        self.isLocked = isLocked
    }
}
