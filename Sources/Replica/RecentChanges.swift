internal import Flags

/// The latest changes of all environments, in order of revision, up to a bound.
///
/// Invariant: every change with a revision above `floor` is here.
struct RecentChanges: Sendable {
    private var ring: [Change] = []
    /// Where the oldest change stands in `ring` once it is full.
    private var start = 0
    private let capacity: Int
    private(set) var floor: Revision

    init(after floor: Revision, capacity: Int) {
        precondition(capacity > 0, "a ring needs room, got \(capacity)")
        self.floor = floor
        self.capacity = capacity
    }

    var count: Int { self.ring.count }

    /// Changes MUST arrive in ascending order of revision.
    mutating func append(_ change: Change) {
        if let last = self.last {
            precondition(
                last.revision < change.revision,
                "change \(change.revision) arrived after \(last.revision)"
            )
        }
        guard self.ring.count == self.capacity else {
            self.ring.append(change)
            return
        }
        self.floor = self.ring[self.start].revision
        self.ring[self.start] = change
        self.start = (self.start + 1) % self.capacity
    }

    /// The latest state of each flag of `environment` that changed after `revision`, in order of
    /// revision, and whether any earlier state was left out.
    ///
    /// `nil` when they are not all here.
    func coalesced(
        _ environment: EnvironmentID,
        after revision: Revision
    ) -> (changes: [Change], droppedAny: Bool)? {
        guard revision >= self.floor else { return nil }
        var seen: Set<ChangedItem> = []
        var newestFirst: [Change] = []
        var droppedAny = false
        self.visitNewestFirst(environment, after: revision) { change in
            if seen.insert(ChangedItem(change)).inserted {
                newestFirst.append(change)
            } else {
                droppedAny = true
            }
            return true
        }
        return (newestFirst.reversed(), droppedAny)
    }

    /// Every change of `environment` after `revision`, at most `max`; `nil` when they are not all
    /// here or there are more.
    func all(
        _ environment: EnvironmentID,
        after revision: Revision,
        max: Int
    ) -> [Change]? {
        guard revision >= self.floor else { return nil }
        var newestFirst: [Change] = []
        var fits = true
        self.visitNewestFirst(environment, after: revision) { change in
            fits = newestFirst.count < max
            if fits { newestFirst.append(change) }
            return fits
        }
        return fits ? newestFirst.reversed() : nil
    }

    /// Visits the changes of `environment` after `revision`, until `visit` returns false.
    private func visitNewestFirst(
        _ environment: EnvironmentID,
        after revision: Revision,
        _ visit: (Change) -> Bool
    ) {
        var position = self.ring.count
        while position > 0 {
            position -= 1
            let change = self.ring[(self.start + position) % self.ring.count]
            guard change.revision > revision else { return }
            guard change.environment == environment else { continue }
            guard visit(change) else { return }
        }
    }

    private var last: Change? {
        guard !self.ring.isEmpty else { return nil }
        return self.ring[(self.start + self.ring.count - 1) % self.ring.count]
    }
}

/// What a change is about, by name.
enum ChangedItem: Hashable {
    case flag(FlagKey)
    case segment(String)

    init(_ change: Change) {
        switch change.item {
        case .flag(let flag): self = .flag(flag.key)
        case .segment(let segment): self = .segment(segment.key)
        case .segmentRemoved(let key): self = .segment(key)
        }
    }
}
