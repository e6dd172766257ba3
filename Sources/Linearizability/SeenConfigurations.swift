/// The configurations that a search has been in: what was taken, and the state it led to.
///
/// A second way to the same configuration cannot end otherwise than the first one did (Lowe, 2017).
struct SeenConfigurations {
    /// The keys one after the other, each after its length.
    private var pool: [UInt64] = []
    /// Open addressing: position in the pool plus one, or 0.
    private var table: [UInt32] = Array(repeating: 0, count: 1024)
    private var hashes: [UInt64] = Array(repeating: 0, count: 1024)
    private var count = 0

    /// Whether memory for another one is left.
    var isFull: Bool { self.pool.count >= LinearizabilityLimits.seenWordsMax }

    /// Returns whether the configuration was not known before.
    mutating func insert(_ key: [UInt64], hash: UInt64) -> Bool {
        if 2 * self.count >= self.table.count { self.grow() }
        var slot = Int(truncatingIfNeeded: hash) & (self.table.count - 1)
        while self.table[slot] != 0 {
            if self.hashes[slot] == hash, self.isKey(key, at: Int(self.table[slot]) - 1) {
                return false
            }
            slot = (slot + 1) & (self.table.count - 1)
        }
        self.table[slot] = UInt32(self.pool.count + 1)
        self.hashes[slot] = hash
        self.pool.append(UInt64(key.count))
        self.pool.append(contentsOf: key)
        self.count += 1
        return true
    }

    private func isKey(_ key: [UInt64], at position: Int) -> Bool {
        guard self.pool[position] == UInt64(key.count) else { return false }
        for offset in key.indices where self.pool[position + 1 + offset] != key[offset] {
            return false
        }
        return true
    }

    private mutating func grow() {
        let capacity = self.table.count * 4
        var table: [UInt32] = Array(repeating: 0, count: capacity)
        var hashes: [UInt64] = Array(repeating: 0, count: capacity)
        for old in self.table.indices where self.table[old] != 0 {
            var slot = Int(truncatingIfNeeded: self.hashes[old]) & (capacity - 1)
            while table[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            table[slot] = self.table[old]
            hashes[slot] = self.hashes[old]
        }
        self.table = table
        self.hashes = hashes
    }
}
