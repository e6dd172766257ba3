/// Every bound of a replica, in one place.
package enum ReplicaLimits {
    /// Writes that one node has accepted and not yet answered.
    package static let pendingProposalsMax = 50_000
    /// Bytes of those writes.
    package static let pendingBytesMax = 256 << 20
    /// Urgent writes that are accepted when there is no more room for others.
    package static let pendingUrgentMax = 64
    /// Dates and steps of releases that a leader records at once.
    package static let dutiesMax = 256
    /// How long a write waits for a leader before its caller is told that there is none.
    package static let leaderWaitMillisecondsMax: UInt64 = 10_000
    /// How far a write's time may be ahead of the leader's clock: the replicated clock never goes
    /// back, so that one wrong clock would end sessions, tokens and releases everywhere for good.
    package static let clockAheadMillisecondsMax: Int64 = 60_000
    /// Writes that are proposed at once, and their bytes unless a single one is larger.
    package static let proposalLotMax = 4_096
    package static let proposalLotBytesMax = 4 << 20
    /// How long writes rest after a node that was taken for the leader refused them.
    package static let forwardPauseMilliseconds: UInt64 = 10
    /// When a caller that was refused for lack of room should try again.
    package static let overloadedRetryMilliseconds: UInt32 = 50
    /// A batch for a peer is closed once it is about this large.
    package static let peerBatchBytesMax = 1 << 20
    /// Committed entries that the record store may trail by before new writes are held back.
    package static let ledgerLagEntriesMax: UInt64 = 200_000
    /// Evaluations in flight to other nodes.
    package static let routedCallsMax = 10_000
    /// Changes that a watch hub remembers for watchers that resume or fell behind.
    package static let recentChangesMax = 32_768
    /// Flags or changes in one frame of a watch.
    package static let flagsPerFrameMax = 200
    /// Values of flags in one frame of a watch.
    package static let valuesPerFrameMax = 4_096
    /// Urgent changes whose acknowledgements one client loop awaits.
    package static let urgentDeliveriesMax = 256
    /// How long the acknowledgements of an urgent change are awaited.
    package static let urgentAcknowledgementMilliseconds: Int64 = 10_000
    /// Bytes of one frame of a watch, unless a single flag is larger.
    package static let watchFrameBytesMax = 256 << 10
    /// Flags in one coalesced delta: a watcher further behind is told to resync.
    package static let coalescedFlagsMax = 2_000
    /// Watches on one client loop.
    package static let watchersPerLoopMax = 100_000
    /// A peer not heard of for this long is reported as unreachable.
    package static let vitalsFreshMillisecondsMax: UInt64 = 2_000
    /// How often a node tells the others how it is.
    package static let vitalsIntervalMilliseconds: UInt64 = 250
    /// How far applying may run ahead of the record store before entries from the leader are left
    /// unread: what is applied and not recorded is held in memory.
    package static let unrecordedEntriesMax: UInt64 = 2 * ledgerLagEntriesMax

    // MARK: Reads

    /// Linearizable reads, and reads of at least a revision, that wait on one node.
    package static let readsMax = 50_000
    /// Read indexes asked for at once; the reads that come meanwhile share the next one.
    package static let readRoundsMax = 8
    /// A read index that was not answered for this long is asked for anew, under a new identity.
    package static let readRepeatMilliseconds: UInt64 = 500
    /// How long reads rest when nobody leads or the request was dropped.
    package static let readPauseMilliseconds: UInt64 = 10
    /// How long a read waits before its caller is told that it cannot be served.
    package static let readWaitMillisecondsMax: UInt64 = 5_000

    // MARK: The cluster

    /// Changes of the cluster that wait on one node.
    package static let administrationMax = 64
    /// How often a request is sent again while there is no answer.
    package static let administrationRepeatMilliseconds: UInt64 = 500
    /// How long a request rests after the answer that it should be sent again.
    package static let administrationPauseMilliseconds: UInt64 = 50
    /// How long a change may take before its caller is told what is known.
    package static let administrationWaitMillisecondsMax: UInt64 = 20_000
    /// Nodes outside of the configuration that are answered.
    package static let strangersMax = 256
    /// A node that is not listened to is told so this often.
    package static let refusalIntervalMilliseconds: UInt64 = 1_000
    /// How long a node that stops tries to hand leadership over.
    package static let stopMillisecondsMax: UInt64 = 3_000
    /// A leader hands over to a node of higher priority when both were fine for this long.
    package static let priorityStableMilliseconds: UInt64 = 10_000
    /// After that came to nothing it is not tried for this long.
    package static let priorityRetryMilliseconds: UInt64 = 60_000
    /// Entries by which a voter may lag and still be handed leadership.
    package static let transferLagEntriesMax: UInt64 = 1_000
    /// What each step of priority adds to a node's election timeout, and how much at most.
    package static let priorityDelayMilliseconds: UInt64 = 20
    package static let priorityDelayMillisecondsMax: UInt64 = 200

    // MARK: Snapshots and compaction

    /// Entries that the log keeps for followers that are behind, unless they exceed `tailBytes`.
    package static let tailEntries: UInt64 = 100_000
    package static let tailBytes: UInt64 = 128 << 20
    /// The log is compacted when that releases so much.
    package static let compactionStepEntries: UInt64 = 50_000
    package static let compactionStepBytes: UInt64 = 64 << 20
    /// A follower that is being brought up to date holds compaction up for at most this many
    /// entries.
    package static let compactionHoldEntriesMax: UInt64 = 4_000_000
    /// Bytes of snapshots that a node sends in a second.
    package static let snapshotBytesPerSecond: UInt64 = 128 << 20
    /// Bytes of one part of a snapshot.
    package static let chunkBytesMax = 256 << 10
    package static let chunkBytesMin = 16 << 10
    /// Bytes of a snapshot that may be on their way to one peer.
    package static let snapshotFlightBytesMax = 1 << 20
    /// A part acknowledged within this time lets the flight grow, later than the second one shrink:
    /// what waits in a slow link delays heartbeats.
    package static let snapshotQuickMilliseconds: UInt64 = 50
    package static let snapshotSlowMilliseconds: UInt64 = 200
    /// When nothing is heard of a snapshot for this long it is offered again.
    package static let snapshotRepeatMilliseconds: UInt64 = 1_000
    /// When a peer takes nothing of a snapshot for this long it is given up.
    package static let snapshotStallMilliseconds: UInt64 = 30_000
    /// How long a peer may take to install a snapshot before it is asked where it stands.
    package static let snapshotInstallMilliseconds: UInt64 = 120_000
}
