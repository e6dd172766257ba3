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
        /// Whether it came with a basis and has heard nothing yet: it does not know that it lacks
        /// nothing.
        var isUngreeted: Bool
    }

    var watchers: [Watcher?] = []
    private var vacant: [Int] = []
    /// The watches for rules.
    private(set) var slots: [EnvironmentID: [WatcherSlot]] = [:]
    /// The watches for values.
    var values = ValueWatches()
    var cursors: [Int: SnapshotCursor] = [:]
    var recent: RecentChanges
    /// Changes of adopted states that nobody has been sent, in order of revision.
    var adopted: [Change] = []
    /// The latest change of each environment since `startedAt`.
    var lastChanged: [EnvironmentID: Revision] = [:]
    /// What changed before is not known here: the state came from the disk or from a snapshot.
    var startedAt: Revision
    /// Whether a snapshot took the state's place, and nobody has been told.
    var isReplaced = false
    /// How urgent changes reach the watches.
    var deliveries = UrgentDeliveries()
    /// The wall clock, as the shell says before it lets the hub do anything.
    package var now = Timestamp(milliseconds: 0)
    package internal(set) var store: FlagStore

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
        (self.slots[environment] ?? []) + self.values.slots(of: environment)
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
    /// - Parameters:
    ///   - basis: the revision that the watcher has seen everything up to; `nil` asks for a
    ///     snapshot. A watch for values always begins with one.
    ///   - context: whose values are wanted; `nil` asks for rules.
    /// - Returns: `nil` when this loop serves as many watches as it may.
    package mutating func subscribe(
        to environment: EnvironmentID,
        after basis: Revision?,
        context: EvaluationContext? = nil
    ) -> WatcherSlot? {
        guard self.count < ReplicaLimits.watchersPerLoopMax else { return nil }
        let basis = context == nil ? basis : nil
        let watcher = Watcher(
            environment: environment,
            sent: basis ?? .zero,
            acknowledged: basis ?? .zero,
            isSynced: false,
            isUngreeted: basis != nil
        )
        let slot: WatcherSlot
        if let index = self.vacant.popLast() {
            self.watchers[index] = watcher
            slot = WatcherSlot(index)
        } else {
            self.watchers.append(watcher)
            slot = WatcherSlot(self.watchers.count - 1)
        }
        if let context {
            self.values.add(slot, to: environment, context, now: self.store)
        } else {
            self.slots[environment, default: []].append(slot)
        }
        if basis == nil { self.beginSnapshot(slot) }
        return slot
    }

    /// Forgets a watch.
    package mutating func unsubscribe(_ slot: WatcherSlot) {
        guard let watcher = self.watcher(slot) else { return }
        self.watchers[slot.rawValue] = nil
        self.vacant.append(slot.rawValue)
        self.cursors[slot.rawValue] = nil
        self.deliveries.left(slot)
        if self.values.remove(slot, from: watcher.environment) { return }
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
        self.deliveries.acknowledged(slot, revision: believable, now: self.now)
    }

    func watcher(_ slot: WatcherSlot) -> Watcher? {
        guard self.watchers.indices.contains(slot.rawValue) else { return nil }
        return self.watchers[slot.rawValue]
    }
}
