/// Handing leadership over (dissertation §3.10).
extension RaftNode {
    /// Hands leadership to another voter.
    package mutating func transferLeadership(to target: NodeID, now: Tick) -> TransferResult {
        self.advance(to: now)
        guard self.role == .leader else { return .notLeader(self.leader) }
        guard self.members.isVoter(target) else { return .refused(.notVoter) }
        return .refused(.leadsAlready)
    }
}
