internal import ClientProtocol
internal import FlagStore
internal import Flags

/// What goes out.
extension WatchHub {
    /// Takes over a new state and sends its changes to every watch that is up to date.
    package mutating func publish(_ publication: Publication, to sink: inout some WatchSink) {
        self.adopt(publication)
        self.sendAdopted(to: &sink)
    }

    /// Takes over a new state, whose changes `sendAdopted` sends later.
    ///
    /// A writer must see its write as soon as it is answered, but its answer need not wait until
    /// thousands of watchers have been told.
    package mutating func adopt(_ publication: Publication) {
        let before = self.store.applied
        self.store = publication.store
        precondition(
            before <= self.store.applied,
            "publication \(self.store.applied) is older than \(before)"
        )
        if publication.isReplaced { self.startAgain() }
        self.adopted.append(contentsOf: publication.changes)
    }

    /// Forgets all changes: between the last state and this one there may have been any number.
    ///
    /// Every watch that is not as far by itself is told to resync: no hole, no silence.
    private mutating func startAgain() {
        let revision = self.store.applied
        self.adopted = []
        self.startedAt = revision
        self.lastChanged = [:]
        self.recent = RecentChanges(
            after: revision,
            capacity: ReplicaLimits.recentChangesMax
        )
        self.isReplaced = true
    }

    /// Sends the changes of all adopted states.
    ///
    /// Everything else that sends does this first.
    package mutating func sendAdopted(to sink: inout some WatchSink) {
        if self.isReplaced {
            self.isReplaced = false
            self.values.forgetState()
            for index in self.watchers.indices {
                self.watchers[index]?.isSynced = false
                self.catchUp(WatcherSlot(index), to: &sink)
            }
        }
        guard let first = self.adopted.first else { return }
        let changes = self.adopted
        self.adopted.removeAll(keepingCapacity: true)
        defer { self.values.told(self.store) }
        for change in changes {
            self.recent.append(change)
            self.lastChanged[change.environment] = change.revision
        }
        if changes.allSatisfy({ $0.environment == first.environment }) {
            self.broadcast(changes, of: first.environment, to: &sink)
            return
        }
        // The order of environments does not matter to any watcher, but where something is urgent
        // nobody waits for the others; sorting keeps runs equal.
        let urgent = Set(changes.lazy.filter(\.isUrgent).map(\.environment))
        let others = Set(changes.map(\.environment)).subtracting(urgent)
        for environment in urgent.sorted() + others.sorted() {
            let own = changes.filter { $0.environment == environment }
            self.broadcast(own, of: environment, to: &sink)
        }
    }

    private mutating func broadcast(
        _ changes: [Change],
        of environment: EnvironmentID,
        to sink: inout some WatchSink
    ) {
        for change in changes where change.isUrgent {
            self.deliveries.began(
                change.revision,
                self.slots[environment] ?? [],
                asked: self.store.alert(change.revision)?.raisedAt,
                now: self.now
            )
        }
        self.broadcastRules(changes, of: environment, to: &sink)
        self.broadcastValues(changes, of: environment, to: &sink)
    }

    private mutating func broadcastRules(
        _ changes: [Change],
        of environment: EnvironmentID,
        to sink: inout some WatchSink
    ) {
        guard let slots = self.slots[environment] else { return }
        var start = 0
        while start < changes.count {
            let count = FrameBudget.count(
                of: changes,
                from: start,
                max: ReplicaLimits.flagsPerFrameMax,
                size: \.packedBytesEstimate
            )
            self.broadcastFrame(Array(changes[start..<start + count]), slots, to: &sink)
            start += count
        }
    }

    private mutating func broadcastFrame(
        _ changes: [Change],
        _ slots: [WatcherSlot],
        to sink: inout some WatchSink
    ) {
        guard let first = changes.first, let last = changes.last else { return }
        let frame = sink.prepare(
            .changes(WatchEvent.Changes(revision: last.revision, changes: changes))
        )
        for slot in slots {
            guard let watcher = self.watchers[slot.rawValue], watcher.isSynced else { continue }
            if watcher.sent >= first.revision {
                // It came from a node that was ahead of this one and knows part of this already.
                self.catchUp(slot, to: &sink)
            } else if sink.deliver(frame, to: slot) {
                self.watchers[slot.rawValue]?.sent = last.revision
            } else {
                self.watchers[slot.rawValue]?.isSynced = false
            }
        }
    }

