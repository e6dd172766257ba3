/// MurmurHash3 x86 32-bit, fed piece by piece: hashing `a` then `b` equals hashing their
/// concatenation.
///
/// A value type, so that the state after a common prefix can be kept and continued many times.
public struct Murmur3: Sendable {
    private var state: UInt32
    /// Up to three bytes that do not make a block yet, little-endian.
    private var tail: UInt32 = 0
    private var tailCount: UInt32 = 0
    private var length: UInt32 = 0

    /// Begins a hash.
    public init(seed: UInt32 = 0) { self.state = seed }

    /// Hashes one text at once.
    public static func hash(_ text: String, seed: UInt32 = 0) -> UInt32 {
        var hash = Murmur3(seed: seed)
        hash.update(text)
        return hash.finalized()
    }

    /// Continues with the UTF-8 bytes of `text`.
    public mutating func update(_ text: String) {
        self.update(text.utf8.span)
    }

    /// Continues with `bytes`.
    public mutating func update(_ bytes: borrowing Span<UInt8>) {
        let count = bytes.count
        self.length &+= UInt32(truncatingIfNeeded: count)
        var index = 0
        while self.tailCount != 0 && index < count {
            self.append(bytes[index])
            index += 1
        }
        let raw = unsafe bytes.bytes
        while count - index >= 4 {
            // Within bounds, by the line above.
            let block = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt32.self)
            self.mix(UInt32(littleEndian: block))
            index &+= 4
        }
        while index < count {
            self.append(bytes[index])
            index += 1
        }
    }

    /// Continues with one byte.
    public mutating func update(_ byte: UInt8) {
        self.length &+= 1
        self.append(byte)
    }

    /// The hash of everything fed so far.
    public func finalized() -> UInt32 {
        var hash = self.state
        if self.tailCount > 0 { hash ^= Self.scrambled(self.tail) }
        hash ^= self.length
        hash ^= hash >> 16
        hash &*= 0x85EB_CA6B
        hash ^= hash >> 13
        hash &*= 0xC2B2_AE35
        hash ^= hash >> 16
        return hash
    }

    private mutating func append(_ byte: UInt8) {
        self.tail |= UInt32(byte) << (8 &* self.tailCount)
        self.tailCount &+= 1
        if self.tailCount == 4 {
            self.mix(self.tail)
            self.tail = 0
            self.tailCount = 0
        }
    }

    private mutating func mix(_ block: UInt32) {
        let mixed = self.state ^ Self.scrambled(block)
        self.state = (mixed << 13 | mixed >> 19) &* 5 &+ 0xE654_6B64
    }

    private static func scrambled(_ block: UInt32) -> UInt32 {
        let product = block &* 0xCC9E_2D51
        return (product << 15 | product >> 17) &* 0x1B87_3593
    }
}
