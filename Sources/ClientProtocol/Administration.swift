package import Flags

/// A node as it is added to a cluster.
package struct ClusterMember: Hashable, Sendable {
    /// Never 0, and never one that was used before.
    package var id: UInt64
    /// For people.
    package var name: String
    /// Where the node is.
    package var region: String
    /// Where in the region.
    package var zone: String
    /// Where it takes nodes, as `host:port`.
    package var peerAddress: String
    /// Where it takes clients, as `host:port`.
    package var clientAddress: String
    /// Who should rather lead: higher is tried first.
    package var priority: UInt32

    package init(
        id: UInt64,
        name: String,
        region: String,
        zone: String,
        peerAddress: String,
        clientAddress: String,
        priority: UInt32 = 0
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.zone = zone
        self.peerAddress = peerAddress
        self.clientAddress = clientAddress
        self.priority = priority
    }
}

/// A change of who belongs to the cluster, or of who leads it.
package enum ClusterAction: Hashable, Sendable {
    /// Adds a learner: it gets everything and votes on nothing.
    case add(ClusterMember)
    /// Makes a learner that has caught up a voter.
    case promote(UInt64)
    /// Takes a node out for good: its id is never accepted again.
    case remove(UInt64)
    /// Promotes a learner and removes a node in one change.
    case replace(UInt64, with: UInt64)
    /// Hands leadership over; `nil` lets the leader choose.
    case transfer(to: UInt64?)
}

/// Asks for a change of the cluster itself.
package struct AdministerRequest: Hashable, Sendable {
    /// What to do.
    package var command: ClusterAction

    package init(_ command: ClusterAction) { self.command = command }
}

/// A change of the cluster that is committed.
package struct AdministerResponse: Hashable, Sendable {
    /// From which on it is so.
    package var revision: Revision
    /// The id of the leader, `nil` when unknown.
    package var leader: UInt64?

    package init(revision: Revision, leader: UInt64?) {
        self.revision = revision
        self.leader = leader
    }
}

/// Asks for the digest of what one node has recorded.
package enum StateHashRequest: Hashable, Sendable {
    /// Holds the node's recording for a moment and answers how far it has got.
    case hold
    /// Lets it go on to this revision, digests what is recorded there, and ends the hold.
    case digest(at: Revision)
}

/// How far a node has recorded, or the digest of it.
package struct StateHashResponse: Hashable, Sendable {
    /// What is recorded, or what was digested.
    package var revision: Revision
    /// Equal on nodes that hold the same; 0 when nothing was digested.
    package var hash: UInt64
    /// The id of the node that answers.
    package var node: UInt64

    package init(revision: Revision, hash: UInt64, node: UInt64) {
        self.revision = revision
        self.hash = hash
        self.node = node
    }
}
