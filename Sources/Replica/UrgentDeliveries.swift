package import Flags

/// How one urgent change reached the watches of one client loop.
package struct UrgentDelivery: Hashable, Sendable {
    /// The change, which is also the alert that it raised.
    package let revision: Revision
    /// How many watches it was for.
    package let watchers: UInt32
    /// How many of them said that they have it.
    package let acknowledged: UInt32
    /// From when the command was taken in to the last acknowledgement.
    package let milliseconds: UInt32
}

/// The urgent changes whose acknowledgements are awaited, oldest first.
struct UrgentDeliveries: Sendable {
    private struct Open: Sendable {
        let revision: Revision
        /// When the command was taken in.
        let asked: Timestamp
        /// When nobody waits for acknowledgements any more.
        let until: Timestamp
        var watchers: UInt32
        var acknowledged: UInt32 = 0
        var milliseconds: UInt32 = 0
        var missing: Set<WatcherSlot>
    }

    private var open: [Open] = []
    private var finished: [UrgentDelivery] = []

    var isEmpty: Bool { self.open.isEmpty && self.finished.isEmpty }

    /// An urgent change goes out to these watches.
    ///
    /// - Parameter asked: when the command was taken in, by the clock of the node that took it; not
    ///   the replicated clock, which may be ahead of all of them.
    mutating func began(
        _ revision: Revision,
        _ slots: [WatcherSlot],
        asked: Timestamp?,
        now: Timestamp
    ) {
        if self.open.count >= ReplicaLimits.urgentDeliveriesMax { self.close(0) }
        let wait = ReplicaLimits.urgentAcknowledgementMilliseconds
        self.open.append(
            Open(
                revision: revision,
                asked: asked ?? now,
                until: Timestamp(milliseconds: now.milliseconds &+ wait),
                watchers: UInt32(clamping: slots.count),
                missing: Set(slots)
            )
        )
    }

    /// The change also concerns this watch.
    mutating func add(_ slot: WatcherSlot, to revision: Revision) {
        guard let index = self.open.firstIndex(where: { $0.revision == revision }),
            self.open[index].missing.insert(slot).inserted
        else { return }
        self.open[index].watchers += 1
    }

    mutating func acknowledged(_ slot: WatcherSlot, revision: Revision, now: Timestamp) {
        guard !self.open.isEmpty else { return }
        for index in self.open.indices where self.open[index].revision <= revision {
            guard self.open[index].missing.remove(slot) != nil else { continue }
            let elapsed = now.milliseconds &- self.open[index].asked.milliseconds
            self.open[index].acknowledged += 1
            self.open[index].milliseconds = UInt32(clamping: elapsed)
        }
    }

    /// The watch has gone: its acknowledgement will not come, and a new one may get its slot.
    mutating func left(_ slot: WatcherSlot) {
        for index in self.open.indices { self.open[index].missing.remove(slot) }
    }

    /// Those of which all is known by now, or will be known.
    mutating func takeFinished(now: Timestamp) -> [UrgentDelivery] {
        for index in self.open.indices.reversed()
        where self.open[index].missing.isEmpty || self.open[index].until <= now {
            self.close(index)
        }
        defer { self.finished = [] }
        return self.finished.sorted { $0.revision < $1.revision }
    }

    private mutating func close(_ index: Int) {
        let open = self.open.remove(at: index)
        self.finished.append(
            UrgentDelivery(
                revision: open.revision,
                watchers: open.watchers,
                acknowledged: open.acknowledged,
                milliseconds: open.milliseconds
            )
        )
    }
}

extension WatchHub {
    /// Whether acknowledgements of urgent changes are awaited, or known and not taken.
    package var hasDeliveries: Bool { !self.deliveries.isEmpty }

    /// How urgent changes reached the watches here: those of which all is known, or that were
    /// waited for long enough.
    ///
    /// One for every urgent change, also when nobody watched.
    package mutating func takeDeliveries() -> [UrgentDelivery] {
        self.deliveries.takeFinished(now: self.now)
    }
}
