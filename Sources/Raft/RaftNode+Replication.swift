/// Replication, the leader's side (Raft paper §5.3, dissertation §10.2.1).
extension RaftNode {
    /// Sends every peer what its window allows.
    ///
    /// Called once per `Ready`.
    mutating func flushAppends() {
        precondition(self.role == .leader, "\(self.role) does not replicate")
        var shared = SharedEntries()
        for index in self.peers.indices { self.replicate(at: index, shared: &shared) }
        self.spreadCommit()
    }

    /// The entries last cut from the log: peers that are level are sent the same array.
    struct SharedEntries {
        var entries: [Entry] = []
        var bytes = 0
    }

    private mutating func replicate(at index: Int, shared: inout SharedEntries) {
        while !self.peers[index].isPaused {
            // Fields only: a copy of the progress would make its window copy on the next write.
            let next = self.peers[index].next
            guard self.peers[index].state == .probe || next <= self.last.index else { return }
            let previous = next.previous
            guard next >= self.log.firstAvailable else {
                self.wantSnapshot(at: index)
                return
            }
            guard next >= self.log.firstCached, let term = self.term(at: previous, for: index)
            else {
                self.requestFetch(at: index)
                return
            }
            self.cut(from: next, into: &shared)
            self.sendAppend(
                at: index,
                previous: LogPosition(term: term, index: previous),
                entries: shared.entries,
                bytes: shared.bytes
            )
        }
    }

    /// Cuts one append's worth of entries from the log, unless that was just done.
    private func cut(from first: LogIndex, into shared: inout SharedEntries) {
        guard first <= self.last.index else {
            shared = SharedEntries()
            return
        }
        let last = self.log.lastFitting(
            from: first,
            through: self.last.index,
            bytesMax: self.configuration.appendBytesMax
        )
        precondition(first <= last, "nothing fits at \(first)")
        if shared.entries.first?.index == first, shared.entries.last?.index == last { return }
        shared.entries = self.log.entries(from: first, through: last)
        shared.bytes = self.log.bytes(after: first.previous) - self.log.bytes(after: last)
    }

    private mutating func sendAppend(
        at index: Int,
        previous: LogPosition,
        entries: [Entry],
        bytes: Int
    ) {
        precondition(previous.index.next == entries.first?.index ?? previous.index.next, "gap")
        precondition(previous.index <= self.last.index, "\(previous) is beyond \(self.last)")
        let request = Message.AppendRequest(
            previous: previous,
            commit: self.commit,
            entries: entries
        )
        self.send(.appendRequest(request), to: self.peers[index].id)
        self.peers[index].sent(through: entries.last?.index, bytes: bytes, now: self.now)
        let carried = entries.last?.index ?? previous.index
        let commitSent = min(self.commit, carried)
        self.peers[index].commitSent = max(self.peers[index].commitSent, commitSent)
    }

    private func term(at index: LogIndex, for peer: Int) -> Term? {
        if let term = self.log.term(at: index) { return term }
        guard let fetched = self.peers[peer].fetchedLast, fetched.index == index else { return nil }
        return fetched.term
    }

    // MARK: Entries that only the disk has

    private mutating func requestFetch(at index: Int) {
        let peer = self.peers[index]
        precondition(peer.fetch == nil, "\(peer.id) waits for \(String(describing: peer.fetch))")
        let previous = peer.next.previous
        // Where even the term of the entry before is unknown, that entry is read along.
        let from = self.term(at: previous, for: index) == nil ? previous : peer.next
        guard from >= self.log.firstStored else {
            self.wantSnapshot(at: index)
            return
        }
        let request = FetchRequest(
            peer: peer.id,
            from: from,
            through: max(self.log.firstCached.previous, from),
            bytesMax: self.configuration.appendBytesMax
        )
        precondition(request.through <= self.stable, "\(request) is not durable")
        self.peers[index].fetch = request
        self.fetches.append(request)
    }

    /// Hands over entries that a `Ready` asked for: those from `request.from` on, as many as fit.
    ///
    /// An empty answer means that they could not be read; they are asked for again later.
    package mutating func fetched(_ request: FetchRequest, entries: [Entry], now: Tick) {
        self.advance(to: now)
        guard self.role == .leader, let index = self.index(of: request.peer),
            self.peers[index].fetch == request
        else { return }
        self.peers[index].fetch = nil
        self.needsFlush = true
        guard let last = entries.last else {
            self.peers[index].startProbing()
            self.peers[index].isProbePaused = true
            return
        }
        for offset in entries.indices {
            let expected = request.from.advanced(by: offset)
            precondition(entries[offset].index == expected, "storage returned a gap at \(expected)")
        }
        precondition(last.index <= request.through, "storage returned more than \(request)")
        for entry in entries.reversed() {
            self.log.learn(LogPosition(term: entry.term, index: entry.index))
        }
        self.sendFetched(entries, at: index)
    }

