package import PeerProtocol
package import Raft

/// What a replica is told once, at start.
package struct ReplicaConfiguration: Sendable {
    /// This node, as its own configuration describes it, with the identity of its disk.
    package let local: Member
    /// The others as the configuration names them.
    ///
    /// They count only until the log says who belongs to the cluster. A node that waits to be
    /// added listens to these and to whoever dials it.
    package let bootstrap: Directory
    /// Chosen at random when the process starts, so that a restarted node never mistakes an entry
    /// of its previous life for an answer to a call of this one.
    package let incarnation: UInt64
    /// How much of the log is kept for followers that are behind.
    package var compaction = CompactionPolicy()
    /// How many bytes of snapshots this node sends at most, in all.
    package var snapshotBytesPerSecond = ReplicaLimits.snapshotBytesPerSecond
    /// What an earlier life of the process received of a snapshot and still has in a file.
    package var partialSnapshot: PartialSnapshot?

    /// The configuration of a node that is among the first members.
    package init(members: [Member], local: NodeID, incarnation: UInt64, diskID: UInt64 = 0) {
        guard var own = members.first(where: { $0.id == local }) else {
            preconditionFailure("node \(local) is not among the members it was given")
        }
        if diskID != 0 { own.diskID = diskID }
        self.local = own
        self.bootstrap = Directory(members: members)
        self.incarnation = incarnation
    }

    /// The configuration of a node that waits to be added to a cluster of which it knows `peers`.
    package init(joining local: Member, peers: [Member], incarnation: UInt64) {
        self.local = local
        self.bootstrap = Directory(members: peers.filter { $0.id != local.id } + [local])
        self.incarnation = incarnation
    }
}

/// How much of the log is kept after it is in the record store.
package struct CompactionPolicy: Hashable, Sendable {
    /// A follower that lacks no more than this many of the last entries is never sent a snapshot.
    package var tailEntries: UInt64
    /// Unless those entries are larger than this together.
    package var tailBytes: UInt64
    /// The log is compacted when that releases at least so many entries or bytes.
    package var stepEntries: UInt64
    package var stepBytes: UInt64

    package init(
        tailEntries: UInt64 = ReplicaLimits.tailEntries,
        tailBytes: UInt64 = ReplicaLimits.tailBytes,
        stepEntries: UInt64 = ReplicaLimits.compactionStepEntries,
        stepBytes: UInt64 = ReplicaLimits.compactionStepBytes
    ) {
        precondition(stepEntries > 0 && stepBytes > 0, "compaction must release something")
        self.tailEntries = tailEntries
        self.tailBytes = tailBytes
        self.stepEntries = stepEntries
        self.stepBytes = stepBytes
    }
}
