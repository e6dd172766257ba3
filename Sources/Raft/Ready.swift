/// Names one hand-over of state to the storage thread.
///
/// Tokens are issued and completed in order.
package struct PersistToken: Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static func < (lhs: PersistToken, rhs: PersistToken) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

/// What the shell must make durable, in one write and one fdatasync.
package struct PersistBatch: Hashable, Sendable {
    /// Report to `RaftNode.persisted(_:now:)` once everything here is durable.
    ///
    /// Batches MUST be made durable in the order in which they were handed out.
    package var token: PersistToken
    /// Replaces the stored term and vote, atomically.
    ///
    /// `nil` when neither changed.
    package var hardState: HardState?
    /// Contiguous.
    ///
    /// Everything stored at or after the first index is truncated first.
    package var entries: [Entry]

    package init(token: PersistToken, hardState: HardState?, entries: [Entry]) {
        self.token = token
        self.hardState = hardState
        self.entries = entries
    }
}

/// Entries that are no longer in memory and that a follower needs.
package struct FetchRequest: Hashable, Sendable {
    package var peer: NodeID
    package var from: LogIndex
    /// Inclusive.
    package var through: LogIndex
    package var bytesMax: Int

    package init(peer: NodeID, from: LogIndex, through: LogIndex, bytesMax: Int) {
        self.peer = peer
        self.from = from
        self.through = through
        self.bytesMax = bytesMax
    }
}

/// Everything the core decided since it was last asked (the shape of etcd's `Ready`).
///
/// The shell performs it in any order and in parallel, because the core itself withholds each
/// message until what it depends on was reported durable.
package struct Ready: Sendable {
    /// To be made durable; report completion by token.
    ///
    /// At most one per `Ready`.
    package var persist: PersistBatch?
    /// May be sent at once, even before `persist` completes: a leader's appends travel in parallel
    /// with its own fsync (dissertation §10.2.1).
    package var messages: [Message] = []
    /// Committed, durable on a quorum *and here*, and never handed out before.
    ///
    /// Apply in order, then call `RaftNode.applied(through:)`. Entries that are not yet durable
    /// here wait, so that a restart never finds a state machine that is ahead of its log.
    package var committed: [Entry] = []
    /// Read from the log, then call `RaftNode.fetched(_:entries:now:)`.
    package var fetches: [FetchRequest] = []
    /// Answers to `RaftNode.readIndex(_:now:)`, in no particular order.
    package var reads: [ReadResult] = []
    /// Peers whose entries the log has released: send each a snapshot.
    ///
    /// Named once per need; again after `RaftNode.snapshotFailed(_:now:)`, or when what arrived
    /// there turned out to be too old.
    package var snapshots: [NodeID] = []
    /// Replace log and state machine by this snapshot, then call `RaftNode.installed(_:now:)`.
    ///
    /// No hand-over of entries to storage is outstanding when it is named, and none follows until
    /// it is installed.
    package var install: SnapshotPosition? {
        get { self.installs.first }
        set { self.installs = newValue.map { [$0] } ?? [] }
    }
    /// One at most; a list is cheaper to copy.
    private var installs: [SnapshotPosition] = []

    package init() {}

    /// Forgets everything, and keeps the buffers of messages and requests.
    package mutating func clear() {
        self.persist = nil
        self.committed = []
        self.install = nil
        self.messages.removeAll(keepingCapacity: true)
        self.fetches.removeAll(keepingCapacity: true)
        self.reads.removeAll(keepingCapacity: true)
        self.snapshots.removeAll(keepingCapacity: true)
    }

    package var isEmpty: Bool {
        self.persist == nil && self.messages.isEmpty && self.committed.isEmpty
            && self.fetches.isEmpty && self.reads.isEmpty && self.snapshots.isEmpty
            && self.installs.isEmpty
    }
}
