/// The log as the core sees it: the newest entries in memory, the terms of all known ones.
///
/// Older entries live on disk only. Every access by index takes constant time, appending and
/// releasing take amortised constant time.
struct EntryLog: Sendable {
    /// An entry, and the bytes of everything ever appended through it.
    private struct Slot {
        var entry: Entry
        var bytesThrough: UInt64
    }

    /// The last entry that the disk does not hold any more; `.zero` before the first compaction.
    private(set) var base: LogPosition
    /// The first entry in memory; one past the last if there is none.
    private(set) var firstCached: LogIndex
    /// The last entry, in memory or not.
    private(set) var last: LogPosition
    private var terms: TermRuns

    /// A ring whose capacity is a power of two, so that an index maps to a slot by masking.
    private var slots: [Slot?] = []
    private var head = 0
    /// The bytes of everything before `firstCached`.
    private var bytesBefore: UInt64 = 0

    init(restored: RestoredLog) {
        let first = restored.tail.first?.index ?? restored.last.index.next
        precondition(restored.base.index < restored.last.index.next, "base beyond the log")
        precondition(restored.applied <= restored.last.index, "applied beyond the log: \(restored)")
        precondition(first <= restored.applied.next, "entries after \(restored.applied) missing")
        self.base = restored.base
        self.firstCached = first
        self.last =
            restored.tail.isEmpty ? restored.last : LogPosition(term: .zero, index: first.previous)
        self.terms = TermRuns(
            from: restored.tail.isEmpty && restored.last != .zero ? restored.last : nil
        )
        for entry in restored.tail {
            precondition(entry.index == self.last.index.next, "gap before \(entry.index)")
            self.append(entry)
        }
        self.terms.learn(restored.base)
        precondition(self.last == restored.last, "tail ends at \(self.last), not \(restored.last)")
    }

    /// The log after a snapshot: nothing but the position where it ends.
    init(base: LogPosition) {
        precondition(base.index > .zero && base.term > .zero, "\(base) ends no snapshot")
        self.base = base
        self.firstCached = base.index.next
        self.last = base
        self.terms = TermRuns(from: base)
    }

    /// The first entry on disk.
    var firstStored: LogIndex { self.base.index.next }

    /// The first entry that can be had at all, from disk or from memory.
    var firstAvailable: LogIndex { min(self.firstStored, self.firstCached) }

    /// Entries in memory.
    var cachedCount: Int { Int(self.last.index.rawValue + 1 - self.firstCached.rawValue) }

    /// Bytes of the entries in memory.
    var cachedBytes: Int { self.bytes(after: self.firstCached.previous) }

    /// The term of an entry; zero for index 0; `nil` if it does not exist or only the disk knows.
    func term(at index: LogIndex) -> Term? {
        if index == self.base.index { return self.base.term }
        if index == .zero { return .zero }
        guard index <= self.last.index else { return nil }
        if index >= self.firstCached { return self.slot(at: index).entry.term }
        return self.terms.term(at: index)
    }

    /// The entry at an index that is in memory.
    func entry(at index: LogIndex) -> Entry { self.slot(at: index).entry }

    /// The bytes of all entries after one that is in memory or just before it.
    func bytes(after index: LogIndex) -> Int {
        let all =
            self.last.index >= self.firstCached
            ? self.slot(at: self.last.index).bytesThrough : self.bytesBefore
        return Int(all - self.bytesThrough(index))
    }

    /// The last entry from `first` on such that all of them fit; at least `first` itself.
    func lastFitting(from first: LogIndex, through last: LogIndex, bytesMax: Int) -> LogIndex {
        precondition(first >= self.firstCached, "\(first) is not in memory")
        precondition(first <= last && last <= self.last.index, "no entries \(first)...\(last)")
        let limit = self.bytesThrough(first.previous) + UInt64(bytesMax)
        if self.bytesThrough(last) <= limit { return last }
        var low = first.rawValue
        var high = last.rawValue
        while low + 1 < high {
            let middle = low + (high - low) / 2
            if self.bytesThrough(LogIndex(middle)) <= limit { low = middle } else { high = middle }
        }
        return LogIndex(low)
    }

