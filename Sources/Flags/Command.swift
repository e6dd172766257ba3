/// A mutation that a client asks for: packed once by the client, opaque through forward, log and
/// replication, unpacked and judged when it is applied.
public enum Command: Hashable, Sendable {
    /// Opens a client session; the answer's revision is the session's id (dissertation §6.3).
    case openSession
    case putOrganization(Organization)
    case putEnvironment(Environment)
    case putPlan(Plan)
    case putCompany(Company)
    case createFlag(EnvironmentID, FlagDefinition)
    case updateFlag(EnvironmentID, FlagKey, FlagPatch)
    case archiveFlag(EnvironmentID, FlagKey)
}

/// What the creator of a flag decides; the state machine adds the rest.
public struct FlagDefinition: Hashable, Sendable {
    public var key: FlagKey
    public var name: String
    public var description: String
    public var enabled: Bool
    /// `draft` or `active`.
    public var status: FlagStatus
    public var rollout: RolloutPercentage
    public var audience: Audience
    public var start: Timestamp?
    public var end: Timestamp?
    /// Empty means the boolean pair `on` = true, `off` = false.
    public var variations: [Variation]
    /// Empty means the first variation.
    public var onVariation: String
    /// Empty means the last variation.
    public var offVariation: String
    /// Empty means the flag's key.
    public var salt: String
    /// Empty means `targetingKey`.
    public var bucketBy: String

    public init(
        key: FlagKey,
        name: String = "",
        description: String = "",
        enabled: Bool = false,
        status: FlagStatus = .draft,
        rollout: RolloutPercentage = .none,
        audience: Audience = Audience(),
        start: Timestamp? = nil,
        end: Timestamp? = nil,
        variations: [Variation] = [],
        onVariation: String = "",
        offVariation: String = "",
        salt: String = "",
        bucketBy: String = ""
    ) {
        self.key = key
        self.name = name
        self.description = description
        self.enabled = enabled
        self.status = status
        self.rollout = rollout
        self.audience = audience
        self.start = start
        self.end = end
        self.variations = variations
        self.onVariation = onVariation
        self.offVariation = offVariation
        self.salt = salt
        self.bucketBy = bucketBy
    }
}

/// A partial change: `nil` leaves a field as it is.
public struct FlagPatch: Hashable, Sendable {
    /// A bound of the window that can be set or taken away.
    public enum Bound: Hashable, Sendable {
        case none
        case at(Timestamp)
    }

    public var name: String?
    public var description: String?
    public var enabled: Bool?
    public var status: FlagStatus?
    public var rollout: RolloutPercentage?
    public var plans: [String]?
    public var roles: [String]?
    public var companies: [String]?
    public var regions: [String]?
    public var start: Bound?
    public var end: Bound?
    public var variations: [Variation]?
    public var onVariation: String?
    public var offVariation: String?
    /// Why, for the history.
    public var reason: String = ""

    public init() {}
}
