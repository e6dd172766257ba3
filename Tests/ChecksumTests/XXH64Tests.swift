import Checksum
import Testing

@Suite struct XXH64Tests {
    /// Vectors of the reference implementation (xxhsum and its Python binding).
    @Test func theHashIsXXH64() {
        #expect(self.hash("") == 0xEF46_DB37_51D8_E999)
        #expect(self.hash("a") == 0xD24E_C4F1_A98C_6E5B)
        #expect(self.hash("abc") == 0x44BC_2CF5_AD77_0999)
        #expect(self.hash("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
    }

    @Test func piecesOfAnyLengthGiveTheHashOfTheWhole() {
        let seed: UInt64 = 7
        var state = seed
        func pick(_ count: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % count)
        }
        for _ in 0..<2_000 {
            let bytes = (0..<pick(300)).map { _ in UInt8(pick(256)) }
            let expected = XXH64.hash(bytes.span, seed: seed)
            var pieces = XXH64(seed: seed)
            var offset = 0
            while offset < bytes.count {
                let end = min(bytes.count, offset + pick(80))
                pieces.update(bytes.span.extracting(offset..<end))
                offset = end
            }
            #expect(pieces.digest == expected, "seed \(seed), \(bytes.count) bytes")
            #expect(pieces.count == UInt64(bytes.count))
        }
    }

    private func hash(_ text: String) -> UInt64 { XXH64.hash(Array(text.utf8).span) }
}
