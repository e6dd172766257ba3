/// A read that waits for a heartbeat round of the leader.
struct PendingRead: Sendable {
    /// Where the read came in; this node itself or another.
    var origin: NodeID
    var id: ReadID
    /// The commit index when `round` began.
    var index = LogIndex.zero
    /// The round that has to be acknowledged; 0 until one begins.
    var round: UInt64 = 0
}

/// A read that waits for the leader's answer.
struct ForwardedRead: Sendable {
    var id: ReadID
    var since: Tick
}

/// Linearizable reads without a log entry (dissertation §6.4).
extension RaftNode {
    /// Asks for the index that a linearizable read has to wait for; `Ready.reads` answers.
    ///
    /// `now` MUST have been measured after the read came in, or a process that was paused in
    /// between would trust a lease that has ended. A read that was sent to the leader may get no
    /// answer: ask again, under a new identity.
    package mutating func readIndex(_ id: ReadID, now: Tick) {
        self.advance(to: now)
        if self.role == .leader {
            self.takeRead(PendingRead(origin: self.id, id: id))
        } else if let leader = self.leader {
            self.expireReads()
            guard self.forwardedReads.count < RaftLimits.readsMax else {
                self.readResults.append(ReadResult(id: id, outcome: .dropped))
                return
            }
            self.forwardedReads.append(ForwardedRead(id: id, since: self.now))
            self.send(.readIndexRequest(id: id), to: leader)
        } else {
            self.readResults.append(ReadResult(id: id, outcome: .noLeader))
        }
    }

    /// When this leader's lease ends; `nil` if it has none.
    ///
    /// Dated by when the last acknowledged round was *sent*, shortened by how much slower this
    /// node's clock may be (dissertation §6.4.1).
    package var leaseEnd: Tick? {
        let duration = self.configuration.leaseDuration
        guard duration > 0, !self.isLeaseGivenUp, let sent = self.quorumConfirmed else {
            return nil
        }
        return sent + duration * (1_000 - self.configuration.clockDriftPermille) / 1_000
    }

    // MARK: Leading

    /// Takes a read of this node or of a peer.
    mutating func takeRead(_ read: PendingRead) {
        precondition(self.role == .leader, "\(self.role) answers no reads")
        if self.hasCommittedInTerm, let end = self.leaseEnd, self.now < end {
            self.answer(read, index: self.commit)
        } else if self.reads.count < RaftLimits.readsMax {
            self.reads.append(read)
        } else {
            self.answer(read, index: nil)
        }
    }

    /// Whether reads wait for a round and none is under way for others.
    ///
    /// Until an entry of the own term is committed the commit index may be behind what an earlier
    /// leader acknowledged (raft-rs#141).
    var canStartReadRound: Bool {
        !self.reads.isEmpty && self.readsInRound == 0 && self.hasCommittedInTerm
    }

    /// Lets all reads that wait share the heartbeat round that begins now.
    mutating func joinReads(round: UInt64) {
        guard self.hasCommittedInTerm else { return }
        for offset in self.readsInRound..<self.reads.count {
            self.reads[offset].round = round
            self.reads[offset].index = self.commit
        }
        self.readsInRound = self.reads.count
    }

    /// Answers the reads whose round a quorum has acknowledged.
    mutating func confirmReads() {
        guard self.readsInRound > 0 else { return }
        let reached = self.members.quorum.reached { node in
            node == self.id ? self.round : self.progress(of: node)?.acknowledgedRound ?? 0
        }
        guard let reached else { preconditionFailure("no voters in \(self.members)") }
        // Rounds ascend, so the reads that are answered come first.
        let count = self.reads[..<self.readsInRound].prefix { $0.round <= reached }.count
        guard count > 0 else { return }
        for read in self.reads[..<count] { self.answer(read, index: read.index) }
        self.reads.removeFirst(count)
        self.readsInRound -= count
    }

    private mutating func answer(_ read: PendingRead, index: LogIndex?) {
        if read.origin != self.id {
            self.send(.readIndexResponse(id: read.id, index: index), to: read.origin)
        } else {
            let outcome = index.map { ReadResult.Outcome.index($0) } ?? .dropped
            self.readResults.append(ReadResult(id: read.id, outcome: outcome))
        }
    }

    /// Forgets all reads: this node leads no more.
    mutating func dropReads() {
        for read in self.reads where read.origin == self.id {
            self.readResults.append(ReadResult(id: read.id, outcome: .dropped))
        }
        self.reads = []
        self.readsInRound = 0
    }

    // MARK: Following

    /// Takes the leader's answer; each request counts its own, once.
    mutating func handleReadResponse(_ id: ReadID, index: LogIndex?, from peer: NodeID) {
        guard self.leader == peer,
            let offset = self.forwardedReads.firstIndex(where: { $0.id == id })
        else { return }
        self.forwardedReads.remove(at: offset)
        let outcome = index.map { ReadResult.Outcome.index($0) } ?? .dropped
        self.readResults.append(ReadResult(id: id, outcome: outcome))
    }

    /// Gives up on reads that were sent to a leader of an earlier term, or that is gone.
    mutating func dropForwardedReads() {
        for read in self.forwardedReads {
            self.readResults.append(ReadResult(id: read.id, outcome: .dropped))
        }
        self.forwardedReads = []
    }

    /// Gives up on reads whose request or answer was lost.
    mutating func expireReads() {
        while let oldest = self.forwardedReads.first,
            oldest.since + self.configuration.electionTimeoutMax <= self.now
        {
            self.forwardedReads.removeFirst()
            self.readResults.append(ReadResult(id: oldest.id, outcome: .dropped))
        }
    }
}
