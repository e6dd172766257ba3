/// What a node finds on its disk when it starts.
package struct RestoredLog: Hashable, Sendable {
    /// The stored term and vote.
    package var hardState: HardState
    /// The last entry before the first that the log still holds; `.zero` until it was compacted.
    package var base: LogPosition
    /// The membership at `base` and those of all configuration entries in the log, ascending.
    ///
    /// Empty if there is none: then `RaftConfiguration` names the members.
    package var memberships: [Membership]
    /// The last durable entry, or `.zero` for an empty log.
    package var last: LogPosition
    /// All entries after `applied` through `last`, contiguous.
    ///
    /// May start earlier.
    package var tail: [Entry]
    /// The last entry that the state machine already contains.
    ///
    /// MUST NOT exceed `last.index`, nor precede `base`.
    package var applied: LogIndex

    package init(
        hardState: HardState = HardState(),
        base: LogPosition = .zero,
        memberships: [Membership] = [],
        first: LogIndex? = nil,
        last: LogPosition = .zero,
        tail: [Entry] = [],
        applied: LogIndex = .zero
    ) {
        precondition(
            first.map { $0 <= base.index.next } ?? true,
            "entries between \(base) and \(String(describing: first)) are missing"
        )
        self.hardState = hardState
        self.base = base
        self.memberships = memberships
        self.last = last
        self.tail = tail
        self.applied = applied
    }

    /// A node that has never run.
    package static let empty = RestoredLog()
}
