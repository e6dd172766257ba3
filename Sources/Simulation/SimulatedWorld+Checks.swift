internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import RaftStorage
internal import Replica

/// The checks after every step of a node.
extension SimulatedWorld {
    /// Takes note of what the replica has handed to its log.
    func handedOver(_ batch: PersistBatch, by node: SimulatedNode) {
        guard let first = batch.entries.first else { return }
        let index = Int(first.index.rawValue)
        self.invariants.require(
            index <= node.log.end + 1,
            "\(node.id) hands over \(first.index) after \(node.log.end)"
        )
        let added = batch.entries.map { Fingerprint($0) }
        if index <= node.log.end {
            self.invariants.truncates(node, after: index - 1, writingAgain: added)
            node.log.truncate(after: index - 1)
            node.configurations.removeAll { $0 >= index }
        }
        self.invariants.appends(added, first: index, to: node)
        for entry in added { node.log.append(entry) }
        for entry in batch.entries where entry.kind == .configuration {
            node.configurations.append(Int(entry.index.rawValue))
        }
    }

    /// Compares what a node has become with what it was and with all others.
    func check(_ node: SimulatedNode) {
        guard let glance = node.replica?.glanceInPlace() else { return }
        node.seenBefore = node.seen
        node.seen = glance
        let before = node.seenBefore
        self.invariants.require(
            glance.term >= before.term && glance.commit >= before.commit
                && glance.applied >= before.applied,
            "\(node.id) went back from \(before) to \(glance)"
        )
        self.invariants.require(
            glance.applied <= glance.commit && glance.commit <= glance.last,
            "\(node.id) is out of order: \(glance)"
        )
        if glance.role == .leader, before.role != .leader || before.term != glance.term {
            self.note("node \(node.id) leads in \(glance.term)")
            self.invariants.leads(
                node,
                in: glance.term,
                under: self.configurationsInForce(at: node)
            )
            self.leaderAppeared(node)
        }
        self.checkLeader(node)
        defer { self.checkMembership(node) }
        guard glance.commit > before.commit else { return }
        // Counting copies of an older entry is not enough: another may take its place (figure 8).
        if before.role == .leader, glance.role == .leader, before.term == glance.term {
            let term = node.replica?.raft.term(at: glance.commit) ?? glance.term
            self.invariants.require(
                term == glance.term,
                "\(node.id) commits \(glance.commit) of \(term) by counting, in \(glance.term)"
            )
        }
        let commit = Int(glance.commit.rawValue)
        if commit > self.invariants.committed.count {
            self.invariants.commits(
                node,
                through: commit,
                under: self.configurationsInForce(at: node),
                nodes: self.nodes
            )
        }
        self.invariants.agrees(node, through: node.handedOver(upTo: commit))
    }

    /// At most one change of the membership is under way, and none is undone once committed.
    private func checkMembership(_ node: SimulatedNode) {
        guard
            node.configuration == nil
                || node.seen.membershipIndex != node.seenBefore.membershipIndex
        else { return }
        let before = node.configuration
        node.configuration = node.replica?.configurationInPlace()
        if let before { self.checkChange(node, from: before) }
        self.note("node \(node.id) goes by \(node.configuration ?? .none)")
        self.invariants.match(node)
        let pending = node.configurations.count { $0 > node.matched }
        self.invariants.require(
            pending <= 1,
            "\(node.id) holds \(pending) configurations that are not committed"
        )
    }

    /// What a node says must be backed by its disk, in this life and in all others.
    func check(_ message: Message, sentBy node: SimulatedNode) {
        let promise: Bool
        switch message.body {
        case .voteResponse(granted: true):
            self.invariants.votes(node.id, for: message.to, in: message.term)
            self.invariants.require(
                node.durableHardState.term == message.term
                    && node.durableHardState.vote == message.to,
                "\(node.id) votes for \(message.to) in \(message.term) before that is durable"
            )
            self.ambush(.afterVote, node)
            promise = true
        case .voteRequest:
            self.invariants.votes(node.id, for: node.id, in: message.term)
            self.invariants.require(
                node.durableHardState.term == message.term,
                "\(node.id) campaigns in \(message.term) before that is durable"
            )
            promise = true
        case .appendResponse(.accepted(let match)):
            self.invariants.require(
                Int(match.rawValue) <= node.durable.end,
                "\(node.id) acknowledges \(match), \(node.durable.end) is durable"
            )
            self.ambush(.afterAcknowledgement, node)
            promise = true
        case .appendRequest, .heartbeat:
            promise = true
        case .timeoutNow:
            self.checkLease(node, handedOverIn: message.term)
            promise = false
        default:
            promise = false
        }
        guard promise else { return }
        self.invariants.require(
            message.term >= node.promisedTerm,
            "\(node.id) acts in \(message.term) after it acted in \(node.promisedTerm)"
        )
        node.promisedTerm = max(node.promisedTerm, message.term)
    }

    /// Two nodes at one revision are in one state.
    func compare(_ store: FlagStore, of node: SimulatedNode) {
        let applied = store.applied
        if let known = self.stateHashes[applied] {
            self.counts.stateComparisons += 1
            self.invariants.require(
                known == store.stateHash(),
                "\(node.id) is in another state at revision \(applied)"
            )
        } else if applied.rawValue >= self.lastHashed.rawValue + SimulationLimits.hashInterval {
            self.lastHashed = applied
            self.stateHashes[applied] = store.stateHash()
        }
    }

    /// A command had one effect, the same everywhere, and each write had one at all.
    func check(_ record: AppliedRecord, of node: SimulatedNode) {
        if let mistake = self.ledgerOfWrites.applied(record, by: node.id, &self.duties) {
            self.invariants.fail(mistake)
        }
    }
}

extension Glance {
    init(_ raft: RaftNode) {
        self.role = raft.role
        self.term = raft.term
        self.commit = raft.commit
        self.applied = raft.applied
        self.last = raft.last.index
        self.membershipIndex = raft.membership.index
        self.transferTarget = raft.transferTarget
    }
}
