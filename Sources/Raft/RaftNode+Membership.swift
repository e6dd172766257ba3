/// Membership: configurations in the log, in effect once they are appended (dissertation §4).
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
    /// Without a context the one in effect is kept. One change at a time: the next is refused until
    /// this one is committed, and until the leader has committed an entry of its own term, without
    /// which two leaders could each change the same old configuration (raft-dev 2015).
    package mutating func changeMembership(
        _ change: MembershipChange,
        context: [UInt8]?,
        now: Tick
    ) -> MembershipResult {
        self.advance(to: now)
        guard self.role == .leader else { return .notLeader(self.leader) }
        if let target = self.transferTarget { return .refused(.transferring(target)) }
        guard self.hasCommittedInTerm else { return .refused(.leaderNotReady) }
        guard self.membershipIndex <= self.commit else {
            return .refused(.pending(self.membershipIndex))
        }
        let context = context ?? self.membership.context
        guard context.count <= RaftLimits.membershipContextBytesMax else {
            return .refused(.contextTooLarge)
        }
        do throws(MembershipRefusal) {
            let next = try self.members.applying(change)
            try self.requireCaughtUp(next)
            self.appendMembership(next, context: context)
        } catch {
            return .refused(error)
        }
        return .appended(index: self.last.index, term: self.term)
    }

    /// Whether this leader knows what is committed: an entry of its own term is (§5.4.2, §6.4).
    var hasCommittedInTerm: Bool { self.role == .leader && self.commit >= self.termStart }

    /// New voters are learners that could vote on what comes next without keeping it waiting.
    private func requireCaughtUp(_ next: Configuration) throws(MembershipRefusal) {
        for node in next.quorum.incoming.voters where !self.members.isVoter(node) {
            guard self.members.learners.contains(node), let progress = self.progress(of: node)
            else { throw .notLearner(node) }
            let lag = self.last.index.rawValue - min(progress.match, self.last.index).rawValue
            let isHeard = self.now <= progress.lastHeard + self.configuration.electionTimeoutMax
            guard progress.state == .replicate, isHeard,
                lag <= self.configuration.catchUpEntriesMax
            else { throw .notCaughtUp(node, match: progress.match, last: self.last.index) }
        }
    }

    private mutating func appendMembership(_ configuration: Configuration, context: [UInt8]) {
        precondition(self.role == .leader, "\(self.role) changes the membership")
        precondition(self.membershipIndex <= self.commit, "\(self.membership) is not committed")
        let index = self.last.index.next
        let next = Membership(index: index, configuration: configuration, context: context)
        self.log.append(
            Entry(term: self.term, index: index, kind: .configuration, payload: next.encode())
        )
        self.memberships.append(next)
        self.activateMembership()
        self.needsFlush = true
    }

    // MARK: Taking effect

    /// Puts the newest membership in the log into effect.
    mutating func activateMembership() {
        precondition(!self.memberships.isEmpty, "there is always a membership")
        self.members = self.memberships[self.memberships.count - 1].configuration
        if self.role == .leader {
            self.alignPeers()
        } else {
            self.refreshRole()
        }
    }

    /// Follows, or merely learns, as the membership and the commit index have it.
    mutating func refreshRole() {
        guard self.role == .follower || self.role == .learner, self.role != self.restingRole else {
            return
        }
        self.role = self.restingRole
        self.armElectionTimer()
    }

    /// Notes the membership that an entry of a leader carries.
    mutating func noteMembership(_ entry: Entry) {
        guard entry.kind == .configuration,
            let membership = Membership(decoding: entry.payload, index: entry.index)
        else { return }
        precondition(
            entry.index > self.membershipIndex || self.membershipIndex == .zero,
            "\(entry.index) after \(self.membershipIndex)"
        )
        self.memberships.append(membership)
        self.activateMembership()
    }

    /// Takes memberships back whose entries were truncated (dissertation §4.1).
    mutating func rollBackMemberships(after index: LogIndex) {
        guard self.membershipIndex > index else { return }
        while self.memberships.count > 1,
            self.memberships[self.memberships.count - 1].index > index
        {
            self.memberships.removeLast()
        }
        precondition(self.memberships[self.memberships.count - 1].index <= index, "\(index)")
        self.activateMembership()
    }

    /// Keeps what is known of peers in step with the membership.
    ///
    /// Members that the newest configuration removes are kept until it is committed, so that they
    /// learn of their removal.
    mutating func alignPeers() {
        precondition(self.role == .leader, "\(self.role) has no peers")
        var wanted = self.members.members
        for node in self.committedMembership.configuration.members where !wanted.contains(node) {
            wanted.append(node)
        }
        wanted.removeAll { $0 == self.id }
        wanted.sort()
        self.fetches.removeAll { !wanted.contains($0.peer) }
        self.snapshotsWanted.removeAll { !wanted.contains($0) }
        self.peers = wanted.map { id in
            if let known = self.peers.first(where: { $0.id == id }) { return known }
            return Progress(
                id: id,
                next: self.last.index.next,
                now: self.now,
                inflight: Inflight(
                    messagesMax: self.configuration.inflightMessagesMax,
                    bytesMax: self.configuration.inflightBytesMax
                )
            )
        }
        if let target = self.transferTarget, !self.isHeir(target) { self.transferTarget = nil }
    }

    /// What a leader does once more is committed than before.
    mutating func committed(after before: LogIndex) {
        precondition(self.role == .leader, "\(self.role) commits")
        guard self.hasCommittedInTerm, self.membershipIndex <= self.commit else { return }
        if self.membershipIndex > before {
            // Whoever is not a member any more is told so before it is forgotten.
            self.spreadCommit(isFarewell: true)
            self.alignPeers()
        }
        // Also a joint configuration that an earlier leader began: it ends with the next commit.
        if self.members.isJoint, self.members.autoLeave,
            let next = try? self.members.applying(.leave)
        {
            self.appendMembership(next, context: self.membership.context)
        }
    }
}
