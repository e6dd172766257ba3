/// Elections: pre-vote, votes, stickiness (Raft paper §5.2, §5.4.1, dissertation §4.2.3, §9.6).
extension RaftNode {
    /// What this node is when it neither leads nor campaigns.
    var restingRole: Role { self.isElectable ? .follower : .learner }

    /// Whether this node may lead: it votes, or did before a change that may not be committed.
    ///
    /// In the latter case it may be the only one whose log the voters of the new configuration can
    /// follow. It does not count its own vote (dissertation §4.2.2).
    var isElectable: Bool {
        if self.isVoter { return true }
        guard self.membershipIndex > self.commit else { return false }
        let committed = self.committedMembership.index
        return self.memberships.contains {
            $0.index >= committed && $0.configuration.isVoter(self.id)
        }
    }

    /// Whether this node hears a leader and therefore helps nobody to depose it.
    ///
    /// A closed connection to the leader clears `leader`, so that every follower of a crashed
    /// leader stops being sticky by what it saw itself.
    var isSticky: Bool {
        if self.role == .leader || self.isVoteHeld { return true }
        guard self.leader != nil else { return false }
        return self.now < self.leaderContact + self.configuration.electionTimeoutMin
    }

    /// Whether a leader may hold a lease on this node's word, whatever connections close.
    var isVoteHeld: Bool { self.now < self.voteHeldUntil }

    /// Elects nobody else for as long as a leader may count on a heartbeat answered now.
    ///
    /// One tick longer: `now` may have begun almost a whole one ago.
    mutating func holdVote() {
        guard self.configuration.leaseDuration > 0 else { return }
        let until = self.now + self.configuration.leaseDuration + 1
        self.voteHeldUntil = max(self.voteHeldUntil, until)
    }

    /// Whether the leader itself sent the candidate: it has given its lease up.
    ///
    /// Believed of voters only, or a node that was removed could depose a leader that is heard.
    func isHandover(_ request: Message.VoteRequest, to peer: NodeID) -> Bool {
        request.isTransfer && self.members.isVoter(peer)
    }

    /// Whether nobody else votes.
    var isSoleVoter: Bool {
        let quorum = self.members.quorum
        return quorum.incoming.voters == [self.id]
            && quorum.outgoing.voters.allSatisfy { $0 == self.id }
    }

    /// Whether this node may campaign.
    ///
    /// A node whose disk hangs may not: it could not even vote for itself, and a higher term would
    /// only keep it from following.
    var canCampaign: Bool {
        guard self.isElectable, self.role != .leader, self.installing.isEmpty,
            self.term.next < RaftLimits.termMax
        else {
            return false
        }
        guard let oldest = self.pending.first else { return true }
        return self.now < oldest.issued + self.configuration.electionTimeoutMax
    }

    /// Draws a new election timeout (Raft paper §5.2).
    mutating func armElectionTimer() {
        precondition(self.role != .leader, "a leader waits for nobody's heartbeat")
        guard self.isElectable else {
            self.electionDeadline = .never
            return
        }
        let range = self.configuration.electionTimeoutMin...self.configuration.electionTimeoutMax
        let wait = self.random.next(in: range) + self.configuration.electionDelay
        self.electionDeadline = self.now + wait
    }

    /// Reports that the connection to a peer closed.
    ///
    /// If it was the leader's this node asks around soon, instead of waiting for the timeout. When
    /// only this link died, the others still hear the leader and refuse.
    package mutating func peerDisconnected(_ peer: NodeID, now: Tick) {
        self.advance(to: now)
        if self.role == .leader {
            self.pauseReplication(to: peer)
        } else if self.leader == peer {
            self.leader = nil
            self.fastPreVotesLeft = RaftLimits.fastPreVotesMax
            self.hastenPreVote()
        }
    }

    /// Campaigns within a short random time, unless the timeout comes first.
    mutating func hastenPreVote() {
        precondition(self.role != .leader, "a leader does not campaign")
        guard self.isElectable else { return }
        // Others may not elect anybody before either.
        let start = max(self.now, self.voteHeldUntil)
        self.electionDeadline = min(self.electionDeadline, start + self.fastPreVoteDelay())
    }