    private mutating func sendFetched(_ entries: [Entry], at index: Int) {
        let peer = self.peers[index]
        // What was acknowledged or rejected in the meantime may have moved the peer elsewhere.
        guard !peer.isPaused, let first = entries.first, let last = entries.last,
            first.index <= peer.next, peer.next <= last.index.next
        else { return }
        let skipped = Int(peer.next.rawValue - first.index.rawValue)
        let previous = peer.next.previous
        let term = skipped > 0 ? entries[skipped - 1].term : self.term(at: previous, for: index)
        self.peers[index].fetchedLast = LogPosition(term: last.term, index: last.index)
        guard let term, skipped < entries.count else { return }
        var bytes = 0
        for entry in entries[skipped...] {
            bytes += entry.payload.count + RaftLimits.entryOverheadBytes
        }
        self.sendAppend(
            at: index,
            previous: LogPosition(term: term, index: previous),
            entries: skipped == 0 ? entries : Array(entries[skipped...]),
            bytes: bytes
        )
    }

    // MARK: Answers

    /// Takes the answer to an append.
    mutating func handleAppendResponse(_ response: Message.AppendResponse, from peer: NodeID) {
        guard self.role == .leader, let index = self.index(of: peer) else { return }
        switch response {
        case .accepted(let match):
            guard match <= self.last.index else { return }
            self.peers[index].lastHeard = self.now
            self.needsFlush = true
            let first = self.log.firstAvailable
            guard self.peers[index].accepted(match, firstAvailable: first, now: self.now) else {
                return
            }
            // A snapshot arrived, and the log was compacted beyond it in the meantime.
            if self.peers[index].state == .snapshot, match >= self.peers[index].snapshotThrough {
                self.wantSnapshot(at: index)
            }
            self.advanceCommit()
        case .rejected(let previous, let hint):
            guard previous <= self.last.index, hint.index <= previous else { return }
            self.peers[index].lastHeard = self.now
            let agreed = self.agreed(with: hint)
            if self.peers[index].rejected(previous: previous, agreed: agreed) {
                self.needsFlush = true
            }
        }
    }

    /// The last entry at which a follower's log may equal this one (Raft paper §5.3).
    private func agreed(with hint: LogPosition) -> LogIndex {
        // Without a term it is committed there, so it is here.
        guard hint.term > .zero else { return hint.index }
        return self.log.lastAgreeable(with: hint).index
    }

    /// Sends again what was lost, now that the peer has answered a heartbeat.
    ///
    /// An append without entries is answered with how far the logs match, or with a rejection that
    /// names where they part. It also verifies the log of a peer that restarted unnoticed.
    mutating func retryReplication(at index: Int) {
        let peer = self.peers[index]
        switch peer.state {
        case .snapshot:
            self.probeSnapshot(at: index)
        case .probe:
            guard peer.fetch == nil else { return }
            self.peers[index].isProbePaused = false
            self.needsFlush = true
        case .replicate:
            guard peer.fetch == nil else { return }
            let since = peer.inflight.isEmpty ? peer.lastAppend : peer.lastAcknowledged
            let patience =
                peer.inflight.isEmpty
                ? self.configuration.electionTimeoutMin : self.configuration.heartbeatInterval
            let previous = peer.next.previous
            guard since + patience <= self.now, let term = self.term(at: previous, for: index)
            else { return }
            let position = LogPosition(term: term, index: previous)
            self.sendAppend(at: index, previous: position, entries: [], bytes: 0)
        }
    }

    /// Nothing more reaches a peer until it answers a heartbeat; what was under way is lost.
    mutating func pauseReplication(to peer: NodeID) {
        guard let index = self.index(of: peer), self.peers[index].state != .snapshot else { return }
        // A probe goes on where it was: from the beginning it would find the log compacted, and a
        // peer that lacks nothing would be sent a snapshot.
        if self.peers[index].state == .replicate { self.peers[index].startProbing() }
        self.peers[index].fetch = nil
        self.peers[index].isProbePaused = true
    }
}
