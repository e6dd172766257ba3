/// What a node is in its term (Raft paper §5.1, dissertation §9.6 and §4.2.1).
package enum Role: Hashable, Sendable {
    case follower
    /// Asks whether it could win, without disturbing anybody.
    case preCandidate
    case candidate
    case leader
    /// Receives the log and does not count.
    case learner
}

/// What became of a proposal.
package enum ProposalResult: Hashable, Sendable {
    /// Appended at `first` and the indexes that follow it.
    ///
    /// It commits only if an entry at that index is handed out with this very term; any other term
    /// there means that it was lost.
    case appended(first: LogIndex, term: Term)
    /// Nothing was appended.
    ///
    /// Ask the named node, if one is known.
    case notLeader(NodeID?)
    /// Nothing was appended: too much waits for a quorum.
    ///
    /// Try later.
    case overloaded
    /// Nothing was appended: leadership is being handed to the named node.
    ///
    /// Ask again within an election timeout: there, or here if it came to nothing.
    case transferring(to: NodeID)
}
