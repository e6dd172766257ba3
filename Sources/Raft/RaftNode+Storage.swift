/// Asynchronous storage: what waits for the disk, and what the shell is handed.
extension RaftNode {
    /// Everything decided since the last call.
    ///
    /// Call it once after a batch of inputs.
    package mutating func takeReady() -> Ready {
        var ready = Ready()
        self.takeReady(into: &ready)
        return ready
    }

    /// The same in place of what was performed before, whose buffers are used again: a round of
    /// heartbeats then allocates nothing.
    package mutating func takeReady(into ready: inout Ready) {
        if self.canStartReadRound { self.sendHeartbeats() }
        if self.needsFlush {
            self.needsFlush = false
            if self.role == .leader {
                self.flushAppends()
                self.continueTransfer()
            }
        }
        ready.clear()
        ready.persist = self.takePersist()
        ready.install = self.canInstall ? self.takeInstall() : nil
        ready.committed = self.takeCommitted()
        swap(&ready.messages, &self.outbox)
        swap(&ready.fetches, &self.fetches)
        swap(&ready.reads, &self.readResults)
        swap(&ready.snapshots, &self.snapshotsWanted)
        self.log.release(
            through: min(self.applied, self.stable),
            bytesMax: self.configuration.cachedBytesMax
        )
        self.checkInvariants()
    }

    /// Whether there is something to store and room to hand it over.
    var canPersist: Bool {
        guard self.pending.count < RaftLimits.persistsInFlightMax else { return false }
        // No entries while a snapshot is about to replace the log.
        return self.installing.isEmpty ? self.hasUnissued : self.isHardStateUnsaved
    }

    /// Whether something is known here that was not handed to storage.
    var hasUnissued: Bool {
        self.isHardStateUnsaved || self.issued < self.last.index
    }

    /// Sends a message once everything that this node knows now is durable.
    mutating func withhold(_ body: Message.Body, to peer: NodeID) {
        precondition(peer != self.id, "\(self.id) talks to itself")
        let message = Message(from: self.id, to: peer, term: self.term, body: body)
        if self.hasUnissued {
            Self.add(message, to: &self.withheld)
        } else if self.pending.isEmpty {
            self.outbox.append(message)
        } else {
            Self.add(message, to: &self.pending[self.pending.count - 1].messages)
        }
    }

    /// Adds a message; an acknowledgement replaces the one before it.
    private static func add(_ message: Message, to messages: inout [Message]) {
        if let last = messages.last, last.to == message.to, last.term == message.term,
            case .appendResponse(.accepted(let before)) = last.body,
            case .appendResponse(.accepted(let match)) = message.body
        {
            let answer = Message.AppendResponse.accepted(match: max(before, match))
            messages[messages.count - 1].body = .appendResponse(answer)
        } else {
            messages.append(message)
        }
    }

    /// How far the next hand-over goes: storage takes only so much at once.
    private var lastToPersist: LogIndex {
        guard self.issued < self.last.index, self.installing.isEmpty else { return self.issued }
        return self.log.lastFitting(
            from: self.issued.next,
            through: min(
                self.last.index,
                self.issued.advanced(by: RaftLimits.persistEntriesMax)
            ),
            bytesMax: RaftLimits.persistBytesMax
        )
    }

    private mutating func takePersist() -> PersistBatch? {
        guard self.canPersist else { return nil }
        let through = self.lastToPersist
        let entries = self.log.entries(from: self.issued.next, through: through)
        // With the first of several hand-overs: no entry is stored before its term is.
        var hardState: HardState?
        if self.isHardStateUnsaved {
            let commit = min(self.commit, through)
            hardState = HardState(term: self.term, vote: self.vote, commit: commit)
        }
        self.isHardStateUnsaved = false
        self.issued = through
        // What is withheld may promise anything that is known, so all of it goes with the last.
        var messages: [Message] = []
        if !self.hasUnissued {
            swap(&messages, &self.withheld)
        } else if !self.installing.isEmpty {
            // The entries that are not issued never will be; a vote does not wait for them.
            messages = self.withheld.filter { !$0.isAboutLog }
            self.withheld.removeAll { !$0.isAboutLog }
        }
        let token = self.nextToken
        self.nextToken = PersistToken(token.rawValue + 1)
        self.pending.append(
            PendingPersist(
                token: token,
                issued: self.now,
                hardState: hardState,
                lastEntry: through,
                messages: messages
            )
        )
        precondition(hardState != nil || !entries.isEmpty, "an empty hand-over to storage")
        return PersistBatch(token: token, hardState: hardState, entries: entries)
    }

    /// Reports that a batch, and every one handed out before it, is durable.
    package mutating func persisted(_ token: PersistToken, now: Tick) {
        self.advance(to: now)
        precondition(token < self.nextToken, "\(token) was never handed out")
        while let oldest = self.pending.first, oldest.token <= token {
            self.pending.removeFirst()
            self.complete(oldest)
        }
    }

    private mutating func complete(_ batch: PendingPersist) {
        if let hardState = batch.hardState {
            precondition(hardState.term >= self.durable.term, "terms became durable out of order")
            self.durable = hardState
        }
        self.stable = max(self.stable, batch.lastEntry)
        precondition(self.stable <= self.issued, "\(self.stable) is durable, not handed out")
        for message in batch.messages where message.term == self.term {
            // What was promised in an earlier term, or as a candidate, is off with them.
            if case .voteRequest = message.body, self.role != .candidate { continue }
            self.outbox.append(message)
        }
        if self.role == .leader { self.advanceCommit() }
        // Its own vote counts like any other: when it is durable.
        if self.role == .candidate, self.durable.term == self.term, self.durable.vote == self.id {
            self.takeVote(from: self.id, granted: true)
        }
    }

    /// What must hold between any two inputs.
    private func checkInvariants() {
        precondition(self.applied <= self.handed, "applied \(self.applied), handed \(self.handed)")
        precondition(self.handed <= self.commit, "handed \(self.handed), commit \(self.commit)")
        precondition(self.commit <= self.last.index, "commit \(self.commit), last \(self.last)")
        precondition(self.stable <= self.issued, "stable \(self.stable), issued \(self.issued)")
        precondition(self.issued <= self.last.index, "issued \(self.issued), last \(self.last)")
        precondition(self.withheld.isEmpty || self.hasUnissued, "withheld for nothing")
        precondition(self.verified <= self.last.index, "verified \(self.verified) of \(self.last)")
        precondition(self.last.term <= self.term, "\(self.last) in \(self.term)")
        precondition(self.durable.term <= self.term, "\(self.durable) in \(self.term)")
        precondition(self.log.base.index <= self.applied, "\(self.log.base), \(self.applied)")
        precondition(self.membershipIndex <= self.last.index, "\(self.membership) is not there")
        precondition(self.readsInRound <= self.reads.count, "\(self.readsInRound) reads in a round")
        precondition(self.role == .leader || self.reads.isEmpty, "\(self.role) holds reads")
        precondition(self.role == .leader || self.transferTarget == nil, "\(self.role) hands over")
        precondition(self.role != .leader || self.installing.isEmpty, "a leader installs")
        precondition((self.role == .leader) == (self.leader == self.id), "\(self.role) leads")
        precondition(self.role == .leader || self.peers.isEmpty, "\(self.role) has progress")
    }
}
