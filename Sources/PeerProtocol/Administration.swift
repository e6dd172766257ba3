package import Raft
package import Wire

/// A change of the cluster that an operator asks for.
package enum AdministrationChange: Hashable, Sendable {
    /// Takes in a new node, which receives the log and does not count yet.
    case add(Member)
    /// Makes a learner that is caught up a voter.
    case promote(NodeID)
    /// Strikes a node out; its id is never used again.
    case remove(NodeID)
    /// Makes a voter the leader.
    case transfer(to: NodeID)
    /// Makes a learner a voter and removes a node, in one change.
    case replace(old: NodeID, new: NodeID)
}

/// Asks the receiver, believed to lead, for a change.
package struct AdministrationRequest: Hashable, Sendable {
    /// The asking process: differs after every restart of its node.
    package var incarnation: UInt64
    /// Counts that incarnation's requests.
    package var id: UInt64
    /// The leader's term as the sender knows it.
    ///
    /// A leader of another term does nothing, so that once a later term is committed, nobody can
    /// still carry out a copy that was under way.
    package var term: Term
    package var change: AdministrationChange

    package init(incarnation: UInt64, id: UInt64, term: Term, change: AdministrationChange) {
        self.incarnation = incarnation
        self.id = id
        self.term = term
        self.change = change
    }
}

/// Answers an ``AdministrationRequest``.
package struct AdministrationAnswer: Hashable, Sendable {
    /// How it ended.
    package enum Outcome: Hashable, Sendable {
        /// It is so from this index of the log on.
        case done(LogIndex)
        /// Nothing was changed, for this reason.
        case refused(code: StatusCode, reason: String, message: String)
        /// Nothing was changed; ask again, perhaps the named node.
        case again(leader: NodeID?)
    }

    package var incarnation: UInt64
    package var id: UInt64
    package var outcome: Outcome

    package init(incarnation: UInt64, id: UInt64, outcome: Outcome) {
        self.incarnation = incarnation
        self.id = id
        self.outcome = outcome
    }
}

/// Why the sender of a batch was not listened to.
package struct PeerRefusal: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// It was removed from the cluster.
        case retired
        /// The cluster knows the id with another disk.
        case otherDisk
    }

    /// Who is refused.
    package var node: NodeID
    /// With which disk.
    package var diskID: UInt64
    package var reason: Reason

    package init(node: NodeID, diskID: UInt64, reason: Reason) {
        self.node = node
        self.diskID = diskID
        self.reason = reason
    }
}
