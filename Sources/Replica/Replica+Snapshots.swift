package import FlagStore
package import Flags
package import PeerProtocol
package import Raft
internal import Wire

// MARK: - Sending

extension Replica {
    /// The copy that `Turn.snapshotWanted` asked for is there; `nil` when it could not be made.
    ///
    /// MUST be called once for each time that it was asked for, in that order.
    package mutating func snapshotCopied(_ copy: SnapshotCopy?, now: Tick) {
        self.sender.copied(copy.flatMap { self.describe($0) }, now: now)
    }

    /// A copy with its place in the log; `nil` if it is of no use.
    private func describe(_ copy: SnapshotCopy) -> SnapshotDescriptor? {
        let index = LogIndex(copy.revision.rawValue)
        guard copy.size > 0, copy.size <= PeerProtocolLimits.snapshotBytesMax,
            index > .zero, index >= self.raft.base.index, index <= self.raft.applied,
            let term = self.raft.term(at: index),
            let membership = self.raft.membership(at: index)
        else { return nil }
        return SnapshotDescriptor(
            name: SnapshotName(
                position: LogPosition(term: term, index: index),
                checksum: copy.checksum
            ),
            size: copy.size,
            membership: self.withContext(membership)
        )
    }

    /// A membership that the node was started with may lack its directory.
    func withContext(_ membership: Membership) -> Membership {
        guard membership.context.isEmpty else { return membership }
        var complete = membership
        complete.context = self.configuration.bootstrap.encode()
        return complete
    }

    /// Bytes of the copy were read; `nil` when they could not be.
    package mutating func snapshotRead(_ read: SnapshotRead, bytes: [UInt8]?, now: Tick) {
        guard !self.sender.read(read, bytes: bytes, now: now) else { return }
        for peer in self.sender.stop() { self.raft.snapshotFailed(peer, now: now) }
    }

    /// Offers, asks for bytes, gives up.
    mutating func driveSender(_ now: Tick) {
        guard self.raft.role == .leader else {
            _ = self.sender.stop()
            return
        }
        for peer in self.sender.peers where self.raft.progress(of: peer)?.state != .snapshot {
            // It has what it needed, or belongs to the cluster no more.
            self.sender.remove(peer)
        }
        for peer in self.sender.stalled(now) {
            self.sender.remove(peer)
            self.raft.snapshotFailed(peer, now: now)
        }
        let links = self.links
        let offers = self.sender.drive(term: self.raft.term, now: now) { links.isUp($0) }
        for (peer, offer) in offers {
            var batch = PeerBatch()
            batch.snapshotOffer = offer
            self.snapshotSends.append(self.outboxes.send(batch, to: peer))
        }
    }

    mutating func take(_ status: SnapshotStatus, from peer: NodeID, now: Tick) {
        guard self.sender.status(status, from: peer, now: now) else { return }
        // Whatever it has now, it says so when it is asked for its log.
        self.raft.snapshotFailed(peer, now: now)
    }

    /// Parts travel in batches of their own, after everything else of the turn: what is small is
    /// never packed behind what is large.
    mutating func drainSnapshots(into turn: inout Turn) {
        for (peer, chunk) in self.sender.drain(into: &turn) where self.links.isUp(peer) {
            var batch = PeerBatch()
            batch.snapshotChunk = chunk
            self.snapshotSends.append(self.outboxes.send(batch, to: peer))
        }
        for (peer, status) in self.receiver.drain(into: &turn) {
            var batch = PeerBatch()
            batch.snapshotStatus = status
            self.snapshotSends.append(self.outboxes.send(batch, to: peer))
        }
        turn.sends += self.snapshotSends
        self.snapshotSends.removeAll(keepingCapacity: true)
    }
}

// MARK: - Receiving

extension Replica {
    /// A part is in the file; `false` when it could not be written.
    package mutating func snapshotWritten(
        _ name: SnapshotName,
        through offset: UInt64,
        succeeded: Bool = true,
        now: Tick
    ) {
        self.receiver.written(name, through: offset, succeeded: succeeded)
    }