    /// Sends a watch what it lacks, as far as it takes it.
    ///
    /// Call when it has come, and whenever it has credit and room again.
    package mutating func resume(_ slot: WatcherSlot, to sink: inout some WatchSink) {
        self.sendAdopted(to: &sink)
        if let watcher = self.watcher(slot), watcher.isSynced { return }
        self.catchUp(slot, to: &sink)
    }

    mutating func catchUp(_ slot: WatcherSlot, to sink: inout some WatchSink) {
        while let watcher = self.watcher(slot) {
            if self.cursors[slot.rawValue] != nil {
                guard self.continueSnapshot(slot, to: &sink) else { return }
                continue
            }
            // What other environments do must not push a quiet one's watchers off the ring.
            if (self.lastChanged[watcher.environment] ?? self.startedAt) <= watcher.sent {
                self.becomeSynced(slot, to: &sink)
                return
            }
            guard
                let missing = self.recent.coalesced(watcher.environment, after: watcher.sent),
                missing.changes.count <= ReplicaLimits.coalescedFlagsMax
            else {
                let frame = sink.prepare(.resync(reason: "the changes since are no longer kept"))
                guard sink.deliver(frame, to: slot) else {
                    self.watchers[slot.rawValue]?.isSynced = false
                    return
                }
                self.watchers[slot.rawValue]?.isUngreeted = false
                self.beginSnapshot(slot)
                continue
            }
            guard !missing.changes.isEmpty else {
                self.becomeSynced(slot, to: &sink)
                return
            }
            guard self.deliverMissing(missing, watcher, slot, to: &sink) else {
                self.watchers[slot.rawValue]?.isSynced = false
                return
            }
            self.watchers[slot.rawValue]?.isUngreeted = false
        }
    }

    /// The watch lacks nothing; one that has come back and heard nothing is told so.
    private mutating func becomeSynced(_ slot: WatcherSlot, to sink: inout some WatchSink) {
        guard let watcher = self.watcher(slot) else { return }
        guard watcher.isUngreeted else {
            self.watchers[slot.rawValue]?.isSynced = true
            return
        }
        // It may come from a node that was ahead of this one.
        let revision = max(watcher.sent, self.store.applied)
        let isGreeted = sink.deliver(sink.prepare(.bookmark(revision: revision)), to: slot)
        self.watchers[slot.rawValue]?.isSynced = isGreeted
        self.watchers[slot.rawValue]?.isUngreeted = !isGreeted
        if isGreeted { self.watchers[slot.rawValue]?.sent = revision }
    }

    /// Tells every watch that is up to date how far the log has got without changes for it, so
    /// that it can resume from there.
    package mutating func bookmark(to sink: inout some WatchSink) {
        self.sendAdopted(to: &sink)
        let revision = self.store.applied
        let frame = sink.prepare(.bookmark(revision: revision))
        for index in self.watchers.indices {
            guard let watcher = self.watchers[index], watcher.isSynced, watcher.sent < revision
            else { continue }
            if sink.deliver(frame, to: WatcherSlot(index)) {
                self.watchers[index]?.sent = revision
            } else {
                self.watchers[index]?.isSynced = false
            }
        }
    }

    /// A watcher that lags a little gets every single change; one that lags more gets the latest
    /// state of each flag.
    ///
    /// What does not fit into one frame follows in the next.
    private mutating func deliverMissing(
        _ missing: (changes: [Change], droppedAny: Bool),
        _ watcher: Watcher,
        _ slot: WatcherSlot,
        to sink: inout some WatchSink
    ) -> Bool {
        if let context = self.values.context(of: slot) {
            return self.deliverMissingValues(missing.changes, context, slot, to: &sink)
        }
        var changes = missing.changes
        var coalesced = missing.droppedAny
        if coalesced,
            let all = self.recent.all(
                watcher.environment,
                after: watcher.sent,
                max: ReplicaLimits.flagsPerFrameMax
            )
        {
            changes = all
            coalesced = false
        }
        let count = FrameBudget.count(
            of: changes,
            from: 0,
            max: ReplicaLimits.flagsPerFrameMax,
            size: \.packedBytesEstimate
        )
        let last = changes[count - 1].revision
        let event = WatchEvent.Changes(
            revision: last,
            changes: Array(changes[..<count]),
            coalesced: coalesced
        )
        guard sink.deliver(sink.prepare(.changes(event)), to: slot) else { return false }
        self.watchers[slot.rawValue]?.sent = last
        return true
    }
}
