/// What happened, counted.
public struct UsageCounts: Hashable, Sendable {
    /// The flag was evaluated.
    public var evaluations: UInt64 = 0
    /// The feature was shown.
    public var views: UInt64 = 0
    /// The feature was used.
    public var clicks: UInt64 = 0
    /// The feature failed.
    public var errors: UInt64 = 0
    /// The feature led to what it is for.
    public var conversions: UInt64 = 0
    /// How many latencies are in `latencyMicroseconds`.
    public var latencies: UInt64 = 0
    /// The sum of the latencies.
    public var latencyMicroseconds: UInt64 = 0
    /// How many feedback scores are in `feedbackThousandths`.
    public var feedbacks: UInt64 = 0
    /// The sum of the scores, each 0 through 5,000: thousandths of 0 to 5.
    public var feedbackThousandths: UInt64 = 0

    /// Nothing happened.
    public init() {}

    /// Whether nothing happened.
    public var isEmpty: Bool { self == UsageCounts() }

    /// Adds; a sum that does not fit stays at the greatest number.
    public mutating func add(_ other: UsageCounts) {
        func sum(_ lhs: UInt64, _ rhs: UInt64) -> UInt64 {
            let (sum, isOver) = lhs.addingReportingOverflow(rhs)
            return isOver ? .max : sum
        }
        self.evaluations = sum(self.evaluations, other.evaluations)
        self.views = sum(self.views, other.views)
        self.clicks = sum(self.clicks, other.clicks)
        self.errors = sum(self.errors, other.errors)
        self.conversions = sum(self.conversions, other.conversions)
        self.latencies = sum(self.latencies, other.latencies)
        self.latencyMicroseconds = sum(self.latencyMicroseconds, other.latencyMicroseconds)
        self.feedbacks = sum(self.feedbacks, other.feedbacks)
        self.feedbackThousandths = sum(self.feedbackThousandths, other.feedbackThousandths)
    }
}

/// By what usage is counted: each kind separately, never crossed, so that rows stay few.
public enum UsageDimension: String, Hashable, Sendable, CaseIterable {
    /// Everything together; its value is empty.
    case total
    case company
    case plan
    case role
    case region
}

/// How long the periods are that usage is counted together in.
public enum UsageResolution: String, Hashable, Sendable, CaseIterable {
    case minute
    case hour
    case day

    /// How long a period is.
    public var milliseconds: Int64 {
        switch self {
        case .minute: 60_000
        case .hour: 3_600_000
        case .day: 86_400_000
        }
    }
}

/// What a variation of a flag was used for, by one value of one dimension, in one minute.
public struct UsageRow: Hashable, Sendable {
    /// Where the flag lives.
    public var environment: EnvironmentID
    /// Which flag.
    public var flag: FlagKey
    /// Which variation; empty for evaluations that gave none.
    public var variation: String
    /// By what it is counted.
    public var dimension: UsageDimension
    /// For example a company's id; `UsageRow.others` for all that did not fit.
    public var value: String
    /// When the period that is counted began; a whole minute in what nodes report.
    public var start: Timestamp
    /// What happened.
    public var counts: UsageCounts

    /// The value that stands for all those that were too many to be counted one by one.
    public static let others = "(others)"

    /// Creates a row.
    public init(
        environment: EnvironmentID,
        flag: FlagKey,
        variation: String,
        dimension: UsageDimension,
        value: String,
        start: Timestamp,
        counts: UsageCounts
    ) {
        self.environment = environment
        self.flag = flag
        self.variation = variation
        self.dimension = dimension
        self.value = value
        self.start = start
        self.counts = counts
    }
}

/// Registers of a HyperLogLog of 1,024 that grew: who used a variation, to about 3 %.
public struct UsageSketch: Hashable, Sendable {
    /// Where the flag lives.
    public var environment: EnvironmentID
    /// Which flag.
    public var flag: FlagKey
    /// Which variation.
    public var variation: String
    /// `index << 6 | rank`, sorted, each index once: index 0 through 1,023, rank 1 through 55.
    public var registers: [UInt16]

