/// Leading: proposals, heartbeats, check-quorum (dissertation §6.2, §6.4).
extension RaftNode {
    /// Appends proposals to the log of the leader.
    ///
    /// All or none.
    package mutating func propose(_ payloads: [[UInt8]], now: Tick) -> ProposalResult {
        precondition(!payloads.isEmpty, "nothing to propose")
        self.advance(to: now)
        guard self.role == .leader else { return .notLeader(self.leader) }
        if let target = self.transferTarget { return .transferring(to: target) }
        var bytes = 0
        for payload in payloads { bytes += payload.count + RaftLimits.entryOverheadBytes }
        // The empty entry that a new leader begins with takes no room from proposals.
        let uncommitted = self.uncommittedBytes
        let waiting = uncommitted <= RaftLimits.entryOverheadBytes ? 0 : uncommitted
        // One proposal always fits, or a large one could never be made.
        let isAlone = waiting == 0 && payloads.count == 1
        guard isAlone || waiting + bytes <= self.configuration.uncommittedBytesMax
        else { return .overloaded }
        let first = self.last.index.next
        for payload in payloads {
            self.log.append(
                Entry(
                    term: self.term,
                    index: self.last.index.next,
                    kind: .command,
                    payload: payload
                )
            )
        }
        self.needsFlush = true
        precondition(self.last.term == self.term, "proposals ended in \(self.last)")
        return .appended(first: first, term: self.term)
    }

    /// Leads the term it has won.
    ///
    /// The first entry is empty: only a commit in the own term tells what is committed (Raft paper
    /// §5.4.2, dissertation §6.4).
    mutating func becomeLeader() {
        precondition(self.role == .candidate, "\(self.role) cannot lead")
        precondition(self.durable.term == self.term, "leads before its term is durable")
        self.role = .leader
        self.leader = self.id
        self.electionDeadline = .never
        self.isLeaseGivenUp = false
        self.alignPeers()
        let next = self.last.index.next
        self.termStart = next
        self.log.append(Entry(term: self.term, index: next, kind: .noOp, payload: []))
        self.quorumDeadline = self.now + self.configuration.electionTimeoutMax
        self.needsFlush = true
        self.sendHeartbeats()
    }

    /// What a leader does when time passes.
    mutating func tickLeader() {
        precondition(self.role == .leader, "\(self.role) is not a leader")
        // Before the heartbeats: a leader that was paused must not claim what it may have lost.
        if self.quorumDeadline <= self.now { self.checkQuorum() }
        if self.stallDeadline <= self.now, self.role == .leader {
            // It cannot commit, and its heartbeats keep the others from electing one who can.
            self.becomeFollower(term: self.term, leader: nil)
        }
        if self.role == .leader, self.transferDeadline <= self.now, self.transferTarget != nil {
            self.abortTransfer()
        }
        guard self.role == .leader, self.nextHeartbeat <= self.now else { return }
        self.sendHeartbeats()
    }

    /// When a leader gives up because its disk hangs.
    var stallDeadline: Tick {
        guard let oldest = self.pending.first else { return .never }
        return oldest.issued + self.configuration.storageStallMax
    }

    /// Steps down if no quorum was heard for an election timeout (dissertation §6.2).
    private mutating func checkQuorum() {
        let heard = self.members.quorum.reached { node in
            node == self.id ? self.now : self.progress(of: node)?.lastHeard ?? Tick(0)
        }
        guard let heard else { preconditionFailure("no voters in \(self.members)") }
        self.quorumDeadline = heard + self.configuration.electionTimeoutMax
        guard self.quorumDeadline <= self.now else { return }
        self.becomeFollower(term: self.term, leader: nil)
    }

    /// Sends a round of heartbeats.
    ///
    /// They are never withheld and never wait for an append.
    mutating func sendHeartbeats() {
        precondition(self.role == .leader, "\(self.role) sends no heartbeats")
        self.round += 1
        self.roundsSent[self.slot(of: self.round)] = self.now
        for index in self.peers.indices { self.sendHeartbeat(at: index, round: self.round) }
        self.nextHeartbeat = self.now + self.configuration.heartbeatInterval
        self.joinReads(round: self.round)
        // Whoever decides alone hears no answer that would confirm them.
        self.confirmReads()
    }

    private mutating func sendHeartbeat(at index: Int, round: UInt64) {
        let commit = min(self.commit, self.peers[index].match)
        precondition(commit >= .zero && commit <= self.last.index, "commit \(commit)")
        self.peers[index].commitSent = max(self.peers[index].commitSent, commit)
        self.send(
            .heartbeat(Message.Heartbeat(commit: commit, round: round)),
            to: self.peers[index].id
        )
    }

    /// Tells the commit index to peers that nothing else is on its way to.
    ///
    /// Appends under way carry an older one, and without another proposal the peer would learn of
    /// the commitment only by the next heartbeat.
    mutating func spreadCommit(isFarewell: Bool = false) {
        precondition(self.role == .leader, "\(self.role) does not commit")
        for index in self.peers.indices {
            let known = min(self.commit, self.peers[index].match)
            let isDue =
                isFarewell
                ? !self.members.contains(self.peers[index].id) : !self.peers[index].isAwaited
            guard isDue, self.peers[index].commitSent < known else { continue }
            self.sendHeartbeat(at: index, round: 0)
        }
    }

    /// Takes the answer to a heartbeat: the peer lives, and its connection delivers.
    mutating func handleHeartbeatResponse(_ response: Message.HeartbeatResponse, from peer: NodeID)
    {
        guard self.role == .leader, let index = self.index(of: peer) else { return }
        guard response.round > 0, response.round <= self.round else { return }
        self.peers[index].lastHeard = self.now
        let acknowledged = max(self.peers[index].acknowledgedRound, response.round)
        self.peers[index].acknowledgedRound = acknowledged
        if self.round - response.round < UInt64(RaftLimits.heartbeatRoundsMax) {
            let sent = self.roundsSent[self.slot(of: response.round)]
            precondition(sent <= self.now, "round \(response.round) was sent at \(sent)")
            self.peers[index].confirmed = max(self.peers[index].confirmed ?? sent, sent)
        }
        self.retryReplication(at: index)
        self.confirmReads()
        if self.transferTarget == peer {
            // It still follows, so the message that told it to campaign was lost.
            self.isTimeoutNowSent = false
            self.needsFlush = true
        }
    }

    private func slot(of round: UInt64) -> Int {
        Int(round % UInt64(RaftLimits.heartbeatRoundsMax))
    }
}
