/// The answers to one campaign: the first of each voter counts, no other (Raft paper §5.2).
struct VoteTally: Hashable, Sendable {
    private var granted: [NodeID] = []
    private var refused: [NodeID] = []

    /// Takes an answer; ignores any but the voter's first.
    mutating func record(_ voter: NodeID, granted: Bool) {
        guard self.vote(of: voter) == nil else { return }
        precondition(self.granted.count + self.refused.count < RaftLimits.membersMax, "\(self)")
        if granted { self.granted.append(voter) } else { self.refused.append(voter) }
    }

    /// The voter's answer, if it has given one.
    func vote(of voter: NodeID) -> Bool? {
        if self.granted.contains(voter) { return true }
        return self.refused.contains(voter) ? false : nil
    }
}
