package import Raft

/// How a node is, in its own words: what the others show of it in the cluster's status.
package struct Vitals: Hashable, Sendable {
    package var role: Role
    package var term: Term
    /// Whom it follows, `nil` when it knows of no leader.
    package var leader: NodeID?
    package var commit: LogIndex
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
