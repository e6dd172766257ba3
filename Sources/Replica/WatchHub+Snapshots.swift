internal import ClientProtocol
internal import FlagStore
internal import Flags

/// A snapshot on its way to one watcher, interrupted by lack of credit.
struct SnapshotCursor: Sendable {
    /// A part of a snapshot: segments come before the flags that name them.
    enum Item: Sendable {
        case segment(Segment)
        case flag(Flag)

        /// About how many bytes it takes on the wire: all of it, or only what it is for a context.
        func packedBytesEstimate(isValue: Bool) -> Int {
            switch self {
            case .segment(let segment): segment.packedBytesEstimate
            case .flag(let flag): isValue ? flag.valueBytesEstimate : flag.packedBytesEstimate
            }
        }
    }

    let revision: Revision
    let items: [Item]
    var next = 0
}

extension WatchHub {
    mutating func beginSnapshot(_ slot: WatcherSlot) {
        guard let watcher = self.watcher(slot) else { return }
        self.watchers[slot.rawValue]?.isSynced = false
        let flags = self.store.flags(in: watcher.environment) ?? []
        var items: [SnapshotCursor.Item] = []
        if self.values.context(of: slot) == nil {
            let segments = self.store.segments(in: watcher.environment) ?? []
            items = segments.map { .segment($0) }
        }
        items.append(contentsOf: flags.lazy.map { .flag($0.flag) })
        self.cursors[slot.rawValue] = SnapshotCursor(revision: self.store.applied, items: items)
    }

    /// Returns whether the snapshot is complete.
    mutating func continueSnapshot(_ slot: WatcherSlot, to sink: inout some WatchSink) -> Bool {
        guard var cursor = self.cursors[slot.rawValue], let watcher = self.watcher(slot) else {
            return true
        }
        let context = self.values.context(of: slot)
        while true {
            let end =
                cursor.next
                + FrameBudget.count(
                    of: cursor.items,
                    from: cursor.next,
                    max: context == nil
                        ? ReplicaLimits.flagsPerFrameMax : ReplicaLimits.valuesPerFrameMax,
                    size: { $0.packedBytesEstimate(isValue: context != nil) }
                )
            let part = cursor.items[cursor.next..<end]
            let event =
                if let context {
                    self.valuesEvent(part, of: cursor, context, in: watcher.environment)
                } else {
                    Self.rulesEvent(part, of: cursor)
                }
            guard sink.deliver(sink.prepare(event), to: slot) else {
                self.cursors[slot.rawValue] = cursor
                return false
            }
            cursor.next = end
            if end == cursor.items.count { break }
        }
        self.cursors[slot.rawValue] = nil
        self.watchers[slot.rawValue]?.sent = cursor.revision
        return true
    }

    private static func rulesEvent(
        _ part: ArraySlice<SnapshotCursor.Item>,
        of cursor: SnapshotCursor
    ) -> WatchEvent {
        var flags: [Flag] = []
        var segments: [Segment] = []
        for item in part {
            switch item {
            case .flag(let flag): flags.append(flag)
            case .segment(let segment): segments.append(segment)
            }
        }
        return .snapshot(
            WatchEvent.Snapshot(
                revision: cursor.revision,
                flags: flags,
                segments: segments,
                isFirst: cursor.next == 0,
                isLast: part.endIndex == cursor.items.count
            )
        )
    }

    /// The parts together take the place of all that the watch knows.
    private func valuesEvent(
        _ part: ArraySlice<SnapshotCursor.Item>,
        of cursor: SnapshotCursor,
        _ context: EvaluationContext,
        in environment: EnvironmentID
    ) -> WatchEvent {
        let keys = part.compactMap { item in
            if case .flag(let flag) = item { flag.key } else { nil }
        }
        return .values(
            WatchEvent.Values(
                revision: cursor.revision,
                values: keys.map { self.value(of: $0, context, in: environment, self.store) },
                isSnapshot: cursor.next == 0,
                isPartial: part.endIndex < cursor.items.count
            )
        )
    }
}