    /// The file is durable under the name `ledger.install`; `false` when its checksum was wrong or
    /// it could not be kept.
    package mutating func snapshotFinished(
        _ name: SnapshotName,
        succeeded: Bool,
        now: Tick
    ) {
        guard let (snapshot, sender, term) = self.receiver.finished(name, succeeded: succeeded)
        else { return }
        let isWanted =
            sender.map {
                self.raft.receivedSnapshot(snapshot, from: $0, term: term, now: now)
            } ?? false
        if !isWanted { self.receiver.settled(isInstalled: false) }
    }

    /// A leader offers a snapshot; one of a term that is over does not lead any more.
    mutating func take(_ offer: SnapshotOffer, from leader: NodeID) {
        guard offer.term >= self.raft.term, self.raft.role != .leader else { return }
        self.receiver.offered(offer, from: leader, commit: self.raft.commit)
    }

    /// Log and record store were replaced as `Turn.install` asked.
    ///
    /// - Parameter store: the state that the snapshot contains.
    package mutating func installed(
        _ snapshot: SnapshotPosition,
        store: FlagStore,
        now: Tick
    ) {
        precondition(
            store.applied.rawValue == snapshot.position.index.rawValue,
            "the store is at \(store.applied), the snapshot at \(snapshot.position)"
        )
        precondition(store.applied >= self.store.applied, "a snapshot of the past was installed")
        self.raft.installed(snapshot, now: now)
        self.store = store
        self.isReplaced = true
        self.changes = []
        self.unrecorded = []
        self.recordedThrough = store.applied
        self.ledgerApplied = store.applied
        self.compactor.reset(to: snapshot.position)
        self.receiver.settled(isInstalled: true)
        self.settleHidden()
    }

    /// What was handed to a leader may have been decided inside the snapshot, unseen.
    ///
    /// In a session it is handed over once more: the session, which is part of the state, answers
    /// the second copy with the first one's result. Of the others nobody can tell (item 48).
    private mutating func settleHidden() {
        self.takeBackHandedOver(onlyRepeatable: false)
    }
}

// MARK: - Compaction

extension Replica {
    /// Everything through `revision` in the record store survives a power failure.
    package mutating func ledgerDurable(through revision: Revision) {
        self.compactor.ledgerDurable(through: revision)
    }

    /// The log has forgotten everything through `base`, which storage reports.
    ///
    /// Also call it, with the old base, when the log could not be compacted.
    package mutating func compacted(to base: LogPosition) {
        self.raft.compacted(to: base)
        self.compactor.compacted(to: base.index)
    }

    mutating func driveCompaction(into turn: inout Turn) {
        guard !self.receiver.isInstalling else { return }
        guard self.isCompactionDue || self.compactor.isDurable else { return }
        let base = self.raft.base.index
        let held = self.heldIndex
        if self.isCompactionDue {
            self.compactor.begin(base: base, applied: self.raft.applied, held: held)
        }
        self.isCompactionDue = false
        turn.wantsDurableLedger = self.compactor.takeDurableWanted()
        guard
            let index = self.compactor.takeBase(
                base: base,
                applied: self.raft.applied,
                held: held
            ),
            let term = self.raft.term(at: index),
            let membership = self.raft.membership(at: index)
        else { return }
        self.compactor.compacting(to: index)
        turn.compact = Compaction(
            base: LogPosition(term: term, index: index),
            membership: self.withContext(membership)
        )
    }

    /// The last entry that nobody needs: what a follower is being brought up to date with stays, so
    /// that one snapshot is not followed by the next (item 40).
    ///
    /// Within a bound: a follower that never gets there must not fill the disk.
    private var heldIndex: LogIndex {
        var held = self.raft.applied
        if let copy = self.sender.held { held = min(held, copy) }
        for progress in self.raft.progress
        where progress.state != .snapshot && self.links.isUp(progress.id) {
            held = min(held, progress.match)
        }
        let last = self.raft.applied.rawValue
        let bound = last - min(last, ReplicaLimits.compactionHoldEntriesMax)
        return max(held, LogIndex(bound))
    }
}
