internal import PeerProtocol
internal import Raft
internal import Replica

/// The checks of what only a leader does.
extension SimulatedWorld {
    /// A leader whose disk hangs gives up, and a transfer ends one way or the other.
    func checkLeader(_ node: SimulatedNode) {
        let tick = node.tick(at: self.now)
        guard node.seen.role == .leader else {
            node.transferSince = nil
            return
        }
        let core = self.parameters.core
        if let oldest = node.handedOverAt.first {
            self.invariants.require(
                tick < oldest + core.storageStallMax + core.heartbeatInterval,
                "\(node.id) leads at \(tick), and its disk has been silent since \(oldest)"
            )
        }
        guard let target = node.seen.transferTarget, target == node.seenBefore.transferTarget,
            node.seen.term == node.seenBefore.term, let since = node.transferSince
        else {
            node.transferSince = node.seen.transferTarget == nil ? nil : tick
            return
        }
        self.invariants.require(
            tick <= since + core.electionTimeoutMax + core.heartbeatInterval,
            "\(node.id) has been handing over to \(target) from \(since) to \(tick)"
        )
    }

    /// Whoever told another to campaign may be deposed before its lease would have ended.
    func checkLease(_ node: SimulatedNode, handedOverIn term: Term) {
        guard node.seen.term == term else { return }
        let end = node.replica?.leaseEndInPlace()
        self.invariants.require(
            end == nil,
            "\(node.id) tells another to campaign, and reads by a lease"
        )
    }

    /// A change that a leader makes: after a commitment of its own term, one voter at a time
    /// or jointly, and never to a voter that lags.
    func checkChange(_ node: SimulatedNode, from before: Configuration) {
        guard let after = node.configuration, node.seen.role == .leader,
            node.seenBefore.role == .leader, node.seen.term == node.seenBefore.term
        else { return }
        let term = node.replica?.termInPlace(at: node.seen.commit) ?? node.seen.term
        self.invariants.require(
            term == node.seen.term,
            "\(node.id) changes the members in \(node.seen.term), its last commitment is of "
                + "\(term)"
        )
        let old = before.quorum.incoming.voters
        let new = after.quorum.incoming.voters
        let added = new.filter { !before.isVoter($0) }
        let removed = old.filter { !new.contains($0) }
        self.invariants.require(
            after.isJoint || before.isJoint || added.count + removed.count <= 1,
            "\(node.id) makes \(new) of the voters \(old) at once"
        )
        let last = Int(node.seen.membershipIndex.rawValue) - 1
        for voter in added {
            let peer = self.nodes[voter.position]
            let lag = max(0, last - peer.durable.end)
            self.invariants.require(
                peer.isLost || peer.isDamaged || lag <= Int(self.parameters.core.catchUpEntriesMax),
                "\(node.id) makes \(voter) a voter, which lags by \(lag) entries"
            )
        }
    }

    /// What a peer acknowledged in an earlier term may have been replaced since.
    func checkingAcknowledgements(
        _ batch: PeerBatch,
        from peer: NodeID,
        to node: SimulatedNode,
        _ deliver: () -> Void
    ) {
        let term = node.seen.term
        let acknowledgements = batch.raft.filter {
            if case .appendResponse(.accepted) = $0.body { true } else { false }
        }
        guard node.seen.role == .leader, !acknowledgements.isEmpty,
            acknowledgements.allSatisfy({ $0.term < term })
        else {
            deliver()
            return
        }
        let before = node.replica?.progressInPlace(of: peer)?.match
        deliver()
        let after = node.replica?.progressInPlace(of: peer)?.match
        self.invariants.require(
            before == nil || after == nil || after == before,
            "\(node.id) counts in \(term) what \(peer) acknowledged in an earlier term"
        )
    }
}
