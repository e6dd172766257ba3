/// Something that people must know: raised by the state machine, kept until it is acknowledged and
/// after.
public struct Alert: Hashable, Sendable {
    /// What it is about.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case emergencyRollback = "emergency_rollback"
        /// A flag was made what it was at an earlier revision.
        case rollback
        /// A release could not go on: its flag was changed or archived under it.
        case releaseStopped = "release_stopped"

        /// Whether it is about a flag that was taken back: such a change is pushed ahead of all
        /// others, and it is measured how it reaches everybody.
        public var isRollback: Bool { self != .releaseStopped }
    }

    /// The revision that raised it.
    public var id: Revision
    /// Where.
    public var environment: EnvironmentID
    /// Which flag it is about.
    public var flag: FlagKey
    /// What it is about.
    public var kind: Kind
    /// What happened, for people.
    public var message: String
    /// When the command that raised it was taken in.
    public var raisedAt: Timestamp
    /// Whose command it was.
    public var raisedBy: String
    /// When somebody said that they know; `nil` while nobody has.
    public var acknowledgedAt: Timestamp?
    /// Who said so.
    public var acknowledgedBy: String
    /// How the change reached each region, sorted by region and node.
    public var deliveries: [Delivery]

    /// How a node's watchers got a change.
    public struct Delivery: Hashable, Sendable {
        /// The node's region.
        public var region: String
        /// The node.
        public var node: UInt64
        /// How many watchers it had when the change came.
        public var watchers: UInt32
        /// How many of them acknowledged it.
        public var acknowledged: UInt32
        /// From when the command was taken in to the last acknowledgement.
        public var milliseconds: UInt32

        /// Creates a report.
        public init(
            region: String,
            node: UInt64,
            watchers: UInt32,
            acknowledged: UInt32,
            milliseconds: UInt32
        ) {
            self.region = region
            self.node = node
            self.watchers = watchers
            self.acknowledged = acknowledged
            self.milliseconds = milliseconds
        }
    }

    /// Creates an alert.
    public init(
        id: Revision,
        environment: EnvironmentID,
        flag: FlagKey,
        kind: Kind,
        message: String,
        raisedAt: Timestamp,
        raisedBy: String,
        acknowledgedAt: Timestamp? = nil,
        acknowledgedBy: String = "",
        deliveries: [Delivery] = []
    ) {
        self.id = id
        self.environment = environment
        self.flag = flag
        self.kind = kind
        self.message = message
        self.raisedAt = raisedAt
        self.raisedBy = raisedBy
        self.acknowledgedAt = acknowledgedAt
        self.acknowledgedBy = acknowledgedBy
        self.deliveries = deliveries
    }
}
