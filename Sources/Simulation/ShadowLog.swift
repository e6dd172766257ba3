internal import Raft

/// An entry as far as safety is concerned.
struct Fingerprint: Hashable {
    let term: Term
    let hash: UInt64

    init(_ entry: Entry) {
        self.term = entry.term
        self.hash = fingerprint(of: entry.payload, seed: UInt64(entry.kind.rawValue))
    }
}

/// The checker's own copy of a node's log: what the replica handed over, or what is durable of it.
///
/// Entries through `base` were replaced by a snapshot.
struct ShadowLog: Hashable {
    private(set) var base = LogPosition.zero
    private var entries: [Fingerprint] = []

    init() {}

    init(base: LogPosition, entries: [Fingerprint]) {
        self.base = base
        self.entries = entries
    }

    var baseIndex: Int { Int(self.base.index.rawValue) }
    /// The index of the last entry.
    var end: Int { self.baseIndex + self.entries.count }
    var lastTerm: Term { self.entries.last?.term ?? self.base.term }

    /// The entry at an index after `base` and not after `end`.
    subscript(_ index: Int) -> Fingerprint { self.entries[index - self.baseIndex - 1] }

    /// The term at an index from `base` on.
    func term(at index: Int) -> Term {
        index == self.baseIndex ? self.base.term : self[index].term
    }

    func holds(_ entry: Fingerprint, at index: Int) -> Bool {
        // What a snapshot replaced was compared with what is committed when it was installed.
        if index <= self.baseIndex { return true }
        return index <= self.end && self[index] == entry
    }

    /// Forgets everything after `index`.
    mutating func truncate(after index: Int) {
        guard index < self.end else { return }
        self.entries.removeSubrange(max(index - self.baseIndex, 0)...)
    }

    mutating func append(_ entry: Fingerprint) { self.entries.append(entry) }

    /// Adds what a hand-over holds, replacing what follows its first entry's predecessor.
    mutating func adopt(_ added: [Fingerprint], first: Int) {
        self.truncate(after: first - 1)
        self.entries.append(contentsOf: added)
    }

    /// Replaces everything through a snapshot's position.
    ///
    /// What follows is kept only if the log agreed with the snapshot.
    mutating func install(_ base: LogPosition) {
        let index = Int(base.index.rawValue)
        let agrees =
            index <= self.end && index >= self.baseIndex && self.term(at: index) == base.term
        if agrees {
            self.entries.removeFirst(index - self.baseIndex)
        } else {
            self.entries.removeAll()
        }
        self.base = base
    }
}

/// A checksum that is the same in every process: eight bytes at a time, mixed as SplitMix64 does.
func fingerprint(of bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
    var hash = seed ^ 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
    unsafe bytes.withUnsafeBytes { buffer in
        var offset = 0
        while offset + 8 <= buffer.count {
            let word = unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = mix(hash, UInt64(littleEndian: word))
            offset += 8
        }
        while offset < buffer.count {
            hash = unsafe mix(hash, UInt64(buffer[offset]))
            offset += 1
        }
    }
    return hash
}

/// Mixes a word into a hash.
func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    var mixed = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 29
    return mixed &* 0xBF58_476D_1CE4_E5B9
}
