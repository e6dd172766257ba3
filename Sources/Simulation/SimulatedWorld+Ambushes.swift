internal import PeerProtocol
internal import Raft
internal import Replica

/// Faults at the moments in which they hurt most.
extension SimulatedWorld {
    /// The moment of an ambush has come for a node: maybe it strikes.
    func ambush(_ ambush: Ambush, _ node: SimulatedNode, within delay: SimulatedTime = 100) {
        guard !self.isHealed,
            self.happens(permille: self.parameters.ambushPermille[ambush.rawValue])
        else { return }
        self.plan(
            .ambush(node: node.id.position, life: node.life, ambush),
            after: self.draw(0...delay)
        )
    }

    /// Something is on its way to the disk.
    func persistenceBegins(_ node: SimulatedNode, _ batches: [PersistBatch]) {
        guard !batches.isEmpty else { return }
        let isVote = batches.contains { $0.hardState != nil }
        self.ambush(
            isVote ? .duringVotePersist : .duringAppend,
            node,
            within: self.parameters.disks.fsync.upperBound
        )
    }

    /// A node leads from now on.
    func leaderAppeared(_ node: SimulatedNode) {
        self.ambush(.newLeader, node)
        self.ambush(.isolatedLeader, node, within: 500_000)
        self.ambush(.pausedLeader, node, within: 500_000)
    }

    func spring(_ ambush: Ambush, _ index: Int, _ life: Int) {
        let node = self.nodes[index]
        guard !self.isHealed, node.life == life, node.isUp, !node.isPaused else { return }
        self.counts.ambushes[ambush.rawValue] += 1
        self.trace = mix(self.trace, UInt64(ambush.rawValue) + 100)
        self.note("ambush \(ambush) on node \(node.id)")
        let timeout = self.parameters.core.electionTimeoutMax * 1_000
        switch ambush {
        case .duringVotePersist, .afterVote, .duringAppend, .afterAcknowledgement:
            self.stop(index, losesPower: self.happens(permille: 800))
        case .newLeader:
            self.strand(index)
        case .isolatedLeader:
            let until = self.now + self.draw(timeout...4 * timeout)
            for peer in self.nodes.indices where peer != index {
                self.cut(index, peer, until: until)
                self.cut(peer, index, until: until)
            }
        case .pausedLeader:
            self.pause(index, for: self.draw(timeout...4 * timeout))
        }
    }

    /// Lets a new leader reach one follower only, and ends it soon: its entries are on a minority.
    private func strand(_ index: Int) {
        let peers = self.nodes.indices.filter { $0 != index && !self.nodes[$0].isLost }
        let only = self.pick(peers)
        let until = self.now + self.draw(20_000...400_000)
        for peer in peers where peer != only || self.happens(permille: 300) {
            self.network.cut(index, peer, until: until)
            self.network.cut(peer, index, until: until)
        }
        guard self.happens(permille: 700) else { return }
        self.plan(
            .ambush(node: index, life: self.nodes[index].life, .duringAppend),
            after: self.draw(1_000...until - self.now)
        )
    }
}
