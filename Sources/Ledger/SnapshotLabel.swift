package import Flags

/// Which snapshot a file holds: the Raft position that it stands for, and which copy of it.
package struct SnapshotLabel: Hashable, Sendable {
    /// The last log index that is in it: the revision of the ledger in the file.
    package let index: Revision
    /// The term of that index.
    package let term: UInt64
    /// XXH64 of the whole file, seed 0.
    ///
    /// Two nodes' ledgers of one revision hold the same rows in different bytes: pieces of one copy
    /// never complete another.
    package let checksum: UInt64
    /// Bytes of the whole file.
    package let bytes: UInt64

    /// Names a snapshot.
    package init(index: Revision, term: UInt64, checksum: UInt64, bytes: UInt64) {
        self.index = index
        self.term = term
        self.checksum = checksum
        self.bytes = bytes
    }

    /// What every name of a file about this snapshot ends with.
    var name: String {
        [self.index.rawValue, self.term, self.checksum, self.bytes]
            .map { String($0, radix: 16) }
            .joined(separator: "-")
    }

    /// Reads back what `name` wrote; `nil` for everything else.
    init?(name: some StringProtocol) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4,
            let index = UInt64(parts[0], radix: 16), let term = UInt64(parts[1], radix: 16),
            let checksum = UInt64(parts[2], radix: 16), let bytes = UInt64(parts[3], radix: 16)
        else { return nil }
        self.init(index: Revision(index), term: term, checksum: checksum, bytes: bytes)
        guard self.name == name else { return nil }
    }
}
