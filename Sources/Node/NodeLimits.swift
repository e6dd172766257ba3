internal import Ledger
internal import NIOCore

/// Every bound of the node's shell, in one place; the replica's are in `ReplicaLimits`.
enum NodeLimits {
    /// Clients that one listener serves at once.
    static let clientConnectionsMax = 50_000
    /// Connections from other nodes: two per peer while one replaces the other.
    static let peerConnectionsMax = 256
    /// The configuration file's size.
    static let configurationBytesMax = 1 << 20
    static let membersMax = 64
    /// How much of the log is read at once when a node starts.
    static let recoveryReadBytesMax = 8 << 20
    /// The application protocols of the two ports (ALPN).
    static let peerProtocol = "bandera-peer/1"
    static let clientProtocol = "bandera/1"
    /// Waits between dials of a peer that does not answer: doubled from the first to the last.
    static let redialMillisecondsMin: Int64 = 10
    static let redialMillisecondsMax: Int64 = 500
    /// How often what was counted is replicated.
    static let usageInterval = TimeAmount.seconds(5)
    /// How often it is when there was more than one batch holds.
    static let usageBehindInterval = TimeAmount.seconds(1)
    /// How long a node that stops waits until what it counted is replicated.
    static let usageLastTimeout = TimeAmount.seconds(1)
    /// Clients whose last report is remembered, twice as many at most, and for how long at least.
    static let recentReportsMax = 32_768
    static let recentReportsMilliseconds: Int64 = 300_000
    /// What one report may say that its SDK had no room to count.
    static let reportDroppedMax: UInt64 = 1_000_000_000
    /// How often it is looked whether an urgent change was acknowledged by all who watch.
    static let deliveryInterval = TimeAmount.milliseconds(250)
    /// Urgent changes of which not every client loop has told how they were delivered.
    static let deliveriesPendingMax = 256
    /// Bytes of a list in one answer; the caller asks for the rest.
    static let pageBytesMax = 4 << 20
    /// Companies in one answer.
    static let companiesPerAnswerMax = 2_000
    /// Flags whose metrics are in one answer: each takes some microseconds to add up.
    static let metricsPerAnswerMax = 500
    /// How often a watch without changes is told how far the log has got.
    static let bookmarkInterval = TimeAmount.seconds(10)
    /// How often the round trip to each peer is measured.
    static let probeInterval = TimeAmount.seconds(1)
    /// A client loop is woken for this many changes even if nobody there waits for them.
    static let mailboxChangesMax = 1_024
    /// The record store is given work once this much has gathered, or after this long.
    static let recordLotMax = 2_048
    static let recordLotInterval = TimeAmount.milliseconds(25)
    /// The smallest frame that holds any event of a watch: the largest segment and some more.
    static let watchFrameBytesMin: UInt32 = 1 << 20
    /// A peer whose connection is silent for longer is taken for gone when it connects again.
    static let peerSilenceMax = TimeAmount.milliseconds(750)
    /// What is joined into one append of the log, well within what the log takes at once.
    static let appendEntriesMax = 32_768
    static let appendBytesMax = 32 << 20
    /// How often a write to a full disk is tried again.
    static let diskFullRetryInterval = TimeAmount.milliseconds(250)
    /// How long open calls get when the node stops.
    static let drainTimeout = TimeAmount.seconds(2)
    /// Reads on one loop that wait for a revision this node has not applied yet.
    static let revisionWaitersMax = 10_000
    /// A node that has applied this many entries less than it should is reported as lagging: more
    /// than a busy cluster commits between two reports.
    static let laggingEntriesMin: UInt64 = 50_000
    /// What an END frame holds besides the answer.
    static let answerOverheadBytesMax = 64
    /// Threads that read the record store: the recording one needs one of its readers too.
    static let recordReaders = LedgerLimits().readersMax - 1
    /// Reads of the record store that wait or run, and how many of them of one organization.
    static let recordReadsMax = 256
    static let recordReadsPerOrganizationMax = 16
    static let recordReadRetryMilliseconds: UInt32 = 500
    /// How long a comparison of nodes may hold this node's recording.
    static let recordHoldTimeout = TimeAmount.seconds(10)
    /// Comparisons that hold it at one time.
    static let recordHoldsMax = 16
    static let recordHoldRetryMilliseconds: UInt32 = 500
    /// The slowest rate at which snapshots may be sent: a slower one never ends.
    static let snapshotBytesPerSecondMin: UInt64 = 64 << 10
    /// Batches that a node may send on the call that another one opened, before it is granted more.
    static let answerCredit: UInt32 = 64
    /// How long a node that stops waits for its successor, beyond what the replica allows itself.
    static let stopReserve = TimeAmount.milliseconds(500)
    /// How long the oldest write to the log may take before a leader gives up leadership.
    static let storageStallMilliseconds: UInt64 = 5_000
    /// Rows that one history request returns at most.
    static let historyRowsMax = 1_000
    /// How long another node may take over an evaluation before it is made here.
    static let routeTimeoutMillisecondsMax: UInt32 = 2_000
}
