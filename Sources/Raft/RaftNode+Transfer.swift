/// Handing leadership over (dissertation §3.10).
extension RaftNode {
    /// Hands leadership to another voter.
    ///
    /// Proposals are refused until it leads. If it does not within an election timeout this node
    /// goes on leading, without a lease.
    package mutating func transferLeadership(to target: NodeID, now: Tick) -> TransferResult {
        self.advance(to: now)
        guard self.role == .leader else { return .notLeader(self.leader) }
        guard target != self.id else { return .refused(.leadsAlready) }
        if let current = self.transferTarget, current != target {
            return .refused(.transferring(current))
        }
        guard self.isHeir(target) else { return .refused(.notVoter) }
        if self.transferTarget == nil { self.startTransfer(to: target) }
        return .started
    }

    /// Whether leadership may go to the node: a voter, and not on its way out.
    func isHeir(_ node: NodeID) -> Bool {
        node != self.id && self.members.quorum.incoming.voters.contains(node)
    }

    private mutating func startTransfer(to target: NodeID) {
        precondition(self.role == .leader && self.isHeir(target), "\(target) cannot take over")
        self.transferTarget = target
        self.transferDeadline = self.now + self.configuration.electionTimeoutMax
        self.isTimeoutNowSent = false
        self.needsFlush = true
    }

    /// Takes the next step of a transfer, if there is one.
    mutating func continueTransfer() {
        precondition(self.role == .leader, "\(self.role) hands nothing over")
        if self.isRemoved, self.transferTarget == nil, let heir = self.bestHeir {
            self.startTransfer(to: heir)
        }
        guard let target = self.transferTarget, !self.isTimeoutNowSent,
            self.progress(of: target)?.match == self.last.index
        else { return }
        // Before the message: whoever gets it may be elected while the lease would still run.
        self.isLeaseGivenUp = true
        self.isTimeoutNowSent = true
        self.send(.timeoutNow, to: target)
        if self.isRemoved { self.becomeFollower(term: self.term, leader: nil) }
    }

    /// Ends a transfer that took too long.
    mutating func abortTransfer() {
        precondition(self.role == .leader, "\(self.role) hands nothing over")
        self.transferTarget = nil
        // A leader that does not belong to the cluster any more has nothing to go back to.
        if self.isRemoved { self.becomeFollower(term: self.term, leader: nil) }
    }

    /// Whether this node's own removal, or demotion, is committed.
    ///
    /// Until then it leads without counting itself (dissertation §4.2.2).
    private var isRemoved: Bool {
        !self.members.isVoter(self.id) && self.membershipIndex <= self.commit
    }

    /// The voter whose log is the longest.
    private var bestHeir: NodeID? {
        self.peers.filter { self.isHeir($0.id) }
            .max { ($0.match, $1.id) < ($1.match, $0.id) }?.id
    }
}
