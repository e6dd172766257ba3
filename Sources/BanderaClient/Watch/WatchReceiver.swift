package import ClientProtocol
package import Flags

/// Turns what a watch delivers into a ruleset that is complete at its revision: no gap, no repeat.
///
/// With a context it asks for values instead, and keeps those. A watch for values always begins with
/// all of them: they are few, and only the node knows what they were made from.
///
/// Performs no I/O. The shell passes every event of the current watch, and ``reopened()`` before the
/// first event of another one; a watch always continues from ``request``.
package struct WatchReceiver: Sendable {
    /// What an event came to.
    package enum Outcome: Equatable, Sendable {
        /// Nothing that anybody need know.
        case nothing
        /// The ruleset is a new one as a whole.
        case replaced
        /// These changes are in the ruleset now, in this order.
        case changed([Change])
        /// These flags have other values now, sorted.
        case valuesChanged([FlagKey])
        /// Nothing changed, and the revision grew.
        case advanced
        /// The node broke the promise of the watch.
        ///
        /// Close it and open another; nothing of the event was taken.
        case broken(String)
    }

    /// The flags as they are at the last revision received.
    ///
    /// Older after a `resync`, until the snapshot.
    package private(set) var ruleset: Ruleset
    /// The values for the receiver's context; `nil` when it has none.
    package private(set) var values: EvaluatedValues?
    /// Whether `ruleset` is a basis that changes may be applied to; with a context, whether values
    /// are.
    package private(set) var hasBasis = false
    /// Changes that came although they were known, and were passed over.
    package private(set) var repeats = 0
    /// Whether `ruleset` has every flag; otherwise only those that changed since the start.
    private var isComplete = false
    /// The parts of a snapshot that is not complete.
    private var partial: WatchEvent.Snapshot?
    /// The parts of values that are not complete.
    private var partialValues: WatchEvent.Values?

    /// A receiver that has nothing yet; with a `context` it asks for values.
    package init(environment: EnvironmentID, context: EvaluationContext? = nil) {
        self.ruleset = Ruleset(environment: environment)
        self.values = context.map { EvaluatedValues(environment: environment, context: $0) }
    }

    /// A receiver that only wants what changes after `basis`, and not the flags as they were then.
    package init(environment: EnvironmentID, after basis: Revision) {
        self.ruleset = Ruleset(environment: environment, revision: basis)
        self.hasBasis = true
    }

    /// What to open the next watch with.
    package var request: WatchRequest {
        if let values = self.values {
            return WatchRequest(environment: values.environment, context: values.context)
        }
        return WatchRequest(
            environment: self.ruleset.environment,
            from: self.hasBasis ? self.ruleset.revision : .zero,
            hasBasis: self.hasBasis
        )
    }

    /// What evaluations are made from.
    package var source: FlagSource {
        if let values = self.values { .values(values) } else { .rules(self.ruleset) }
    }

    /// Another watch takes over: half a snapshot from the previous one is worth nothing.
    package mutating func reopened() {
        self.partial = nil
        self.partialValues = nil
        if self.values != nil { self.hasBasis = false }
    }

    /// Takes the next event of the watch.
    package mutating func received(_ event: WatchEvent) -> Outcome {
        switch event {
        case .snapshot where self.values != nil, .changes where self.values != nil:
            return .broken("rules on a watch for values")
        case .snapshot(let part): return self.received(part)
        case .changes(let changes): return self.received(changes)
        case .bookmark(let revision):
            guard self.hasBasis, revision > self.source.revision else { return .nothing }
            self.ruleset.advance(to: revision)
            self.values?.advance(to: revision)
            return .advanced
        case .resync:
            self.hasBasis = false
            self.partial = nil
            self.partialValues = nil
            return .nothing
        case .values(let values): return self.received(values)
        }
    }

    private mutating func received(_ part: WatchEvent.Values) -> Outcome {
        guard let known = self.values else { return .broken("values on a watch for rules") }
        guard self.hasBasis || part.isSnapshot || self.partialValues != nil else {
            return .broken("values before all the others")
        }
        guard let whole = self.gather(part) else {
            self.partialValues = nil
            return .broken("values whose parts are of different revisions")
        }
        guard whole.values.count <= ClientLimits.flagsMax else {
            self.partialValues = nil
            return .broken("values of more than \(ClientLimits.flagsMax) flags")
        }
        self.partialValues = part.isPartial ? whole : nil
        guard !part.isPartial else { return .nothing }
        // Time alone can change a value, so the revision may stay the same.
        guard whole.isSnapshot || whole.revision >= known.revision else {
            self.repeats += 1
            return .nothing
        }
        self.hasBasis = true
        guard let changed = self.values?.apply(whole) else { return .nothing }
        guard self.isComplete else {
            self.isComplete = true
            return .replaced
        }
        if !changed.isEmpty { return .valuesChanged(changed) }
        return whole.revision > known.revision ? .advanced : .nothing
    }

    /// A part with those before it; `nil` when it does not belong to them.
    private func gather(_ part: WatchEvent.Values) -> WatchEvent.Values? {
        if part.isSnapshot { return part }
        guard var whole = self.partialValues else { return part }
        let isNext = whole.values.last.map { last in
            part.values.allSatisfy { last.flag < $0.flag }
        }
        guard whole.revision == part.revision, isNext != false else {
            // What was cut off is sent again, all of it; but never the middle of a snapshot.
            return whole.isSnapshot ? nil : part
        }
        whole.values.append(contentsOf: part.values)
        return whole
    }

    private mutating func received(_ part: WatchEvent.Snapshot) -> Outcome {
        if part.isFirst {
            self.partial = part
        } else {
            guard self.partial != nil else { return .broken("a snapshot without its first part") }
            guard self.partial?.revision == part.revision else {
                self.partial = nil
                return .broken("a snapshot whose parts are of different revisions")
            }
            self.partial?.flags.append(contentsOf: part.flags)
            self.partial?.segments.append(contentsOf: part.segments)
        }
        guard let whole = self.partial, whole.flags.count <= ClientLimits.flagsMax,
            whole.segments.count <= ClientLimits.segmentsMax
        else {
            self.partial = nil
            return .broken(
                "a snapshot of more than \(ClientLimits.flagsMax) flags or "
                    + "\(ClientLimits.segmentsMax) segments"
            )
        }
        guard part.isLast else { return .nothing }
        self.partial = nil
        self.ruleset = Ruleset(
            environment: self.ruleset.environment,
            revision: whole.revision,
            flags: whole.flags,
            segments: whole.segments
        )
        self.hasBasis = true
        self.isComplete = true
        return .replaced
    }

    private mutating func received(_ delivered: WatchEvent.Changes) -> Outcome {
        guard self.hasBasis, self.partial == nil else {
            return .broken("changes before the snapshot that they change")
        }
        var news: [Change] = []
        var previous = Revision.zero
        for change in delivered.changes {
            guard change.environment == self.ruleset.environment else {
                return .broken("a change of \(change.environment)")
            }
            guard change.revision > previous, change.revision <= delivered.revision else {
                return .broken("change \(change.revision) out of order")
            }
            previous = change.revision
            guard change.revision > self.ruleset.revision else {
                self.repeats += 1
                continue
            }
            if let flag = change.flag, self.wasMissed(flag) {
                self.hasBasis = false
                return .broken("flag \(flag.key) was created without being told")
            }
            news.append(change)
        }
        self.ruleset.apply(news)
        let reached = max(delivered.revision, self.ruleset.revision)
        let isAdvance = reached > self.ruleset.revision
        self.ruleset.advance(to: reached)
        guard news.isEmpty else { return .changed(news) }
        return isAdvance ? .advanced : .nothing
    }

    /// Revisions of an environment have gaps by nature; but a flag that was created before our revision
    /// and that we do not have proves that something was left out.
    private func wasMissed(_ flag: Flag) -> Bool {
        self.isComplete && !flag.isArchived && flag.createdRevision <= self.ruleset.revision
            && self.ruleset[flag.key] == nil
    }
}
