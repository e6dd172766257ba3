/// What a run is mostly about: each makes other rare states frequent.
package enum SimulationProfile: String, Hashable, Sendable, CaseIterable {
    /// Every kind of fault may be on.
    case everything
    /// Votes and their durability, storms of campaigns.
    case elections
    /// Five nodes whose leaders vanish right after they appended (Raft paper, figure 8).
    case figure8
    /// Disks: torn writes, failed syncs, full and slow disks, rot.
    case storage
    /// Nodes come, go and are replaced, also while links are cut.
    case membership
    /// Logs are compacted all the time, and followers need snapshots.
    case snapshots
    /// Deposed and paused leaders are asked for reads.
    case reads
    /// Many watchers with little credit.
    case watches

    /// The profile of a seed: successive seeds take turns.
    package init(seed: UInt64) {
        self = Self.allCases[Int(seed % UInt64(Self.allCases.count))]
    }
}

/// A kind of fault that the world injects.
package enum FaultKind: Int, Hashable, Sendable, CaseIterable {
    /// The power of one node fails.
    case crash
    /// The process of one node is killed.
    case kill
    /// The power of all nodes fails.
    case crashAll
    /// A process is stopped for a while, then gets everything at once.
    case pause
    /// One node is cut off.
    case isolate
    /// The nodes are split in two.
    case split
    /// One direction of one link is cut.
    case oneWay
    /// One node hears and is not heard, or is heard and does not hear.
    case halfDeaf
    /// Each node reaches its two neighbours only.
    case chain
    /// A random half of all links is cut.
    case randomGraph
    /// A link holds everything and releases it later.
    case clog
    /// A connection breaks although both processes live.
    case dropConnection
    /// Synchronising takes a hundred times as long.
    case slowDisk
    /// No space is left for a while.
    case fullDisk
    /// A write or a synchronisation fails.
    case writeFailure
    /// A byte at rest changes.
    case bitRot
    /// A disk is lost for good.
    case wipe
    /// The wall clock jumps.
    case clockJump
}

/// A fault that waits for the moment in which it hurts most.
package enum Ambush: Int, Hashable, Sendable, CaseIterable {
    /// Power fails while a term or a vote is on its way to the disk.
    case duringVotePersist
    /// Power fails right after a vote was sent.
    case afterVote
    /// Power fails while entries are on their way to the disk.
    case duringAppend
    /// Power fails right after an acknowledgement was sent.
    case afterAcknowledgement
    /// A new leader reaches one follower only, then its power fails.
    case newLeader
    /// A leader is cut off, and its clients go on asking it.
    case isolatedLeader
    /// A leader is stopped for longer than any lease and any election.
    case pausedLeader
}
