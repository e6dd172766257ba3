/// Values by name, found by the bytes of the name.
///
/// Not a `Dictionary`: its keyed hash and its comparison by canonical equivalence take longer than
/// all the rest of an evaluation. The names are a tenant's own, so whoever made them collide would
/// slow down nobody else.
struct NameTable<Element: Sendable>: Sendable {
    private struct Entry: Sendable {
        let name: String
        let hash: UInt32
        var element: Element
    }

    private var entries: [Entry] = []
    /// A power of two, at most half full: the hash in the upper half, the position in `entries`
    /// from one in the lower; 0 is free.
    private var slots: [UInt64]

    /// Makes room for `capacity` entries.
    init(capacity: Int = 0) {
        self.entries.reserveCapacity(capacity)
        self.slots = Self.emptySlots(for: capacity)
    }

    var count: Int { self.entries.count }

    /// In no order that means anything.
    var elements: some Sequence<Element> { self.entries.lazy.map(\.element) }

    /// The value named `name`; setting `nil` removes it.
    subscript(name: String) -> Element? {
        get {
            guard let found = self.find(name, Murmur3.hash(name)) else { return nil }
            return self.entries[found.position].element
        }
        set {
            let hash = Murmur3.hash(name)
            switch (self.find(name, hash), newValue) {
            case (let found?, let element?): self.entries[found.position].element = element
            case (let found?, nil): self.remove(found)
            case (nil, let element?):
                self.insert(Entry(name: name, hash: hash, element: element))
            case (nil, nil): break
            }
        }
    }

    private func find(_ name: borrowing String, _ hash: UInt32) -> (slot: Int, position: Int)? {
        let slots = self.slots.span
        let entries = self.entries.span
        let bytes = name.utf8.span
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let position = Self.position(slots[slot])
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == hash,
                entries[position].name.utf8.span.hasSameBytes(as: bytes)
            {
                return (slot, position)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func insert(_ entry: Entry) {
        self.entries.append(entry)
        if self.entries.count * 2 > self.slots.count {
            self.slots = Self.emptySlots(for: self.entries.count * 2)
            for position in self.entries.indices { self.occupy(position) }
        } else {
            self.occupy(self.entries.count - 1)
        }
    }

    private mutating func occupy(_ position: Int) {
        let hash = self.entries[position].hash
        var slot = self.home(hash)
        while self.slots[slot] != 0 { slot = self.next(slot) }
        self.slots[slot] = Self.occupied(hash, position)
    }

    /// Moves the last entry to where the removed one was, and closes the gap in the slots, so that
    /// no search stops too early.
    private mutating func remove(_ found: (slot: Int, position: Int)) {
        let last = self.entries.count - 1
        if found.position != last {
            let hash = self.entries[last].hash
            var slot = self.home(hash)
            while self.slots[slot] != Self.occupied(hash, last) { slot = self.next(slot) }
            self.slots[slot] = Self.occupied(hash, found.position)
            self.entries.swapAt(found.position, last)
        }
        self.entries.removeLast()
        var gap = found.slot
        var slot = self.next(gap)
        while self.slots[slot] != 0 {
            let home = self.home(UInt32(truncatingIfNeeded: self.slots[slot] >> 32))
            let mask = self.slots.count - 1
            if (slot - home) & mask >= (slot - gap) & mask {
                self.slots[gap] = self.slots[slot]
                gap = slot
            }
            slot = self.next(slot)
        }
        self.slots[gap] = 0
    }

    private func home(_ hash: UInt32) -> Int { Int(hash) & (self.slots.count - 1) }

    private func next(_ slot: Int) -> Int { (slot + 1) & (self.slots.count - 1) }

    private static func position(_ slot: UInt64) -> Int {
        Int(UInt32(truncatingIfNeeded: slot)) - 1
    }

    private static func occupied(_ hash: UInt32, _ position: Int) -> UInt64 {
        UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: position + 1))
    }

    private static func emptySlots(for count: Int) -> [UInt64] {
        var size = 16
        while size < count * 2 { size *= 2 }
        return [UInt64](repeating: 0, count: size)
    }
}
