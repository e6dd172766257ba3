internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

/// What an operator waits for.
struct OperatorState {
    var asked: (node: Int, call: CallID, change: AdministrationChange)?
    var life = 0
    /// Something that was asked for and forgotten may still happen.
    var uncertainUntil = SimulatedTime.zero
    var since = SimulatedTime.zero
}

/// An operator replaces what is lost, and in some runs changes the membership for its own sake.
extension SimulatedWorld {
    func operatorActs() {
        guard !self.isHealed else { return }
        self.plan(.operatorActs, after: self.draw(50_000...600_000))
        if self.operation.asked != nil {
            // The outcome may remain unknown; asking again for what is so already succeeds.
            guard self.now > self.operation.since + 25_000_000 || !self.isOperationAlive else {
                return
            }
            self.operation.asked = nil
            self.operation.uncertainUntil = self.now + 5_000_000
        }
        guard let leader = self.newestLeader,
            let configuration = self.nodes[leader].replica?.configurationInPlace(),
            let change = self.nextChange(configuration, leader: self.nodes[leader].id),
            let index = self.chooseNode()
        else { return }
        self.nextCall += 1
        let call = CallID(self.nextCall)
        self.note("the operator asks node \(index + 1) for \(change)")
        self.operation.asked = (index, call, change)
        self.operation.since = self.now
        self.operation.life = self.nodes[index].life
        self.requested(index, self.nodes[index].life, .administer(call, change))
    }

    /// The running leader of the latest term.
    private var newestLeader: Int? {
        self.nodes.indices.filter { self.nodes[$0].isUp && self.nodes[$0].seen.role == .leader }
            .max { self.nodes[$0].seen.term < self.nodes[$1].seen.term }
    }

    private func nextChange(
        _ configuration: Configuration,
        leader: NodeID
    ) -> AdministrationChange? {
        let voters = configuration.quorum.incoming.voters
        let lost = voters.filter { self.nodes[$0.position].isLost }
        let learners = configuration.learners.filter { !self.nodes[$0.position].isLost }
        if let victim = lost.first {
            guard let spare = learners.first else { return self.addition(configuration) }
            switch self.draw(0...3) {
            case 0: return .promote(spare)
            case 1 where self.mayRemove(victim, voters): return .remove(victim)
            default: return .replace(old: victim, new: spare)
            }
        }
        guard self.parameters.changesMembers else { return nil }
        let voter = self.pick(voters.map(\.position)).map { self.nodes[$0].id }
        let learner = self.pick(learners.map(\.position)).map { self.nodes[$0].id }
        switch self.draw(0...9) {
        case 0, 1: return configuration.members.count < 7 ? self.addition(configuration) : nil
        case 2, 3, 4: return learner.map { .promote($0) } ?? self.addition(configuration)
        case 5:
            guard let voter, self.mayRemove(voter, voters) else { return nil }
            return .remove(voter)
        case 6: return self.mayRemove(leader, voters) ? .remove(leader) : nil
        case 7: return learner.map { .remove($0) }
        default:
            guard let voter, voter != leader else { return nil }
            return .transfer(to: voter)
        }
    }

    /// Whether a majority of the voters left would be sound: else nobody could save what they hold.
    private func mayRemove(_ node: NodeID, _ voters: [NodeID]) -> Bool {
        let left = voters.filter { $0 != node }
        let sound = left.count {
            !self.nodes[$0.position].isLost && !self.nodes[$0.position].isDamaged
        }
        return left.count > 1 && sound > left.count / 2
    }

    /// Whether somebody may still answer.
    private var isOperationAlive: Bool {
        guard let asked = self.operation.asked else { return false }
        return self.nodes[asked.node].life == self.operation.life
    }

    /// Adds a node that waits to be added, or a new one.
    private func addition(_ configuration: Configuration) -> AdministrationChange? {
        let waiting = self.nodes.indices.filter { index in
            let node = self.nodes[index]
            return node.joins != nil && !node.isLost && !configuration.contains(node.id)
                && node.seen.membershipIndex == .zero
        }
        if let index = waiting.first { return .add(self.nodes[index].member) }
        guard self.nodes.count < SimulationLimits.nodesMax else { return nil }
        let id = NodeID(UInt64(self.nodes.count + 1))
        let peers = self.nodes.filter { !$0.isLost }.map(\.member)
        let member = Member(simulated: id, diskID: self.random.next() | 1)
        let node = SimulatedNode(member, joins: peers, seed: self.random.next())
        self.setClocks(of: node)
        self.nodes.append(node)
        self.start(id.position)
        return .add(member)
    }

    func operatorAnswered(_ reply: Reply, by index: Int) {
        guard let asked = self.operation.asked, asked.call == reply.call, asked.node == index
        else { return }
        self.operation.asked = nil
        switch reply.result {
        case .administered(let revision):
            self.note("\(asked.change) is so since \(revision)")
            switch asked.change {
            case .transfer: self.counts.transfers += 1
            case .replace:
                self.counts.replacements += 1
                self.counts.membershipChanges += 1
            default: self.counts.membershipChanges += 1
            }
        case .failed(let status):
            self.operation.uncertainUntil = self.now + 5_000_000
            self.note("\(asked.change) failed: \(status.message)")
        default:
            self.invariants.fail("the operator was answered with something else")
        }
    }

    /// A node says that it will never be of use again under its id.
    func halted(_ index: Int, _ reason: HaltReason) {
        let node = self.nodes[index]
        self.note("node \(node.id) halts: \(reason)")
        self.invariants.require(
            reason == .removed,
            "\(node.id) is told that its disk is another one"
        )
        self.endProcess(index, losesPower: false, operations: nil)
        node.isLost = true
    }
}
