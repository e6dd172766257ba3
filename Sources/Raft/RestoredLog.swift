/// What a node finds on its disk when it starts.
package struct RestoredLog: Hashable, Sendable {
    /// The stored term and vote.
    package var hardState: HardState
    /// The first entry that the log still holds; 1 until snapshots release entries.
    package var first: LogIndex
    /// The last durable entry, or `.zero` for an empty log.
    package var last: LogPosition
    /// All entries after `applied` through `last`, contiguous.
    ///
    /// May start earlier.
    package var tail: [Entry]
    /// The last entry that the state machine already contains.
    ///
    /// MUST NOT exceed `last.index`.
    package var applied: LogIndex

    package init(
        hardState: HardState = HardState(),
        first: LogIndex = LogIndex(1),
        last: LogPosition = .zero,
        tail: [Entry] = [],
        applied: LogIndex = .zero
    ) {
        self.hardState = hardState
        self.first = first
        self.last = last
        self.tail = tail
        self.applied = applied
    }

    /// A node that has never run.
    package static let empty = RestoredLog()
}
