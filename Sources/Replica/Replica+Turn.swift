internal import FlagStore
package import Flags
internal import PeerProtocol
package import Raft

// MARK: - The log and the record store

extension Replica {
    /// Everything of a batch is durable.
    package mutating func persisted(_ token: PersistToken, now: Tick) {
        self.raft.persisted(token, now: now)
    }

    /// Entries that the core asked for were read.
    package mutating func fetched(_ request: FetchRequest, entries: [Entry], now: Tick) {
        self.raft.fetched(request, entries: entries, now: now)
    }

    /// The record store holds everything up to `revision`.
    package mutating func recorded(through revision: Revision) {
        precondition(revision <= self.recordedThrough, "\(revision) was recorded too early")
        // What was recorded before a snapshot was installed may be reported after it.
        self.ledgerApplied = max(self.ledgerApplied, revision)
    }
}

// MARK: - A turn

extension Replica {
    /// Ends the turn: what has been decided since the last one.
    package mutating func turn(_ now: Tick) -> Turn {
        var turn = Turn()
        let before = self.store.applied
        if self.haltReason == nil {
            self.followLeadership()
            self.handOverWaiting(now)
            self.askForReads(now)
            self.performDuties(now)
            while self.raft.hasReady {
                self.takeReady(into: &turn, now: now)
                self.followLeadership()
                self.handOverWaiting(now)
            }
            self.followMembership()
            self.finishJob(now)
            self.driveAdministration(now)
            self.driveStopping(now)
            self.driveSender(now)
            self.receiver.caughtUp(to: self.raft.commit)
            self.driveCompaction(into: &turn)
            self.haltIfRemoved()
            // A change that was just begun, a transfer, a snapshot that failed.
            while self.haltReason == nil, self.raft.hasReady {
                self.takeReady(into: &turn, now: now)
                self.followMembership()
            }
            self.answerReads()
        }
        self.publish(since: before, into: &turn)
        self.tellShell(&turn)
        turn.sends = self.outboxes.drain()
        self.drainSnapshots(into: &turn)
        turn.replies = self.replies
        self.replies.removeAll(keepingCapacity: true)
        self.releaseRecords(into: &turn)
        return turn
    }

    /// Asks the core what it decided, in buffers that are used again.
    private mutating func takeReady(into turn: inout Turn, now: Tick) {
        var ready = Ready()
        swap(&ready, &self.ready)
        self.raft.takeReady(into: &ready)
        self.take(ready, into: &turn, now: now)
        // Entries are not held until the next turn.
        ready.clear()
        swap(&ready, &self.ready)
    }

    /// Performs what the core decided, as far as that is no I/O.
    private mutating func take(_ ready: Ready, into turn: inout Turn, now: Tick) {
        if let persist = ready.persist { turn.persists.append(persist) }
        for message in ready.messages { self.outboxes.add(message) }
        for fetch in ready.fetches {
            if let base = self.compactor.releasing, fetch.from <= base {
                // The log is about to forget these: their reader needs a snapshot.
                self.raft.fetched(fetch, entries: [], now: now)
            } else {
                turn.fetches.append(fetch)
            }
        }
        for result in ready.reads { self.reads.answered(result, now: now) }
        for peer in ready.snapshots {
            self.sender.want(
                peer,
                base: self.raft.base,
                ledger: self.ledgerApplied,
                now: now
            )
        }
        if let install = ready.install { turn.install = install }
        if !ready.committed.isEmpty { self.apply(ready.committed, now: now) }
    }

    private mutating func publish(since before: Revision, into turn: inout Turn) {
        guard self.store.applied > before || self.isReplaced else { return }
        turn.publication = Publication(
            store: self.store,
            changes: self.changes,
            isReplaced: self.isReplaced
        )
        self.isReplaced = false
        self.changes.removeAll(keepingCapacity: true)
    }

    private mutating func tellShell(_ turn: inout Turn) {
        if self.isTopologyNews {
            turn.topology = self.topology
            self.isTopologyNews = false
        }
        turn.halt = self.haltReason
        if !self.isStopAnswered, let stopOutcome {
            turn.stop = stopOutcome
            self.isStopAnswered = true
        }
    }

    /// The record store may never be ahead of this node's own durable log: after a power failure
    /// the log would lack entries that the store has already counted as applied.
    ///
    /// While a snapshot is being installed nothing is recorded: it would come after the swap.
    private mutating func releaseRecords(into turn: inout Turn) {
        guard !self.receiver.isInstalling else { return }
        let safe = min(self.store.applied, Revision(self.raft.stable.rawValue))
        guard safe > self.recordedThrough else { return }
        let count = self.unrecorded.firstIndex { $0.revision > safe } ?? self.unrecorded.count
        turn.records = Array(self.unrecorded[..<count])
        self.unrecorded.removeFirst(count)
        turn.recordedThrough = safe
        self.recordedThrough = safe
    }
}