    private mutating func fastPreVoteDelay() -> UInt64 {
        self.random.next(in: 0...self.configuration.fastPreVoteDelayMax)
            + self.configuration.electionDelay
    }

    // MARK: Becoming something

    /// Follows in a term, at or above the current one.
    ///
    /// The vote is forgotten only with its term: forgetting it on a step-down within the term would
    /// allow a second one (CCF#5891).
    mutating func becomeFollower(term: Term, leader: NodeID?) {
        precondition(term >= self.term, "\(self.term) went back to \(term)")
        let wasLeader = self.role == .leader
        if term > self.term {
            self.term = term
            self.vote = nil
            self.isHardStateUnsaved = true
            self.verified = .zero
            self.dropForwardedReads()
        }
        self.role = self.restingRole
        self.leader = leader
        self.dropReads()
        self.transferTarget = nil
        self.snapshotsWanted = []
        self.tally = VoteTally()
        self.peers = []
        self.fetches = []
        self.nextHeartbeat = .never
        self.quorumDeadline = .never
        // Only a vote or a leader's message sets the timer back (etcd#12959).
        if wasLeader { self.armElectionTimer() }
    }

    /// Takes a message of the term's leader; returns whether it may be one.
    mutating func follow(_ leader: NodeID) -> Bool {
        // One leader per term: a second one cannot be, so its messages are nonsense.
        guard self.role != .leader, self.leader == nil || self.leader == leader else {
            return false
        }
        if self.role == .candidate || self.role == .preCandidate {
            self.becomeFollower(term: self.term, leader: leader)
        }
        precondition(self.role == self.restingRole, "\(self.role) follows \(leader)")
        self.leader = leader
        self.leaderContact = self.now
        self.fastPreVotesLeft = 0
        self.armElectionTimer()
        return true
    }

    /// Asks whether a campaign could succeed (dissertation §9.6).
    mutating func startPreVote() {
        guard self.canCampaign, !self.isVoteHeld else { return }
        self.role = .preCandidate
        self.leader = nil
        self.holdPreVote(for: self.id)
        if self.fastPreVotesLeft > 0 {
            self.fastPreVotesLeft -= 1
            let next = self.preVoteHeldUntil + self.fastPreVoteDelay()
            self.electionDeadline = min(self.electionDeadline, next)
        }
        self.tally = VoteTally()
        self.tally.record(self.id, granted: true)
        let request = Message.VoteRequest(lastLog: self.last, isTransfer: false)
        for peer in self.members.members where peer != self.id && self.members.isVoter(peer) {
            self.outbox.append(
                Message(
                    from: self.id,
                    to: peer,
                    term: self.term.next,
                    body: .preVoteRequest(request)
                )
            )
        }
        self.countPreVotes()
    }

    /// Campaigns in a new term (Raft paper §5.2).
    ///
    /// The requests wait until the term and this node's own vote are durable. After a crash it
    /// could otherwise campaign in the same term once more, with a shorter log, and count votes
    /// that were given to the longer one.
    mutating func campaign(isTransfer: Bool) {
        precondition(self.canCampaign, "\(self.id) campaigns as \(self.role)")
        self.becomeFollower(term: self.term.next, leader: nil)
        self.role = .candidate
        self.vote = self.id
        self.armElectionTimer()
        let request = Message.VoteRequest(lastLog: self.last, isTransfer: isTransfer)
        for peer in self.members.members where peer != self.id && self.members.isVoter(peer) {
            self.withhold(.voteRequest(request), to: peer)
        }
        precondition(self.isHardStateUnsaved, "a campaign changes the hard state")
    }

    // MARK: Answers

