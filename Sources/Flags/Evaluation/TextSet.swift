/// Texts, made for asking which of them a text is: the same bytes, or the same in lower case.
///
/// Not a `Set`, which compares by canonical equivalence and allocates for some texts to do so; and
/// other languages, which evaluate the same flags, compare bytes.
struct TextSet: Sendable {
    private let entries: [String]
    private let ignoresCase: Bool
    /// Positions in `entries`, from one, by hash; 0 is free.
    ///
    /// At most half full, a power of two. Empty when there are few entries: a handful is found
    /// faster by looking.
    private let slots: [UInt32]

    init(_ entries: [String], ignoresCase: Bool = false) {
        self.entries = entries
        self.ignoresCase = ignoresCase
        guard entries.count > FlagsLimits.membershipScanMax else {
            self.slots = []
            return
        }
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        var slots = [UInt32](repeating: 0, count: capacity)
        for (position, entry) in entries.enumerated() {
            var slot = Self.slot(of: entry, ignoresCase, capacity)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: position + 1)
        }
        self.slots = slots
    }

    var isEmpty: Bool { self.entries.isEmpty }

    func contains(_ text: borrowing String) -> Bool { self.position(of: text) != nil }

    /// The position of the first entry that is `text`.
    func position(of text: borrowing String) -> Int? {
        let entries = self.entries.span
        guard !self.slots.isEmpty else {
            for position in entries.indices where self.isSame(entries[position], text) {
                return position
            }
            return nil
        }
        let slots = self.slots.span
        var slot = Self.slot(of: text, self.ignoresCase, slots.count)
        while slots[slot] != 0 {
            let position = Int(slots[slot]) - 1
            if self.isSame(entries[position], text) { return position }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func isSame(_ entry: borrowing String, _ text: borrowing String) -> Bool {
        let own = entry.utf8.span
        let other = text.utf8.span
        guard self.ignoresCase else { return own.hasSameBytes(as: other) }
        var ownIndex = 0
        var otherIndex = 0
        while ownIndex < own.count, otherIndex < other.count {
            let scalar = CaseFolding.next(in: own, &ownIndex)
            guard scalar == CaseFolding.next(in: other, &otherIndex) else { return false }
        }
        return ownIndex >= own.count && otherIndex >= other.count
    }

    private static func slot(
        of text: borrowing String,
        _ ignoresCase: Bool,
        _ capacity: Int
    ) -> Int {
        var hash = Murmur3()
        let bytes = text.utf8.span
        if ignoresCase {
            var index = 0
            while index < bytes.count { hash.update(scalar: CaseFolding.next(in: bytes, &index)) }
        } else {
            hash.update(bytes)
        }
        return Int(hash.finalized()) & (capacity - 1)
    }
}

extension Span<UInt8> {
    /// Whether the two have the same bytes.
    func hasSameBytes(as other: borrowing Span<UInt8>) -> Bool {
        let count = self.count
        guard count == other.count else { return false }
        let own = unsafe self.bytes
        let others = unsafe other.bytes
        var index = 0
        while count - index >= 8 {
            // Within bounds of both, which are equally long.
            let word = unsafe own.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let other = unsafe others.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard word == other else { return false }
            index &+= 8
        }
        while index < count {
            guard self[index] == other[index] else { return false }
            index &+= 1
        }
        return true
    }
}

extension Murmur3 {
    /// Continues with a scalar: one byte for ASCII, four for all else.
    fileprivate mutating func update(scalar: UInt32) {
        self.update(UInt8(truncatingIfNeeded: scalar))
        guard scalar >= 0x80 else { return }
        self.update(UInt8(truncatingIfNeeded: scalar >> 8))
        self.update(UInt8(truncatingIfNeeded: scalar >> 16))
        self.update(UInt8(truncatingIfNeeded: scalar >> 24))
    }
}
