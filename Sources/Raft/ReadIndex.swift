/// Names one request for a read index.
///
/// Chosen by the shell and never used twice by one node, or a late answer to the first request
/// would be taken for one to the second (etcd-io/raft#397).
package struct ReadID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package var description: String { "r\(self.rawValue)" }

    package static func < (lhs: ReadID, rhs: ReadID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The answer to one request for a read index (dissertation §6.4).
package struct ReadResult: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Linearizable once everything through this entry is applied.
        case index(LogIndex)
        /// Nobody is known to lead.
        case noLeader
        /// Leadership changed, or too many reads wait; ask again under a new identity.
        case dropped
    }

    package var id: ReadID
    package var outcome: Outcome

    package init(id: ReadID, outcome: Outcome) {
        self.id = id
        self.outcome = outcome
    }
}

/// What became of a request to hand leadership over.
package enum TransferResult: Hashable, Sendable {
    /// Proposals are refused until the other node leads, or an election timeout has passed.
    case started
    /// Ask the named node, if one is known.
    case notLeader(NodeID?)
    case refused(TransferRefusal)
}

/// Why leadership is not handed over.
package enum TransferRefusal: Hashable, Sendable {
    /// The node leads already.
    case leadsAlready
    /// The node is not a voter of the configuration, or will not be one for long.
    case notVoter
    /// Leadership is being handed to this node.
    case transferring(NodeID)
}