    /// Answers whether this node would vote for the sender.
    ///
    /// Changes nothing that is durable.
    mutating func answerPreVote(
        _ request: Message.VoteRequest,
        from peer: NodeID,
        campaign: Term
    ) {
        let isUpToDate = request.lastLog >= self.last
        let isPossible = campaign > self.term && isUpToDate && !self.isSticky
        guard isPossible, !self.isPreVoteHeld(against: peer, lastLog: request.lastLog) else {
            self.send(.preVoteResponse(granted: false), to: peer)
            // The sender lost the leader, too, and cannot win here: better this node than nobody.
            if !isUpToDate, self.leader == nil, self.role == .follower { self.hastenPreVote() }
            return
        }
        let answer = Message.Body.preVoteResponse(granted: true)
        self.outbox.append(Message(from: self.id, to: peer, term: campaign, body: answer))
        // A stranger may be the candidate of a configuration that is on its way here, or a node
        // that was removed: it gets the promise, and holds nobody up.
        guard self.members.isVoter(peer) else { return }
        self.holdPreVote(for: peer)
        // Whoever goes first is not disturbed, for a moment that no timeout notices.
        self.electionDeadline = max(self.electionDeadline, self.preVoteHeldUntil)
    }

    private mutating func holdPreVote(for peer: NodeID) {
        precondition(self.role != .leader, "a leader promises nothing")
        self.preVoteHolder = peer
        self.preVoteHeldUntil = self.now + self.configuration.fastPreVoteDelayMax
    }

    /// Whether the pre-vote was just promised to somebody else whose log is as good.
    ///
    /// Followers of a crashed leader ask nearly at once. Granting them all would split the votes
    /// that follow and cost a whole timeout; a split pre-vote costs nothing and is asked again. Of
    /// two that ask each other the greater identity goes first. It holds only briefly, so nobody
    /// blocks anybody for long.
    private func isPreVoteHeld(against peer: NodeID, lastLog: LogPosition) -> Bool {
        guard let holder = self.preVoteHolder, holder != peer, self.now < self.preVoteHeldUntil
        else { return false }
        if lastLog > self.last { return false }
        return holder != self.id || (self.role == .preCandidate && self.id > peer)
    }

    /// Answers a request for a vote in the current term (Raft paper §5.2, §5.4.1).
    mutating func answerVote(_ request: Message.VoteRequest, from peer: NodeID) {
        let isFree = self.vote == peer || (self.vote == nil && self.leader == nil)
        let isAllowed = !self.isVoteHeld || self.isHandover(request, to: peer)
        guard isFree, isAllowed, request.lastLog >= self.last else {
            self.send(.voteResponse(granted: false), to: peer)
            return
        }
        precondition(self.role != .leader, "a leader voted for itself")
        if self.role == .preCandidate { self.becomeFollower(term: self.term, leader: nil) }
        if self.vote == nil {
            self.vote = peer
            self.isHardStateUnsaved = true
        }
        self.armElectionTimer()
        self.withhold(.voteResponse(granted: true), to: peer)
    }

    /// Counts an answer to `startPreVote`, if it belongs to this round.
    mutating func takePreVote(from peer: NodeID, granted: Bool, term: Term) {
        guard self.role == .preCandidate, self.members.isVoter(peer) else { return }
        guard !granted || term == self.term.next else { return }
        self.tally.record(peer, granted: granted)
        self.countPreVotes()
    }

    private mutating func countPreVotes() {
        precondition(self.role == .preCandidate, "\(self.role) counts pre-votes")
        switch self.members.quorum.result({ self.tally.vote(of: $0) }) {
        case .pending: break
        case .lost: self.becomeFollower(term: self.term, leader: nil)
        case .won:
            guard self.canCampaign else { return }
            self.campaign(isTransfer: false)
        }
    }

    /// Counts a vote for this candidate.
    mutating func takeVote(from peer: NodeID, granted: Bool) {
        precondition(self.role == .candidate, "\(self.role) counts votes")
        precondition(self.vote == self.id, "a candidate votes for itself")
        guard self.members.isVoter(peer) else { return }
        self.tally.record(peer, granted: granted)
        switch self.members.quorum.result({ self.tally.vote(of: $0) }) {
        case .pending: break
        case .lost: self.becomeFollower(term: self.term, leader: nil)
        case .won: self.becomeLeader()
        }
    }
}
