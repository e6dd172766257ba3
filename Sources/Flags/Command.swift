/// A mutation that a client asks for: packed once by the client, opaque through forward, log and
/// replication, unpacked and judged when it is applied.
public enum Command: Hashable, Sendable {
    /// Opens a client session; the answer's revision is the session's id (dissertation §6.3).
    case openSession
    case putOrganization(Organization)
    case putEnvironment(Environment)
    case putPlan(Plan)
    case putCompany(Company)
    /// The organization and the plan's id.
    case removePlan(String, String)
    /// The organization and the company's id.
    case removeCompany(String, String)
    case putMember(TeamMember)
    /// The organization and the member's name.
    case removeMember(String, String)
    case createToken(AccessToken)
    /// The organization and the token's id.
    case revokeToken(String, String)
    case createFlag(EnvironmentID, FlagDefinition)
    case updateFlag(EnvironmentID, FlagKey, FlagPatch)
    case archiveFlag(EnvironmentID, FlagKey)
    /// Makes a flag what it was at an earlier revision, whose contents the definition is.
    case restoreFlag(EnvironmentID, FlagKey, FlagDefinition, from: Revision)
    case setOverride(EnvironmentID, FlagKey, Override)
    case removeOverride(EnvironmentID, FlagKey, OverrideLevel, subject: String)
    case putSegment(EnvironmentID, SegmentDefinition)
    case removeSegment(EnvironmentID, key: String)
    /// Off everywhere, 0 %, rolled back, its release ended, an alert raised: whatever state the flag
    /// is in.
    case emergencyRollback(EnvironmentID, FlagKey)
    case startRelease(EnvironmentID, FlagKey, ReleasePlan)
    /// `step` is the step that the caller saw; the release must still be there.
    case controlRelease(EnvironmentID, FlagKey, ReleaseAction, step: UInt32)
    /// The organization and the alert.
    case acknowledgeAlert(String, Revision)
    /// By the leader: a flag's date has come.
    case recordSchedule(EnvironmentID, FlagKey, ScheduleEdge, date: Timestamp)
    /// By the leader: the release has waited for everything that its step waits for.
    case advanceRelease(EnvironmentID, FlagKey, release: Revision, step: UInt32)
    /// By a node: what it counted.
    case recordUsage(UsageBatch)

    /// Whether it goes before all that waits: it takes a flag back.
    package var isUrgent: Bool {
        switch self {
        case .emergencyRollback, .restoreFlag: true
        default: false
        }
    }
}

/// What the creator of a flag decides; the state machine adds the rest.
public struct FlagDefinition: Hashable, Sendable {
    /// Unique within the environment, for ever.
    public var key: FlagKey
    /// For people.
    public var name: String
    /// For people; may have several lines.
    public var description: String
    /// Whether the flag is switched on.
    public var enabled: Bool
    /// `draft` or `active`.
    public var status: FlagStatus
    /// The share that gets `onVariation`.
    public var rollout: RolloutPercentage
    /// Who it is for.
    public var audience: Audience
    /// Inclusive; `nil` for "has always started".
    public var start: Timestamp?
    /// Exclusive; `nil` for "never ends".
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
    /// Tags, owner and schema.
    public var labels: FlagLabels
    /// Who gets what, beyond audience and rollout.
    public var targeting: Targeting

    /// Creates a definition, unchecked; by default a Boolean draft for nobody.
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
        bucketBy: String = "",
        labels: FlagLabels = FlagLabels(),
        targeting: Targeting = Targeting()
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
        self.labels = labels
        self.targeting = targeting
    }
}

/// A partial change: `nil` leaves a field as it is.
public struct FlagPatch: Hashable, Sendable {
    /// A bound of the window that can be set or taken away.
    public enum Bound: Hashable, Sendable {
        case none
        case at(Timestamp)
    }

    /// For people.
    public var name: String?
    /// For people; may have several lines.
    public var description: String?
    /// Whether the flag is switched on.
    public var enabled: Bool?
    /// Where it stands in its life; not every step is legal.
    public var status: FlagStatus?
    /// The share that gets `onVariation`.
    public var rollout: RolloutPercentage?
    /// Replaces the audience's plans.
    public var plans: [String]?
    /// Replaces the audience's roles.
    public var roles: [String]?
    /// Replaces the audience's companies.
    public var companies: [String]?
    /// Replaces the audience's regions.
    public var regions: [String]?
    /// Sets or takes away the start.
    public var start: Bound?
    /// Sets or takes away the end.
    public var end: Bound?
    /// Replaces all variations.
    public var variations: [Variation]?
    /// Names the variation that the rollout gives.
    public var onVariation: String?
    /// Names the variation that everybody else gets.
    public var offVariation: String?
    /// Replaces the tags.
    public var tags: [String]?
    /// Who answers for it.
    public var owner: String?
    /// Replaces the schema; null takes it away.
    public var schema: Value?
    /// Replaces all prerequisites.
    public var prerequisites: [Prerequisite]?
    /// Replaces all individual targets.
    public var targets: [Target]?
    /// Replaces all rules.
    public var rules: [Rule]?
    /// Replaces the weights of the rollout's share; empty gives it all to the on variation.
    public var weights: [WeightedVariation]?
    /// Why, for the history; the command's own reason when it is empty.
    public var reason: String = ""

    /// Creates a patch that changes nothing.
    public init() {}
}
