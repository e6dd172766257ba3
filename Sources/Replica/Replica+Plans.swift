internal import PeerProtocol
internal import Raft
internal import Wire

/// What a change of the cluster amounts to.
struct ChangePlan {
    let change: MembershipChange
    let directory: Directory
}

/// Which changes of the cluster are sensible.
extension Replica {
    /// What to ask the core for, or why a change is refused and what to do instead.
    func plan(
        _ change: AdministrationChange,
        now: Tick
    ) throws(AdministrationRefusal) -> ChangePlan {
        var directory = self.cluster.directory
        let configuration = self.cluster.membership.configuration
        let voters = configuration.quorum.incoming.voters
        switch change {
        case .add(let member):
            try self.check(member, configuration)
            directory.put(member)
            return ChangePlan(
                change: MembershipChange([.addLearner(member.id)]),
                directory: directory
            )
        case .promote(let node):
            try self.checkIsMember(node, configuration)
            try self.checkQuorum(of: voters + [node], now: now)
            return ChangePlan(
                change: MembershipChange([.addVoter(node)]),
                directory: directory
            )
        case .remove(let node):
            try self.checkIsMember(node, configuration)
            try self.checkRetirement()
            if voters.contains(node) {
                try self.checkQuorum(of: voters.filter { $0 != node }, now: now)
            }
            directory.retire(node)
            return ChangePlan(change: MembershipChange([.remove(node)]), directory: directory)
        case .replace(let old, let new):
            try self.checkIsMember(old, configuration)
            try self.checkIsMember(new, configuration)
            try self.checkRetirement()
            guard old != new else {
                throw AdministrationRefusal(
                    .invalidArgument,
                    "SAME_NODE",
                    "a node cannot replace itself; add the new one under an id of its own"
                )
            }
            let others = voters.filter { $0 != old && $0 != new }
            try self.checkQuorum(of: others + [new], now: now)
            directory.retire(old)
            return ChangePlan(
                change: MembershipChange(
                    [.addVoter(new), .remove(old)],
                    transition: .joint(autoLeave: true)
                ),
                directory: directory
            )
        case .transfer:
            preconditionFailure("a transfer changes no configuration")
        }
    }

    private func check(
        _ member: Member,
        _ configuration: Configuration
    ) throws(AdministrationRefusal) {
        let id = member.id.rawValue
        guard id != 0, !member.name.isEmpty, member.fitsProtocol else {
            throw AdministrationRefusal(
                .invalidArgument,
                "INVALID_MEMBER",
                "a node needs an id above 0, a name, and texts of at most "
                    + "\(PeerProtocolLimits.memberNameBytesMax) bytes"
            )
        }
        guard !self.cluster.directory.isRetired(member.id) else {
            throw AdministrationRefusal(
                .failedPrecondition,
                "NODE_RETIRED",
                "node \(id) was removed from this cluster, and ids are never used again; add the "
                    + "machine under a new id, with an empty data folder"
            )
        }
        guard !configuration.contains(member.id) else {
            throw AdministrationRefusal(
                .alreadyExists,
                "NODE_EXISTS",
                "node \(id) belongs to the cluster already, with another name or address; it "
                    + "changes those itself when it is restarted with its new configuration"
            )
        }
        if let (other, what) = self.cluster.directory.conflict(of: member) {
            throw AdministrationRefusal(
                .alreadyExists,
                "DUPLICATE",
                "node \(other.id.rawValue) has the same \(what); choose another, or remove that "
                    + "node first"
            )
        }
    }

    private func checkIsMember(
        _ node: NodeID,
        _ configuration: Configuration
    ) throws(AdministrationRefusal) {
        guard !configuration.contains(node) else { return }
        if self.cluster.directory.isRetired(node) {
            throw AdministrationRefusal(
                .failedPrecondition,
                "NODE_RETIRED",
                "node \(node.rawValue) was removed from this cluster; add the machine under a new "
                    + "id"
            )
        }
        throw AdministrationRefusal(
            .notFound,
            "UNKNOWN_NODE",
            "node \(node.rawValue) does not belong to this cluster; `bandera cluster status` "
                + "lists who does"
        )
    }

    private func checkRetirement() throws(AdministrationRefusal) {
        guard self.cluster.directory.retired.count < PeerProtocolLimits.retiredMax else {
            throw AdministrationRefusal(
                .resourceExhausted,
                "TOO_MANY_RETIRED",
                "the cluster remembers \(PeerProtocolLimits.retiredMax) removed nodes, and no more"
            )
        }
    }