    /// Entries in memory, both ends included.
    func entries(from first: LogIndex, through last: LogIndex) -> [Entry] {
        precondition(first >= self.firstCached, "\(first) is not in memory")
        precondition(last <= self.last.index, "\(last) is beyond \(self.last)")
        guard first <= last else { return [] }
        var result: [Entry] = []
        result.reserveCapacity(Int(last.rawValue - first.rawValue + 1))
        for raw in first.rawValue...last.rawValue {
            result.append(self.slot(at: LogIndex(raw)).entry)
        }
        return result
    }

    /// The last position at or before `hint` whose term does not exceed the hint's.
    ///
    /// Skips a whole term per step (Raft paper §5.3). Where only the disk knows the terms the
    /// answer carries none.
    func lastAgreeable(with hint: LogPosition) -> (index: LogIndex, term: Term?) {
        let index = min(hint.index, self.last.index)
        if index == .zero { return (.zero, .zero) }
        return self.terms.lastAgreeable(index: index, term: hint.term)
    }

    /// Adds the next entry.
    mutating func append(_ entry: Entry) {
        precondition(entry.index == self.last.index.next, "\(entry.index) after \(self.last)")
        precondition(entry.term >= self.last.term, "\(entry.term) after \(self.last)")
        if self.cachedCount == self.slots.count { self.grow() }
        let bytes = entry.payload.count + RaftLimits.entryOverheadBytes
        let before = self.bytesThrough(self.last.index)
        let offset = self.offset(of: entry.index)
        self.slots[offset] = Slot(entry: entry, bytesThrough: before + UInt64(bytes))
        self.last = LogPosition(term: entry.term, index: entry.index)
        self.terms.append(self.last)
    }

    /// Removes the entry after `previous`, which is in memory, and all that follow.
    ///
    /// The caller names the term as well: of an entry that was applied before a restart only the
    /// disk and the sender of the conflicting entry know it.
    mutating func truncate(after previous: LogPosition) {
        let first = previous.index.next
        precondition(first >= self.firstCached, "cannot truncate \(first), not in memory")
        precondition(first <= self.last.index, "nothing to truncate at \(first)")
        var current = self.last.index
        while current >= first {
            self.slots[self.offset(of: current)] = nil
            current = current.previous
        }
        self.terms.truncate(from: first)
        self.terms.learn(previous)
        self.last = previous
    }

    /// Releases the oldest entries in memory until they fit, none after `limit`.
    mutating func release(through limit: LogIndex, bytesMax: Int) {
        precondition(limit <= self.last.index, "\(limit) is beyond \(self.last)")
        while self.firstCached <= limit, self.cachedBytes > bytesMax {
            let offset = self.offset(of: self.firstCached)
            self.bytesBefore = self.bytesThrough(self.firstCached)
            self.slots[offset] = nil
            self.head = (self.head + 1) & (self.slots.count - 1)
            self.firstCached = self.firstCached.next
        }
    }

    /// Takes note that the disk released everything through `base`.
    ///
    /// What is in memory stays there.
    mutating func compact(to base: LogPosition) {
        precondition(base.index >= self.base.index, "\(base) precedes \(self.base)")
        precondition(base.index <= self.last.index, "\(base) is beyond \(self.last)")
        let known = self.term(at: base.index)
        precondition(
            known == nil || known == base.term,
            "\(base) is of term \(String(describing: known))"
        )
        self.base = base
    }

    /// Remembers the term of an entry that was read from disk.
    mutating func learn(_ position: LogPosition) { self.terms.learn(position) }

    private func bytesThrough(_ index: LogIndex) -> UInt64 {
        precondition(index.next >= self.firstCached, "the bytes through \(index) are forgotten")
        return index < self.firstCached ? self.bytesBefore : self.slot(at: index).bytesThrough
    }

    private func offset(of index: LogIndex) -> Int {
        let distance = Int(index.rawValue - self.firstCached.rawValue)
        return (self.head + distance) & (self.slots.count - 1)
    }

    private func slot(at index: LogIndex) -> Slot {
        precondition(index >= self.firstCached, "\(index) is not in memory")
        guard let slot = self.slots[self.offset(of: index)] else {
            preconditionFailure("\(index) is not in memory")
        }
        return slot
    }

    private mutating func grow() {
        let count = self.cachedCount
        var grown: [Slot?] = []
        let capacity = max(64, self.slots.count * 2)
        grown.reserveCapacity(capacity)
        for offset in 0..<count {
            grown.append(self.slots[(self.head + offset) & (self.slots.count - 1)])
        }
        while grown.count < capacity { grown.append(nil) }
        self.slots = grown
        self.head = 0
    }
}
