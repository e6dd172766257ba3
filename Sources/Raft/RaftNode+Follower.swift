/// Replication, the follower's side (Raft paper §5.3).
extension RaftNode {
    /// Takes entries from the leader of this term.
    mutating func handleAppend(_ request: Message.AppendRequest, from leader: NodeID) {
        precondition(self.leader == leader, "\(leader) is not followed")
        // A snapshot is about to replace the log; its acknowledgement tells where to go on.
        guard self.installing.isEmpty, self.isPlausible(request) else { return }
        let previous = request.previous
        // Below the commit index the logs are equal, whatever is known of the terms there.
        guard previous.index <= self.commit || self.log.term(at: previous.index) == previous.term
        else {
            self.reject(previous, to: leader)
            return
        }
        let end = previous.index.advanced(by: request.entries.count)
        guard self.adopt(request.entries, after: previous) else { return }
        precondition(self.last.index >= end, "\(self.last) ends before \(end)")
        // Committed entries are in the log of every later leader, too (Raft paper §5.4).
        let match = max(end, self.commit)
        self.verified = max(self.verified, match)
        // Never beyond what this message verified: what follows may be an old leader's (CCF#8172).
        self.commit = max(self.commit, min(request.commit, match))
        if !self.isVoter { self.refreshRole() }
        self.acknowledge(match, to: leader)
    }

    /// Takes a sign of life, and the commit index as far as it was verified in this term.
    mutating func handleHeartbeat(_ heartbeat: Message.Heartbeat, from leader: NodeID) {
        precondition(self.leader == leader, "\(leader) is not followed")
        precondition(self.verified <= self.last.index, "verified \(self.verified) of \(self.last)")
        if self.installing.isEmpty {
            self.commit = max(self.commit, min(heartbeat.commit, self.verified))
            if !self.isVoter { self.refreshRole() }
        }
        self.expireReads()
        guard heartbeat.round > 0 else { return }
        self.holdVote()
        let answer = Message.Body.heartbeatResponse(.init(round: heartbeat.round))
        if self.configuration.leaseDuration > 0, self.durable.term == .zero {
            // Only a node with a term on its disk knows after a restart that it may have promised.
            self.withhold(answer, to: leader)
        } else {
            self.send(answer, to: leader)
        }
    }

    /// Whether a leader can have sent this: contiguous, terms that never decrease.
    private func isPlausible(_ request: Message.AppendRequest) -> Bool {
        let previous = request.previous
        guard (previous.index == .zero) == (previous.term == .zero),
            previous.index < RaftLimits.indexMax
        else { return false }
        var index = previous.index
        var term = previous.term
        for entry in request.entries {
            guard entry.index == index.next, entry.index < RaftLimits.indexMax,
                entry.term >= term, entry.term > .zero,
                entry.kind != .configuration
                    || Membership(decoding: entry.payload, index: entry.index) != nil
            else { return false }
            index = entry.index
            term = entry.term
        }
        return term <= self.term
    }

    /// Adds what is missing; returns false if the entries contradict what is known.
    ///
    /// Truncates only where terms really differ: a delayed append that ends before the log does
    /// takes nothing away (openraft 9540c904).
    private mutating func adopt(_ entries: [Entry], after previous: LogPosition) -> Bool {
        var offset = 0
        while offset < entries.count, self.isKnown(entries[offset]) { offset += 1 }
        guard offset < entries.count else { return true }
        let first = entries[offset].index
        let before = offset > 0 ? entries[offset - 1].term : previous.term
        precondition(first > self.commit, "\(first) is committed")
        let isConsistent = self.log.term(at: first.previous).map { $0 == before } ?? true
        guard isConsistent else { return false }
        if first <= self.last.index {
            self.truncate(after: LogPosition(term: before, index: first.previous))
        }
        for entry in entries[offset...] {
            self.log.append(entry)
            self.noteMembership(entry)
        }
        return true
    }

    /// Whether the log has this entry: committed, or of the same index and term (Log Matching).
    private func isKnown(_ entry: Entry) -> Bool {
        if entry.index <= self.commit { return true }
        return entry.index <= self.last.index && self.log.term(at: entry.index) == entry.term
    }

    private mutating func truncate(after position: LogPosition) {
        precondition(position.index >= self.commit, "\(position) is before commit \(self.commit)")
        precondition(position.index >= self.handed, "\(position) is before \(self.handed)")
        self.log.truncate(after: position)
        self.issued = min(self.issued, position.index)
        self.stable = min(self.stable, position.index)
        self.verified = min(self.verified, position.index)
        for index in self.pending.indices {
            self.pending[index].lastEntry = min(self.pending[index].lastEntry, position.index)
        }
        self.rollBackMemberships(after: position.index)
    }

    /// Says where the logs part, so that the leader skips whole terms (Raft paper §5.3).
    private mutating func reject(_ previous: LogPosition, to leader: NodeID) {
        precondition(previous.index > self.commit, "\(previous) is committed")
        let probed = LogPosition(term: previous.term, index: previous.index.previous)
        let (index, term) = self.log.lastAgreeable(with: probed)
        var hint = LogPosition(term: term ?? .zero, index: index)
        // Everything committed agrees; no need to look further back.
        if index <= self.commit { hint = LogPosition(term: .zero, index: self.commit) }
        precondition(hint.index < previous.index, "\(hint) does not precede \(previous)")
        self.send(.appendResponse(.rejected(previous: previous.index, hint: hint)), to: leader)
    }

    /// Acknowledges once everything through `match`, and the term itself, is durable here.
    mutating func acknowledge(_ match: LogIndex, to leader: NodeID) {
        precondition(match <= self.last.index, "acknowledges \(match) of \(self.last)")
        let answer = Message.Body.appendResponse(.accepted(match: match))
        if match <= self.stable, self.durable.term == self.term {
            self.send(answer, to: leader)
        } else {
            self.withhold(answer, to: leader)
        }
    }
}
