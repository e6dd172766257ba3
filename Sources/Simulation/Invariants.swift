internal import Raft

/// What must hold after every step (Raft paper, figure 3), checked over all nodes and all time.
struct Invariants {
    /// An entry as far as safety is concerned.
    struct Fingerprint: Hashable {
        let term: Term
        let hash: UInt64

        init(_ entry: Entry) {
            self.term = entry.term
            self.hash = fnv1a(entry.payload, seed: UInt64(entry.kind.rawValue))
        }
    }

    private struct Slot: Hashable {
        let index: LogIndex
        let term: Term
    }

    private var leaders: [Term: NodeID] = [:]
    /// Every entry that was ever handed to any log, with the term of the one before it.
    private var appended: [Slot: (entry: Fingerprint, previous: Term)] = [:]
    /// Position i holds the committed entry of index i + 1.
    private(set) var committed: [Fingerprint] = []
    private(set) var violations: [String] = []

    /// Election safety: at most one leader per term.
    mutating func leads(_ node: NodeID, in term: Term, log: [Fingerprint]) {
        if let other = self.leaders[term] {
            self.require(other == node, "\(other) and \(node) both lead in \(term)")
            return
        }
        self.leaders[term] = node
        // Leader completeness: whoever is elected has every entry that was ever committed.
        for (position, entry) in self.committed.enumerated() {
            self.require(
                position < log.count && log[position] == entry,
                "\(node) leads in \(term) without the committed entry \(position + 1)"
            )
        }
    }

    /// Log matching: entries with equal index and term are equal, and so is all before them.
    mutating func appends(_ entries: [Entry], after log: [Fingerprint]) {
        var previous = log.last?.term ?? .zero
        for entry in entries {
            let slot = Slot(index: entry.index, term: entry.term)
            let fingerprint = Fingerprint(entry)
            if let known = self.appended[slot] {
                self.require(
                    known.entry == fingerprint && known.previous == previous,
                    "two different entries exist at \(entry.term)/\(entry.index)"
                )
            } else {
                self.appended[slot] = (fingerprint, previous)
            }
            previous = entry.term
        }
    }

    /// State-machine safety, and that what commits is durable on a majority.
    mutating func commits(
        _ node: NodeID,
        through commit: LogIndex,
        log: [Fingerprint],
        durable: [[Fingerprint]]
    ) {
        // What others have on disk can be known to be committed while this node's own copy still
        // waits to be handed to its log: that part is checked when it is.
        let count = min(Int(commit.rawValue), log.count)
        var position = self.committed.count
        while position < count {
            let entry = log[position]
            let holders = durable.count { position < $0.count && $0[position] == entry }
            self.require(
                2 * holders > durable.count,
                "\(node) commits entry \(position + 1), which only \(holders) disks hold"
            )
            self.committed.append(entry)
            position += 1
        }
    }

    /// What a node has applied is what was committed there, for ever.
    mutating func agrees(_ node: NodeID, from: Int, through: Int, log: [Fingerprint]) {
        for position in from..<through {
            self.require(
                position < self.committed.count && self.committed[position] == log[position],
                "\(node) applied another entry \(position + 1) than was committed"
            )
        }
    }

    mutating func require(_ holds: Bool, _ violation: @autoclosure () -> String) {
        if !holds { self.violations.append(violation()) }
    }
}

/// FNV-1a with 64 bits: a checksum that is the same in every process.
func fnv1a(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}
