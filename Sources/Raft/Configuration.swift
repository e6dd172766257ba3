/// Who belongs to the cluster, and who counts (dissertation §4).
///
/// While it is joint, both halves of `quorum` elect and commit. Empty, it belongs to a node that
/// waits to be added to a cluster.
package struct Configuration: Hashable, Sendable {
    /// Who elects and commits.
    package let quorum: JointQuorum
    /// Who receives the log and does not count; ascending.
    package let learners: [NodeID]
    /// Outgoing voters that become learners when the joint configuration is left; ascending.
    package let learnersNext: [NodeID]
    /// Whether the leader leaves the joint configuration by itself, once it is committed.
    package let autoLeave: Bool
    /// Everybody, ascending.
    package let members: [NodeID]

    package init(
        quorum: JointQuorum,
        learners: [NodeID] = [],
        learnersNext: [NodeID] = [],
        autoLeave: Bool = false
    ) {
        let incoming = quorum.incoming.voters
        let outgoing = quorum.outgoing.voters
        var members = incoming
        for node in outgoing + learners where !members.contains(node) { members.append(node) }
        precondition(!incoming.isEmpty || members.isEmpty, "members without a voter: \(members)")
        precondition(!autoLeave || !outgoing.isEmpty, "only a joint configuration can be left")
        precondition(members.count <= RaftLimits.membersMax, "\(members.count) members")
        for node in learners {
            precondition(!quorum.contains(node), "\(node) votes and learns")
        }
        for node in learnersNext {
            precondition(
                outgoing.contains(node) && !incoming.contains(node),
                "\(node) is to learn, and is no outgoing voter"
            )
        }
        self.quorum = quorum
        self.learners = learners.sorted()
        self.learnersNext = learnersNext.sorted()
        self.autoLeave = autoLeave
        self.members = members.sorted()
    }

    package init(voters: [NodeID], learners: [NodeID] = []) {
        self.init(quorum: JointQuorum(incoming: MajorityQuorum(voters)), learners: learners)
    }

    /// Nobody: the configuration of a node that waits to be added.
    package static let none = Configuration(voters: [])

    /// Whether two majorities must agree, because a change is under way (dissertation §4.3).
    package var isJoint: Bool { !self.quorum.outgoing.voters.isEmpty }

    /// Whether nobody belongs to it.
    package var isEmpty: Bool { self.members.isEmpty }

    /// Whether the node counts in elections and commitment.
    package func isVoter(_ node: NodeID) -> Bool { self.quorum.contains(node) }

    /// Whether the node belongs to the cluster at all.
    package func contains(_ node: NodeID) -> Bool { self.members.contains(node) }
}

extension Configuration: CustomStringConvertible {
    /// The form of etcd's published suite, `voters=(1 2)&&(3) learners=(4)`.
    package var description: String {
        func list(_ nodes: [NodeID]) -> String {
            "(" + nodes.map { "\($0.rawValue)" }.joined(separator: " ") + ")"
        }
        var text = "voters=" + list(self.quorum.incoming.voters)
        if self.isJoint { text += "&&" + list(self.quorum.outgoing.voters) }
        if !self.learners.isEmpty { text += " learners=" + list(self.learners) }
        if !self.learnersNext.isEmpty { text += " learners_next=" + list(self.learnersNext) }
        if self.autoLeave { text += " autoleave" }
        return text
    }
}
