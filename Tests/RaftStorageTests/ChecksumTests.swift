import RaftStorage
import Testing

@Suite struct ChecksumTests {
    /// Vectors of the reference implementation (xxhsum and its Python binding).
    @Test func theHashIsXXH64() {
        #expect(self.hash("", seed: 0) == 0xEF46_DB37_51D8_E999)
        #expect(self.hash("a", seed: 0) == 0xD24E_C4F1_A98C_6E5B)
        #expect(self.hash("abc", seed: 0) == 0x44BC_2CF5_AD77_0999)
        #expect(
            self.hash("Nobody inspects the spammish repetition", seed: 0) == 0xFBCE_A83C_8A37_8BF1
        )
    }

    private func hash(_ text: String, seed: UInt64) -> UInt64 {
        let bytes = Array(text.utf8) + [0]
        return unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe Checksum.xxh64(base, count: bytes.count - 1, seed: seed)
        }
    }
}
