/// XXH64 over bytes that come in pieces: the same hash however they are cut.
///
/// Why not CRC32C: in Swift, without the processor's instruction, its tables reach about 1 GB/s and
/// give 32 bits; XXH64 needs only multiplication and rotation, is several times as fast, has a
/// public specification with test vectors, and takes a seed. It finds damage; it is no defence
/// against somebody who chooses the bytes.
package struct XXH64: Sendable {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5
    private static let stripeBytes = 32

    private let seed: UInt64
    private var lane1: UInt64
    private var lane2: UInt64
    private var lane3: UInt64
    private var lane4: UInt64
    /// How many bytes have been fed.
    package private(set) var count: UInt64 = 0
    /// The bytes since the last whole stripe: fewer than a stripe between calls.
    private var rest: InlineArray<32, UInt8> = .init(repeating: 0)
    private var restCount = 0

    /// Starts the hash of no bytes.
    package init(seed: UInt64 = 0) {
        self.seed = seed
        self.lane1 = seed &+ Self.prime1 &+ Self.prime2
        self.lane2 = seed &+ Self.prime2
        self.lane3 = seed
        self.lane4 = seed &- Self.prime1
    }

    /// The hash of `bytes` alone.
    package static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return XXH64(seed: seed).digest }
            return unsafe Self.hash(start, count: bytes.count, seed: seed)
        }
    }

    /// The hash of the `count` bytes from `start` on.
    package static func hash(_ start: UnsafeRawPointer, count: Int, seed: UInt64) -> UInt64 {
        var hash = XXH64(seed: seed)
        let whole = unsafe hash.stripes(start, count: count)
        hash.count = UInt64(count)
        return unsafe Self.finish(hash.gathered, rest: start + whole, count: count - whole)
    }

    /// Feeds the next bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { unsafe self.update(start, count: bytes.count) }
        }
    }

    /// Feeds the next `count` bytes from `start` on.
    package mutating func update(_ start: UnsafeRawPointer, count: Int) {
        self.count &+= UInt64(count)
        var used = 0
        if self.restCount > 0 {
            while self.restCount < Self.stripeBytes, used < count {
                self.rest[self.restCount] = unsafe start.load(fromByteOffset: used, as: UInt8.self)
                self.restCount += 1
                used += 1
            }
            guard self.restCount == Self.stripeBytes else { return }
            let stripe = self.rest
            unsafe stripe.span.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                _ = unsafe self.stripes(base, count: Self.stripeBytes)
            }
            self.restCount = 0
        }
        used += unsafe self.stripes(start + used, count: count - used)
        while used < count {
            self.rest[self.restCount] = unsafe start.load(fromByteOffset: used, as: UInt8.self)
            self.restCount += 1
            used += 1
        }
    }

    /// The hash of everything fed so far.
    package var digest: UInt64 {
        let rest = self.rest
        return unsafe rest.span.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { preconditionFailure("32 bytes long") }
            return unsafe Self.finish(self.gathered, rest: base, count: self.restCount)
        }
    }

    /// Takes the whole stripes at `start` in, and says how many bytes they are.
    private mutating func stripes(_ start: UnsafeRawPointer, count: Int) -> Int {
        var offset = 0
        var (lane1, lane2, lane3, lane4) = (self.lane1, self.lane2, self.lane3, self.lane4)
        while count - offset >= Self.stripeBytes {
            let cursor = unsafe start + offset
            lane1 = Self.round(lane1, unsafe Self.word(cursor))
            lane2 = Self.round(lane2, unsafe Self.word(cursor + 8))
            lane3 = Self.round(lane3, unsafe Self.word(cursor + 16))
            lane4 = Self.round(lane4, unsafe Self.word(cursor + 24))
            offset += Self.stripeBytes
        }
        (self.lane1, self.lane2, self.lane3, self.lane4) = (lane1, lane2, lane3, lane4)
        return offset
    }

    /// The whole stripes and the length, without the rest.
    private var gathered: UInt64 {
        guard self.count >= UInt64(Self.stripeBytes) else {
            return self.seed &+ Self.prime5 &+ self.count
        }
        var hash = Self.rotate(self.lane1, 1) &+ Self.rotate(self.lane2, 7)
        hash = hash &+ Self.rotate(self.lane3, 12) &+ Self.rotate(self.lane4, 18)
        hash = Self.merge(hash, self.lane1)
        hash = Self.merge(hash, self.lane2)
        hash = Self.merge(hash, self.lane3)
        hash = Self.merge(hash, self.lane4)
        return hash &+ self.count
    }

    private static func finish(
        _ gathered: UInt64,
        rest: UnsafeRawPointer,
        count: Int
    ) -> UInt64 {
        var hash = gathered
        var cursor = unsafe rest
        let end = unsafe rest + count
        while unsafe end - cursor >= 8 {
            hash ^= Self.round(0, unsafe Self.word(cursor))
            hash = Self.rotate(hash, 27) &* Self.prime1 &+ Self.prime4
            unsafe cursor += 8
        }
        if unsafe end - cursor >= 4 {
            let half = UInt32(littleEndian: unsafe cursor.loadUnaligned(as: UInt32.self))
            hash ^= UInt64(half) &* Self.prime1
            hash = Self.rotate(hash, 23) &* Self.prime2 &+ Self.prime3
            unsafe cursor += 4
        }
        while unsafe cursor < end {
            hash ^= UInt64(unsafe cursor.load(as: UInt8.self)) &* Self.prime5
            hash = Self.rotate(hash, 11) &* Self.prime1
            unsafe cursor += 1
        }
        hash = (hash ^ hash &>> 33) &* Self.prime2
        hash = (hash ^ hash &>> 29) &* Self.prime3
        return hash ^ hash &>> 32
    }

    @inline(__always)
    private static func word(_ pointer: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: unsafe pointer.loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value &<< bits | value &>> (64 &- bits)
    }

    @inline(__always)
    private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        Self.rotate(lane &+ word &* Self.prime2, 31) &* Self.prime1
    }

    @inline(__always)
    private static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ Self.round(0, lane)) &* Self.prime1 &+ Self.prime4
    }
}
