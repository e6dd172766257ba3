/// Goes along the rows of one organization's history, oldest first, and checks each.
///
/// The node checks its own rows with it, and the program a file that was exported, without any node.
/// Whoever can rewrite all rows can make a chain that holds: compare `head` with another node's, or
/// with one that was noted before.
package struct HistoryChain: Hashable, Sendable {
    /// The hash of the last row; `zero` before the first.
    package private(set) var head = SHA256.Digest.zero
    /// How many rows have been checked.
    package private(set) var rows: UInt64 = 0
    /// The id of the first row that does not fit; `nil` while all do.
    package private(set) var firstBad: UInt64?
    private var last: UInt64 = 0

    /// Begins before an organization's first row.
    package init() {}

    /// Checks the next row, whose fields give `hash` after `previous`, against what it says.
    ///
    /// Answers whether it fits: its id follows, it names the hash of the row before, and its own is
    /// that of its fields. Goes on from what it says, so that one altered row is found once.
    @discardableResult
    package mutating func check(
        id: UInt64,
        previous: SHA256.Digest,
        hash: SHA256.Digest,
        computed: SHA256.Digest
    ) -> Bool {
        let fits = id > self.last && previous == self.head && hash == computed
        if !fits { self.refuse(id) }
        self.rows += 1
        self.last = id
        self.head = hash
        return fits
    }

    /// Checks the next row as it was exported.
    @discardableResult
    package mutating func check(_ row: ChainedRow) -> Bool {
        guard row.link.revision == row.link.id >> 3,
            let previous = SHA256.Digest(hex: row.previousHash),
            let hash = SHA256.Digest(hex: row.hash)
        else {
            self.refuse(row.link.id)
            self.rows += 1
            return false
        }
        return self.check(
            id: row.link.id,
            previous: previous,
            hash: hash,
            computed: row.link.hash(after: previous)
        )
    }

    /// Notes that the row `id` does not fit, for a reason that the chain does not see.
    package mutating func refuse(_ id: UInt64) {
        if self.firstBad == nil { self.firstBad = id }
    }
}
