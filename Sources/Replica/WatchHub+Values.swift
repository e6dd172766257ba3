internal import ClientProtocol
internal import FlagStore
internal import Flags

/// What flags are for the contexts of those who watch values.
extension WatchHub {
    /// Sends each watch of an environment what has become something else for it.
    ///
    /// Only flags that the changes can have affected are evaluated, as they were and as they are.
    mutating func broadcastValues(
        _ changes: [Change],
        of environment: EnvironmentID,
        to sink: inout some WatchSink
    ) {
        let slots = self.values.slots(of: environment)
        guard !slots.isEmpty, let first = changes.first, let last = changes.last else { return }
        let affected = self.values.affected(by: changes, in: environment, self.store)
        let urgent = changes.filter(\.isUrgent)
        for slot in slots {
            guard let watcher = self.watchers[slot.rawValue],
                let context = self.values.context(of: slot)
            else { continue }
            guard watcher.isSynced else {
                // What it was told last is not known: it is sent all that the change concerns.
                for change in urgent { self.deliveries.add(slot, to: change.revision) }
                continue
            }
            guard watcher.sent < first.revision else {
                self.catchUp(slot, to: &sink)
                continue
            }
            let news = self.news(affected, context, in: environment)
            guard !news.isEmpty else {
                self.watchers[slot.rawValue]?.sent = last.revision
                continue
            }
            for change in urgent { self.deliveries.add(slot, to: change.revision) }
            self.send(news, at: last.revision, to: slot, through: &sink)
        }
    }

    /// What is not what it was when everybody was told last.
    private func news(
        _ affected: AffectedFlags,
        _ context: EvaluationContext,
        in environment: EnvironmentID
    ) -> [WatchEvent.Values.FlagValue] {
        affected.keys.compactMap { key in
            let value = self.value(of: key, context, in: environment, self.store)
            guard let previous = self.values.previous, !affected.timed.contains(key) else {
                return value
            }
            return self.value(of: key, context, in: environment, previous) == value ? nil : value
        }
    }

    /// A watch that lags gets all that may have changed since: what it was sent is not known.
    mutating func deliverMissingValues(
        _ changes: [Change],
        _ context: EvaluationContext,
        _ slot: WatcherSlot,
        to sink: inout some WatchSink
    ) -> Bool {
        guard let watcher = self.watcher(slot), let last = changes.last else { return true }
        let affected = self.values.affected(by: changes, in: watcher.environment, self.store)
        let values = affected.keys.map {
            self.value(of: $0, context, in: watcher.environment, self.store)
        }
        self.send(values, at: last.revision, to: slot, through: &sink)
        return self.watcher(slot)?.sent == last.revision
    }

    /// Sends values in as many frames as they need; a watch that does not take all of them is sent
    /// them again later.
    private mutating func send(
        _ values: [WatchEvent.Values.FlagValue],
        at revision: Revision,
        to slot: WatcherSlot,
        through sink: inout some WatchSink
    ) {
        var start = 0
        while start < values.count {
            let count = FrameBudget.count(
                of: values,
                from: start,
                max: ReplicaLimits.valuesPerFrameMax,
                size: \.packedBytesEstimate
            )
            let event = WatchEvent.Values(
                revision: revision,
                values: Array(values[start..<start + count]),
                isSnapshot: false,
                isPartial: start + count < values.count
            )
            guard sink.deliver(sink.prepare(.values(event)), to: slot) else {
                self.watchers[slot.rawValue]?.isSynced = false
                return
            }
            start += count
        }
        self.watchers[slot.rawValue]?.sent = revision
    }

    func value(
        of key: FlagKey,
        _ context: EvaluationContext,
        in environment: EnvironmentID,
        _ store: FlagStore
    ) -> WatchEvent.Values.FlagValue {
        // By this node's clock a date may be ahead that the leader has recorded as passed.
        let now = max(self.now, self.store.time)
        let evaluation = store.evaluate(environment, key, context, now: now)
        return WatchEvent.Values.FlagValue(flag: key, evaluation: evaluation)
    }
}

extension WatchEvent.Values.FlagValue {
    /// About how many bytes it takes on the wire.
    fileprivate var packedBytesEstimate: Int {
        let value = self.evaluation.value?.packedBytesEstimate ?? 0
        return value + self.flag.rawValue.utf8.count
            + (self.evaluation.variation?.utf8.count ?? 0) + 32
    }
}
