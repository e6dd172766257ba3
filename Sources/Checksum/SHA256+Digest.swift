extension SHA256 {
    /// The 32 bytes of a digest.
    package struct Digest: Hashable, Sendable, CustomStringConvertible {
        /// How many bytes a digest has.
        package static let byteCount = 32
        /// 32 zero bytes: what no known input gives.
        package static let zero = Digest(0, 0, 0, 0)

        /// The bytes as big-endian numbers.
        private let word0: UInt64
        private let word1: UInt64
        private let word2: UInt64
        private let word3: UInt64

        private init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
            self.word0 = word0
            self.word1 = word1
            self.word2 = word2
            self.word3 = word3
        }

        init(_ state: InlineArray<8, UInt32>) {
            func word(_ index: Int) -> UInt64 {
                UInt64(state[index]) << 32 | UInt64(state[index + 1])
            }
            self.init(word(0), word(2), word(4), word(6))
        }

        /// Takes 32 bytes; `nil` for any other number.
        package init?(_ bytes: Span<UInt8>) {
            guard bytes.count == Self.byteCount else { return nil }
            func word(_ index: Int) -> UInt64 {
                (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[index * 8 + $1]) }
            }
            self.init(word(0), word(1), word(2), word(3))
        }

        /// Reads 64 lower-case hexadecimal digits; `nil` for anything else.
        package init?(hex: String) { self.init(hex: hex.utf8.span) }

        /// Reads the ASCII of 64 lower-case hexadecimal digits; `nil` for anything else.
        package init?(hex: Span<UInt8>) {
            guard hex.count == 64 else { return nil }
            var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
            for index in 0..<64 {
                guard let value = Self.value(ofDigit: hex[index]) else { return nil }
                words[index / 16] = words[index / 16] << 4 | UInt64(value)
            }
            self.init(words[0], words[1], words[2], words[3])
        }

        /// The bytes.
        package var bytes: [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(Self.byteCount)
            for index in 0..<Self.byteCount { bytes.append(self.byte(index)) }
            return bytes
        }

        /// The bytes, without memory of their own.
        var inlineBytes: InlineArray<32, UInt8> { InlineArray { self.byte($0) } }

        /// The byte at `index`, 0 through 31.
        package func byte(_ index: Int) -> UInt8 {
            let word =
                switch index / 8 {
                case 0: self.word0
                case 1: self.word1
                case 2: self.word2
                default: self.word3
                }
            return UInt8(truncatingIfNeeded: word &>> UInt64(56 - index % 8 * 8))
        }

        /// 64 lower-case hexadecimal digits.
        package var hex: String {
            let digits: InlineArray<16, UInt8> = [
                0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
                0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66,
            ]
            var text: [UInt8] = []
            text.reserveCapacity(64)
            for index in 0..<Self.byteCount {
                let byte = self.byte(index)
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
            return String(decoding: text, as: UTF8.self)
        }

        /// The hexadecimal digits.
        package var description: String { self.hex }

        private static func value(ofDigit digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
    }
}