    /// Neither before nor after a change may the cluster hang on a node that does not answer.
    private func checkQuorum(of voters: [NodeID], now: Tick) throws(AdministrationRefusal) {
        guard !voters.isEmpty else {
            throw AdministrationRefusal(
                .failedPrecondition,
                "LAST_VOTER",
                "it is the last voter: nobody would be left to decide; add and promote another "
                    + "node first"
            )
        }
        let current = self.cluster.membership.configuration.quorum.incoming
        for quorum in [current, MajorityQuorum(voters)] {
            let silent = quorum.voters.filter { !self.isHealthy($0, now: now) }
            guard quorum.voters.count - silent.count >= quorum.size else {
                let names = silent.map { "\($0.rawValue)" }.joined(separator: ", ")
                throw AdministrationRefusal(
                    .failedPrecondition,
                    "QUORUM_AT_RISK",
                    "of \(quorum.voters.count) voters \(quorum.size) must answer, but nodes "
                        + "\(names) do not; start them again, or remove them first"
                )
            }
        }
    }

    /// Whether leadership can be handed to a node without a noticeable pause.
    func checkTransfer(to target: NodeID, now: Tick) throws(AdministrationRefusal) {
        let configuration = self.cluster.membership.configuration
        try self.checkIsMember(target, configuration)
        guard configuration.quorum.incoming.voters.contains(target) else {
            throw AdministrationRefusal(
                .failedPrecondition,
                "NOT_A_VOTER",
                "node \(target.rawValue) has no vote, so it cannot lead; promote it first"
            )
        }
        guard self.isHealthy(target, now: now), let lag = self.lag(of: target) else {
            throw AdministrationRefusal(
                .unavailable,
                "NODE_SILENT",
                "the leader does not hear from node \(target.rawValue); look at that node"
            )
        }
        guard lag <= ReplicaLimits.transferLagEntriesMax else {
            throw AdministrationRefusal(
                .failedPrecondition,
                "NODE_BEHIND",
                "node \(target.rawValue) lacks the last \(lag) entries, allowed are "
                    + "\(ReplicaLimits.transferLagEntriesMax); try again when it has caught up"
            )
        }
    }

    /// Whether a node answers, as this one sees it.
    func isHealthy(_ node: NodeID, now: Tick) -> Bool {
        if node == self.configuration.local.id { return true }
        guard let link = self.links[node], link.isUp, let heard = link.lastHeard else {
            return false
        }
        return now <= heard + ReplicaLimits.vitalsFreshMillisecondsMax
    }

    /// How many of the leader's entries a follower lacks; `nil` while that is not known.
    func lag(of node: NodeID) -> UInt64? {
        guard let progress = self.raft.progress(of: node), progress.state == .replicate else {
            return nil
        }
        let last = self.raft.last.index.rawValue
        return last - min(last, progress.match.rawValue)
    }
}

extension AdministrationRefusal {
    /// The core's reason in words; `nil` when it will be gone in a moment.
    init?(_ refusal: MembershipRefusal) {
        switch refusal {
        case .joint, .notJoint, .pending, .leaderNotReady, .transferring: return nil
        case .noVoters:
            self.init(.failedPrecondition, "LAST_VOTER", "nobody would be left to decide")
        case .severalVoters:
            self.init(.internal, "SEVERAL_VOTERS", "several voters cannot change at once")
        case .tooManyMembers:
            self.init(
                .resourceExhausted,
                "TOO_MANY_MEMBERS",
                "a cluster has at most \(RaftLimits.membersMax) members; remove one first"
            )
        case .contextTooLarge:
            self.init(
                .resourceExhausted,
                "DIRECTORY_TOO_LARGE",
                "the names and addresses of all members are too long together"
            )
        case .notLearner(let node):
            self.init(
                .failedPrecondition,
                "NOT_A_LEARNER",
                "node \(node.rawValue) must be a learner first: `bandera cluster add` it, and wait "
                    + "until it has caught up"
            )
        case .notCaughtUp(let node, let match, let last):
            self.init(
                .failedPrecondition,
                "NOT_CAUGHT_UP",
                "node \(node.rawValue) has \(match.rawValue) of \(last.rawValue) entries; wait "
                    + "until it has caught up, and try again"
            )
        }
    }
}
