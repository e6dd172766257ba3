package import Raft

/// What a log held when it was opened: where Raft continues.
package struct Recovered: Hashable, Sendable {
    package var hardState: HardState
    /// The first entry kept.
    ///
    /// `last.index + 1` in an empty log.
    package var first: LogIndex
    /// The last entry; before the first one ever, `.zero`.
    package var last: LogPosition
    /// Bytes of an unacknowledged batch that a crash left half written and that were cut.
    package var tailCut: Int

    package init(hardState: HardState, first: LogIndex, last: LogPosition, tailCut: Int) {
        self.hardState = hardState
        self.first = first
        self.last = last
        self.tailCut = tailCut
    }
}
