/// Snapshots and compaction (Raft paper §7).
extension RaftNode {
    /// The last entry that the log does not hold any more.
    package var base: LogPosition { self.log.base }

    // MARK: Compaction

    /// Reports that the shell's log released everything through `base`.
    ///
    /// Ignored if it released more before, and while a snapshot that reaches further is installed:
    /// the log's new base may be reported before the installation is.
    package mutating func compacted(to base: LogPosition) {
        if let snapshot = self.installing.first, base.index > self.applied,
            base.index <= snapshot.position.index
        {
            return
        }
        precondition(base.index <= self.applied, "\(base) is not applied: \(self.applied)")
        precondition(base.index <= self.stable, "\(base) is not durable: \(self.stable)")
        guard base.index > self.log.base.index else { return }
        self.log.compact(to: base)
        // The membership at the base stays, and all that follow.
        let first = self.memberships.lastIndex { $0.index <= base.index } ?? 0
        self.memberships.removeFirst(first)
    }

    // MARK: Sending

    /// Asks the shell for a snapshot for a peer whose entries are gone.
    mutating func wantSnapshot(at index: Int) {
        precondition(self.role == .leader, "\(self.role) sends no snapshots")
        self.peers[index].startWaitingForSnapshot(through: self.log.base.index)
        self.addSnapshotWanted(self.peers[index].id)
    }

    mutating func addSnapshotWanted(_ peer: NodeID) {
        if !self.snapshotsWanted.contains(peer) { self.snapshotsWanted.append(peer) }
    }

    /// Reports that a snapshot did not reach the peer, or that the peer had no use for it.
    ///
    /// Also when it was sent and the peer has not made use of it for long. The peer is asked whether
    /// its log reaches the base by now, and needs another snapshot only if it does not: what it has
    /// committed may be ahead of a snapshot, and a leader that knows nothing of its log would offer
    /// the same one for ever.
    package mutating func snapshotFailed(_ peer: NodeID, now: Tick) {
        self.advance(to: now)
        guard let index = self.index(of: peer), self.peers[index].state == .snapshot else { return }
        self.peers[index].startProbing(from: self.log.base.index.next)
        // Until the peer answers a heartbeat.
        self.peers[index].isProbePaused = true
    }

    /// Asks a peer that waits for a snapshot whether it has one by now: its answer may be lost.
    mutating func probeSnapshot(at index: Int) {
        let peer = self.peers[index]
        precondition(peer.state == .snapshot, "\(peer.id) is sent entries")
        guard peer.lastAppend + self.configuration.electionTimeoutMin <= self.now else { return }
        let request = Message.AppendRequest(
            previous: self.log.base,
            commit: self.commit,
            entries: []
        )
        self.peers[index].lastAppend = self.now
        self.send(.appendRequest(request), to: peer.id)
    }

    // MARK: Receiving

    /// Takes note of a complete and verified snapshot; returns whether `Ready.install` names it.
    ///
    /// Otherwise it may be deleted: this node has all that it holds. A snapshot holds committed
    /// state only, which no later term takes back, so one of an earlier term is welcome.
    package mutating func receivedSnapshot(
        _ snapshot: SnapshotPosition,
        from sender: NodeID,
        term: Term,
        now: Tick
    ) -> Bool {
        self.advance(to: now)
        guard self.isPlausible(snapshot, term: term), sender != self.id else { return false }
        if term > self.term { self.becomeFollower(term: term, leader: nil) }
        guard self.role != .leader, self.installing.isEmpty else { return false }
        let position = snapshot.position
        if position.index > self.commit, self.log.term(at: position.index) == position.term {
            // Nothing is missing here but the news that it is committed.
            self.verified = max(self.verified, position.index)
            self.commit = position.index
            self.refreshRole()
        }
        // An older one, or the same again, takes nothing back (etcd#18055).
        guard position.index > self.commit else {
            if let leader = self.leader { self.acknowledge(self.commit, to: leader) }
            return false
        }
        if self.role == .candidate || self.role == .preCandidate {
            self.becomeFollower(term: self.term, leader: nil)
        }
        self.installing = [snapshot]
        self.isInstallHanded = false
        return true
    }

    private func isPlausible(_ snapshot: SnapshotPosition, term: Term) -> Bool {
        let position = snapshot.position
        return term < RaftLimits.termMax && position.term <= term && position.term > .zero
            && position.index > .zero && position.index < RaftLimits.indexMax
            && snapshot.membership.index <= position.index
            && !snapshot.membership.configuration.isEmpty
    }

    /// Whether the shell may be told to install: nothing that it stores could come in between.
    var canInstall: Bool {
        !self.installing.isEmpty && !self.isInstallHanded && self.pending.isEmpty
            && !self.isHardStateUnsaved
    }

    mutating func takeInstall() -> SnapshotPosition? {
        guard self.canInstall else { return nil }
        self.isInstallHanded = true
        return self.installing.first
    }

    /// Reports that log and state machine were replaced by the snapshot, durably.
    package mutating func installed(_ snapshot: SnapshotPosition, now: Tick) {
        self.advance(to: now)
        precondition(self.installing == [snapshot] && self.isInstallHanded, "\(snapshot) installed")
        let position = snapshot.position
        precondition(position.index > self.commit, "\(position) regresses \(self.commit)")
        precondition(self.role != .leader, "a leader's log was replaced")
        self.installing = []
        self.isInstallHanded = false
        self.log = EntryLog(base: position)
        self.stable = position.index
        self.issued = position.index
        self.handed = position.index
        self.applied = position.index
        self.commit = position.index
        self.verified = position.index
        self.forgetOldLog()
        self.memberships = [snapshot.membership]
        self.activateMembership()
        if let leader = self.leader { self.acknowledge(position.index, to: leader) }
    }

    /// Nothing that was promised about the log that was replaced holds for the new one.
    private mutating func forgetOldLog() {
        for index in self.pending.indices {
            self.pending[index].lastEntry = .zero
            self.pending[index].messages.removeAll { $0.isAboutLog }
        }
        // A promise of an earlier term is off with it, as when storage reports.
        let term = self.term
        self.withheld.removeAll { $0.isAboutLog || $0.term != term }
        guard !self.withheld.isEmpty, !self.hasUnissued else { return }
        if self.pending.isEmpty {
            self.outbox += self.withheld
        } else {
            self.pending[self.pending.count - 1].messages += self.withheld
        }
        self.withheld = []
    }
}

extension Message {
    /// Whether it promises that entries are durable.
    var isAboutLog: Bool {
        if case .appendResponse = self.body { true } else { false }
    }
}
