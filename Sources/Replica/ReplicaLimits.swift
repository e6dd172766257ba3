/// Every bound of a replica, in one place.
package enum ReplicaLimits {
    /// Writes that one node has accepted and not yet answered.
    package static let pendingProposalsMax = 50_000
    /// Bytes of those writes.
    package static let pendingBytesMax = 256 << 20
    /// How long a write waits for a leader before its caller is told that there is none.
    package static let leaderWaitMillisecondsMax: UInt64 = 10_000
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
}
