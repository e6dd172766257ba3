/// A set of operations, with a hash that is kept up while it changes.
///
/// Operations are taken nearly in the order of their calls: a run of full words, a few words in
/// between, then nothing. Only the words in between are stored when the set is remembered.
struct OperationSet {
    private(set) var words: [UInt64]
    /// All words before this one are full.
    private(set) var firstOpen = 0
    /// All words from this one on are empty.
    private(set) var end = 0
    private(set) var hash: UInt64 = 0
    private let salt: UInt64

    init(count: Int, salt: UInt64) {
        self.words = Array(repeating: 0, count: (count + 63) / 64)
        self.salt = salt
    }

    func contains(_ operation: Int) -> Bool {
        self.words[operation >> 6] & (1 << UInt64(operation & 63)) != 0
    }

    mutating func insert(_ operation: Int) {
        let word = operation >> 6
        self.words[word] |= 1 << UInt64(operation & 63)
        self.hash ^= mixed(UInt64(operation) ^ self.salt)
        self.end = max(self.end, word + 1)
        while self.firstOpen < self.words.count, self.words[self.firstOpen] == .max {
            self.firstOpen += 1
        }
    }

    mutating func remove(_ operation: Int) {
        let word = operation >> 6
        self.words[word] &= ~(1 << UInt64(operation & 63))
        self.hash ^= mixed(UInt64(operation) ^ self.salt)
        self.firstOpen = min(self.firstOpen, word)
        while self.end > 0, self.words[self.end - 1] == 0 { self.end -= 1 }
    }

    /// The words that tell this set from all others, with where they begin and end.
    func describe(into key: inout [UInt64]) {
        let first = min(self.firstOpen, self.end)
        key.append(UInt64(first) << 32 | UInt64(self.end))
        for word in first..<self.end { key.append(self.words[word]) }
    }
}

/// Spreads a number over 64 bits (the finalizer of SplitMix64).
func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
}
