/// SHA-256 (FIPS 180-4) over bytes that come in pieces: the same digest however they are cut.
///
/// For what somebody may want to forge: the chain of the history, and the secrets of tokens. In
/// Swift, because it belongs to values that know no library, and the rows of a history are short.
package struct SHA256: Sendable {
    /// Bytes that are taken in at once.
    private static let blockBytes = 64

    /// How many bytes have been fed.
    package private(set) var count: UInt64 = 0
    private var state = Self.initialState
    /// The bytes since the last whole block: fewer than a block between calls.
    private var rest = InlineArray<64, UInt8>(repeating: 0)
    private var restCount = 0

    /// Starts the digest of no bytes.
    package init() {}

    /// The digest of `bytes` alone.
    package static func hash(_ bytes: Span<UInt8>) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest
    }

    /// The digest of the UTF-8 of `text` alone.
    package static func hash(_ text: String) -> Digest {
        Self.hash(text.utf8.span)
    }

    /// Feeds the next bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        self.count &+= UInt64(bytes.count)
        var used = 0
        if self.restCount > 0 {
            used = min(Self.blockBytes - self.restCount, bytes.count)
            self.keep(bytes, from: 0, to: used)
            guard self.restCount == Self.blockBytes else { return }
            self.takeInRest()
        }
        let blocks = (bytes.count - used) / Self.blockBytes
        for index in 0..<blocks {
            unsafe Self.compress(&self.state, bytes.bytes, at: used + index * Self.blockBytes)
        }
        self.keep(bytes, from: used + blocks * Self.blockBytes, to: bytes.count)
    }

    /// The digest of everything fed so far.
    package var digest: Digest {
        var last = self
        last.append(0x80)
        while last.restCount != Self.blockBytes - 8 { last.append(0) }
        let bits = self.count &* 8
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            last.append(UInt8(truncatingIfNeeded: bits &>> shift))
        }
        return Digest(last.state)
    }

    private mutating func keep(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
        for index in start..<end {
            self.rest[self.restCount] = bytes[index]
            self.restCount += 1
        }
    }

    private mutating func append(_ byte: UInt8) {
        self.rest[self.restCount] = byte
        self.restCount += 1
        if self.restCount == Self.blockBytes { self.takeInRest() }
    }

    private mutating func takeInRest() {
        let block = self.rest
        unsafe Self.compress(&self.state, block.span.bytes, at: 0)
        self.restCount = 0
    }

    /// Takes in the block of `bytes` that begins at `offset` (FIPS 180-4, 6.2.2).
    ///
    /// The schedule is kept sixteen words long: each round uses up the word that it replaces.
    private static func compress(
        _ state: inout InlineArray<8, UInt32>,
        _ bytes: RawSpan,
        at offset: Int
    ) {
        precondition(offset >= 0 && offset + Self.blockBytes <= bytes.byteCount)
        var words = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<16 {
            // Within the span, as is checked above, and every bit pattern is a number.
            words[index] = unsafe UInt32(
                bigEndian: bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset &+ index &* 4,
                    as: UInt32.self
                )
            )
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for start in stride(from: 0, to: 64, by: 8) {
            if start >= 16 { Self.extend(&words, from: start & 15) }
            let half = start & 8
            Self.round(a, b, c, &d, e, f, g, &h, Self.constants[start] &+ words[half])
            Self.round(h, a, b, &c, d, e, f, &g, Self.constants[start + 1] &+ words[half + 1])
            Self.round(g, h, a, &b, c, d, e, &f, Self.constants[start + 2] &+ words[half + 2])
            Self.round(f, g, h, &a, b, c, d, &e, Self.constants[start + 3] &+ words[half + 3])
            Self.round(e, f, g, &h, a, b, c, &d, Self.constants[start + 4] &+ words[half + 4])
            Self.round(d, e, f, &g, h, a, b, &c, Self.constants[start + 5] &+ words[half + 5])
            Self.round(c, d, e, &f, g, h, a, &b, Self.constants[start + 6] &+ words[half + 6])
            Self.round(b, c, d, &e, f, g, h, &a, Self.constants[start + 7] &+ words[half + 7])
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    /// One round; the caller renames the eight words instead of moving them.
    @inline(__always)
    private static func round(
        _ a: UInt32,
        _ b: UInt32,
        _ c: UInt32,
        _ d: inout UInt32,
        _ e: UInt32,
        _ f: UInt32,
        _ g: UInt32,
        _ h: inout UInt32,
        _ input: UInt32
    ) {
        let sumE = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
        let first = h &+ sumE &+ (g ^ (e & (f ^ g))) &+ input
        let sumA = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
        d &+= first
        h = first &+ sumA &+ ((a & b) | (c & (a | b)))
    }

    /// Replaces eight words of the schedule by those of sixteen rounds later.
    @inline(__always)
    private static func extend(_ words: inout InlineArray<16, UInt32>, from start: Int) {
        for slot in start..<(start + 8) {
            let early = words[(slot &+ 1) & 15]
            let late = words[(slot &+ 14) & 15]
            words[slot & 15] &+=
                words[(slot &+ 9) & 15]
                &+ (Self.rotate(early, 7) ^ Self.rotate(early, 18) ^ early &>> 3)
                &+ (Self.rotate(late, 17) ^ Self.rotate(late, 19) ^ late &>> 10)
        }
    }

    @inline(__always)
    private static func rotate(_ value: UInt32, _ bits: UInt32) -> UInt32 {
        value &>> bits | value &<< (32 &- bits)
    }

    private static let initialState: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
        0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]

    private static let constants: InlineArray<64, UInt32> = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
        0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
        0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
        0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
        0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
