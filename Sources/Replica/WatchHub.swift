package import ClientProtocol
package import FlagStore
package import Flags

/// Names a watch on one client loop.
///
/// Reused after `unsubscribe`.
package struct WatcherSlot: Hashable, Sendable {
    package let rawValue: Int

    package init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Where a hub's events go: the connections of a client loop, or a simulated client.
package protocol WatchSink {
    /// An event in the form in which it is written to any number of watchers.
    associatedtype Frame

    /// Encodes an event, once for all who get it.
    mutating func prepare(_ event: WatchEvent) -> Frame
    /// Whether the watcher took it; `false` when its credit or its connection's room is used up,
    /// and then nothing was sent.
    mutating func deliver(_ frame: Frame, to slot: WatcherSlot) -> Bool
}

/// Who watches what on one client loop, and what each has been sent.
///
/// Promises (etcd's watch guarantees): a watcher gets every change of its environment after the
/// revision it named, in order, none twice. One that cannot keep up gets the latest state of each
/// flag that changed meanwhile, and one that is too far behind is told to resync and gets a
/// snapshot; never a hole. Performs no I/O.
package struct WatchHub: Sendable {
    struct Watcher: Sendable {
        var environment: EnvironmentID
        /// Everything up to here was sent, or was known to the watcher when it came.
        var sent: Revision
        var acknowledged: Revision
        /// Whether publications go straight out; otherwise `resume` must catch it up first.
        var isSynced: Bool
    }

    /// A snapshot on its way to one watcher, interrupted by lack of credit.
    struct SnapshotCursor: Sendable {
        let revision: Revision
        let flags: [Flag]
        var next: Int
    }

    private(set) var watchers: [Watcher?] = []
    private var vacant: [Int] = []
    private var slots: [EnvironmentID: [WatcherSlot]] = [:]
    private var cursors: [Int: SnapshotCursor] = [:]
    private var recent: RecentChanges
    /// Changes of adopted states that nobody has been sent, in order of revision.
    private var adopted: [Change] = []
    /// The latest change of each environment since `startedAt`.
    private var lastChanged: [EnvironmentID: Revision] = [:]
    /// What changed before is not known here: the state came from the disk or from a snapshot.
    private var startedAt: Revision
    /// Whether a snapshot took the state's place, and nobody has been told.
    private var isReplaced = false
    package private(set) var store: FlagStore

    package init(store: FlagStore) {
        self.store = store
        self.startedAt = store.applied
        self.recent = RecentChanges(
            after: store.applied,
            capacity: ReplicaLimits.recentChangesMax
        )
    }

    /// The number of watches.
    package var count: Int { self.watchers.count - self.vacant.count }

    /// The watches of one environment, in the order in which they came.
    package func watchers(of environment: EnvironmentID) -> [WatcherSlot] {
        self.slots[environment] ?? []
    }

    /// How many watches of an environment have acknowledged a revision.
    package func acknowledgedCount(_ environment: EnvironmentID, revision: Revision) -> Int {
        self.watchers(of: environment).count { slot in
            (self.watchers[slot.rawValue]?.acknowledged ?? .zero) >= revision
        }
    }

    /// Adds a watch.
    ///
    /// Call `resume` next: that sends what it lacks.
    ///
    /// - Parameter basis: the revision that the watcher has seen everything up to; `nil` asks for a
    ///   snapshot.
    /// - Returns: `nil` when this loop serves as many watches as it may.
    package mutating func subscribe(
        to environment: EnvironmentID,
        after basis: Revision?
    ) -> WatcherSlot? {
        guard self.count < ReplicaLimits.watchersPerLoopMax else { return nil }
        let watcher = Watcher(
            environment: environment,
            sent: basis ?? .zero,
            acknowledged: basis ?? .zero,
            isSynced: false
        )
        let slot: WatcherSlot
        if let index = self.vacant.popLast() {
            self.watchers[index] = watcher
            slot = WatcherSlot(index)
        } else {
            self.watchers.append(watcher)
            slot = WatcherSlot(self.watchers.count - 1)
        }
        self.slots[environment, default: []].append(slot)
        if basis == nil { self.beginSnapshot(slot) }
        return slot
    }

    /// Forgets a watch.
    package mutating func unsubscribe(_ slot: WatcherSlot) {
        guard let watcher = self.watcher(slot) else { return }
        self.watchers[slot.rawValue] = nil
        self.vacant.append(slot.rawValue)
        self.cursors[slot.rawValue] = nil
        self.slots[watcher.environment]?.removeAll { $0 == slot }
        if self.slots[watcher.environment]?.isEmpty == true {
            self.slots[watcher.environment] = nil
        }
    }

    /// The watcher says that it has applied everything up to `revision`.
    package mutating func acknowledge(_ slot: WatcherSlot, revision: Revision) {
        guard let watcher = self.watcher(slot) else { return }
        // A claim beyond what was sent is a faulty client's: it must not count as progress.
        let believable = min(revision, watcher.sent)
        self.watchers[slot.rawValue]?.acknowledged = max(watcher.acknowledged, believable)
    }

    private func watcher(_ slot: WatcherSlot) -> Watcher? {
        guard self.watchers.indices.contains(slot.rawValue) else { return nil }
        return self.watchers[slot.rawValue]
    }
}

// MARK: - What goes out

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
            for index in self.watchers.indices {
                self.watchers[index]?.isSynced = false
                self.catchUp(WatcherSlot(index), to: &sink)
            }
        }
        guard let first = self.adopted.first else { return }
        let changes = self.adopted
        self.adopted.removeAll(keepingCapacity: true)
        for change in changes {
            self.recent.append(change)
            self.lastChanged[change.environment] = change.revision
        }
        if changes.allSatisfy({ $0.environment == first.environment }) {
            self.broadcast(changes, of: first.environment, to: &sink)
            return
        }
        // The order of environments does not matter to any watcher; sorting keeps runs equal.
        for environment in Set(changes.map(\.environment)).sorted() {
            let own = changes.filter { $0.environment == environment }
            self.broadcast(own, of: environment, to: &sink)
        }
    }

    private mutating func broadcast(
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

    private mutating func catchUp(_ slot: WatcherSlot, to sink: inout some WatchSink) {
        while let watcher = self.watcher(slot) {
            if self.cursors[slot.rawValue] != nil {
                guard self.continueSnapshot(slot, to: &sink) else { return }
                continue
            }
            // What other environments do must not push a quiet one's watchers off the ring.
            if (self.lastChanged[watcher.environment] ?? self.startedAt) <= watcher.sent {
                self.watchers[slot.rawValue]?.isSynced = true
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
                self.beginSnapshot(slot)
                continue
            }
            guard !missing.changes.isEmpty else {
                self.watchers[slot.rawValue]?.isSynced = true
                return
            }
            guard self.deliverMissing(missing, watcher, slot, to: &sink) else {
                self.watchers[slot.rawValue]?.isSynced = false
                return
            }
        }
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

    private mutating func beginSnapshot(_ slot: WatcherSlot) {
        guard let watcher = self.watcher(slot) else { return }
        self.watchers[slot.rawValue]?.isSynced = false
        self.cursors[slot.rawValue] = SnapshotCursor(
            revision: self.store.applied,
            flags: (self.store.flags(in: watcher.environment) ?? []).map(\.flag),
            next: 0
        )
    }

    /// Returns whether the snapshot is complete.
    private mutating func continueSnapshot(
        _ slot: WatcherSlot,
        to sink: inout some WatchSink
    ) -> Bool {
        guard var cursor = self.cursors[slot.rawValue] else { return true }
        while true {
            let end =
                cursor.next
                + FrameBudget.count(
                    of: cursor.flags,
                    from: cursor.next,
                    max: ReplicaLimits.flagsPerFrameMax,
                    size: \.packedBytesEstimate
                )
            let isLast = end == cursor.flags.count
            let frame = sink.prepare(
                .snapshot(
                    WatchEvent.Snapshot(
                        revision: cursor.revision,
                        flags: Array(cursor.flags[cursor.next..<end]),
                        isFirst: cursor.next == 0,
                        isLast: isLast
                    )
                )
            )
            guard sink.deliver(frame, to: slot) else {
                self.cursors[slot.rawValue] = cursor
                return false
            }
            cursor.next = end
            if isLast { break }
        }
        self.cursors[slot.rawValue] = nil
        self.watchers[slot.rawValue]?.sent = cursor.revision
        return true
    }
}
