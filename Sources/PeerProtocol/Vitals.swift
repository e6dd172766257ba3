package import Raft

/// How a node is, in its own words: what the others show of it in the cluster's status.
package struct Vitals: Hashable, Sendable {
    /// Its part in consensus.
    package var role: Role
    /// Its current term.
    package var term: Term
    /// Whom it follows, `nil` when it knows of no leader.
    package var leader: NodeID?
    /// The last index that it knows to be committed.
    package var commit: LogIndex
    /// The last index that it applied.
    package var applied: LogIndex

    package init(
        role: Role,
        term: Term,
        leader: NodeID?,
        commit: LogIndex,
        applied: LogIndex
    ) {
        self.role = role
        self.term = term
        self.leader = leader
        self.commit = commit
        self.applied = applied
    }
}
