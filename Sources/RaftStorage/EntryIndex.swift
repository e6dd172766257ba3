internal import Raft

/// Where each entry of the log is on disk: 8 bytes per entry, in order, without gaps.
struct EntryIndex {
    /// A place in a segment, packed: 32 bits of sequence, 32 bits of offset.
    struct Location: Hashable {
        private let packed: UInt64

        init(sequence: UInt64, offset: Int) {
            precondition(sequence <= UInt32.max, "segment sequences are 32 bits wide")
            precondition(offset < RaftStorageLimits.segmentBytesMax, "offset \(offset)")
            self.packed = sequence << 32 | UInt64(offset)
        }

        var sequence: UInt64 { self.packed >> 32 }
        var offset: Int { Int(self.packed & 0xFFFF_FFFF) }
    }

    /// The index of the first entry; of the next one if the log is empty.
    private(set) var first: LogIndex
    private var locations: [Location] = []

    init(first: LogIndex) { self.first = first }

    var isEmpty: Bool { self.locations.isEmpty }

    /// The index that the next entry has unless it replaces a suffix.
    var end: LogIndex { self.first.advanced(by: self.locations.count) }

    subscript(_ index: LogIndex) -> Location {
        precondition(index >= self.first && index < self.end, "entry \(index) is not in the log")
        return self.locations[self.position(index)]
    }

    /// Records an entry.
    ///
    /// Entries from `index` on, if any, are forgotten first.
    mutating func set(_ index: LogIndex, _ location: Location) {
        precondition(index >= self.first && index <= self.end, "entry \(index) leaves a gap")
        let position = self.position(index)
        if position < self.locations.count {
            self.locations.removeSubrange(position...)
        }
        self.locations.append(location)
    }

    /// Forgets everything and continues at `first`.
    mutating func restart(at first: LogIndex) {
        self.first = first
        self.locations.removeAll(keepingCapacity: true)
    }

    /// Forgets the entries before `index`.
    mutating func dropPrefix(before index: LogIndex) {
        precondition(index >= self.first && index <= self.end, "entry \(index) is not in the log")
        self.locations.removeFirst(self.position(index))
        self.first = index
    }

    private func position(_ index: LogIndex) -> Int {
        Int(index.rawValue - self.first.rawValue)
    }
}