    /// Creates a sketch.
    public init(
        environment: EnvironmentID,
        flag: FlagKey,
        variation: String,
        registers: [UInt16]
    ) {
        self.environment = environment
        self.flag = flag
        self.variation = variation
        self.registers = registers
    }
}

/// Calls that were refused for lack of rights, counted.
public struct DeniedAttempt: Hashable, Sendable {
    /// Who called; `anonymous` when that is not known.
    public var actor: String
    /// The organization whose object was asked for, as the caller wrote it; may be empty.
    public var organization: String
    /// What was called.
    public var method: String
    /// How often.
    public var count: UInt64

    /// Creates a count.
    public init(actor: String, organization: String, method: String, count: UInt64) {
        self.actor = actor
        self.organization = organization
        self.method = method
        self.count = count
    }
}

/// How a change reached one node's watchers.
public struct DeliveryReport: Hashable, Sendable {
    /// The change: an alert's id.
    public var alert: Revision
    /// How it was delivered.
    public var delivery: Alert.Delivery

    /// Creates a report.
    public init(alert: Revision, delivery: Alert.Delivery) {
        self.alert = alert
        self.delivery = delivery
    }
}

/// Everything that one node has to report: one log entry every few seconds.
public struct UsageBatch: Hashable, Sendable {
    /// Who reports.
    public var node: UInt64
    /// What was used, each key once.
    public var rows: [UsageRow]
    /// Who used it.
    public var sketches: [UsageSketch]
    /// What was refused.
    public var denied: [DeniedAttempt]
    /// How alerts were delivered.
    public var deliveries: [DeliveryReport]
    /// Evaluations and events that SDKs or the node had no room to count.
    public var dropped: UInt64

    /// Creates a batch; by default there is nothing in it.
    public init(
        node: UInt64,
        rows: [UsageRow] = [],
        sketches: [UsageSketch] = [],
        denied: [DeniedAttempt] = [],
        deliveries: [DeliveryReport] = [],
        dropped: UInt64 = 0
    ) {
        self.node = node
        self.rows = rows
        self.sketches = sketches
        self.denied = denied
        self.deliveries = deliveries
        self.dropped = dropped
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool {
        self.rows.isEmpty && self.sketches.isEmpty && self.denied.isEmpty
            && self.deliveries.isEmpty && self.dropped == 0
    }
}

/// How a flag does, over all that was ever reported.
public struct FeatureMetrics: Hashable, Sendable {
    /// Which flag.
    public var flag: FlagKey
    /// How often it was evaluated: `usage_count`.
    public var usageCount: UInt64
    /// Errors among evaluations, 0 through 1: `error_rate`.
    public var errorRate: Double
    /// Mean latency of those who have the feature over that of those who have not, less one: 0.1 is
    /// 10 % slower; 0 when either is unknown: `performance_impact`.
    public var performanceImpact: Double
    /// Users who have the feature among all users, 0 through 1: `adoption_rate`.
    public var adoptionRate: Double
    /// Mean of the scores, 0 through 5; `nil` without any: `user_feedback_score`.
    public var userFeedbackScore: Double?
    /// Distinct users, estimated.
    public var users: UInt64
    /// When the last report came: `last_updated`.
    public var lastUpdated: Timestamp

    /// Creates metrics.
    public init(
        flag: FlagKey,
        usageCount: UInt64,
        errorRate: Double,
        performanceImpact: Double,
        adoptionRate: Double,
        userFeedbackScore: Double?,
        users: UInt64,
        lastUpdated: Timestamp
    ) {
        self.flag = flag
        self.usageCount = usageCount
        self.errorRate = errorRate
        self.performanceImpact = performanceImpact
        self.adoptionRate = adoptionRate
        self.userFeedbackScore = userFeedbackScore
        self.users = users
        self.lastUpdated = lastUpdated
    }
}
