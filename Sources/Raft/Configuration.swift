/// Who belongs to the cluster, and who counts (dissertation §4).
package struct Configuration: Hashable, Sendable {
    /// Who elects and commits.
    package let quorum: JointQuorum
    /// Who receives the log and does not count; ascending.
    package let learners: [NodeID]
    /// Everybody, ascending.
    package let members: [NodeID]

    package init(quorum: JointQuorum, learners: [NodeID] = []) {
        let voters = quorum.incoming.voters
        var members = voters
        for node in quorum.outgoing.voters + learners where !members.contains(node) {
            members.append(node)
        }
        precondition(!voters.isEmpty, "a configuration needs at least one voter")
        precondition(members.count <= RaftLimits.membersMax, "\(members.count) members")
        self.quorum = quorum
        self.learners = learners.sorted()
        self.members = members.sorted()
    }

    package init(voters: [NodeID], learners: [NodeID] = []) {
        self.init(quorum: JointQuorum(incoming: MajorityQuorum(voters)), learners: learners)
    }

    /// Whether the node counts in elections and commitment.
    package func isVoter(_ node: NodeID) -> Bool { self.quorum.contains(node) }

    /// Whether the node belongs to the cluster at all.
    package func contains(_ node: NodeID) -> Bool { self.members.contains(node) }
}
