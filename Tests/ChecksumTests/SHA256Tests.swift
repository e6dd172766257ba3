import Checksum
import Testing

@Suite struct SHA256Tests {
    /// Vectors of NIST: the examples of FIPS 180-4, and of the long messages.
    @Test func theDigestIsSHA256() {
        #expect(
            self.hash("")
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        #expect(
            self.hash("abc")
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            self.hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        )
        #expect(
            self.hash(
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                    + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"
            ) == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        )
        #expect(
            self.hash(String(repeating: "a", count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    /// Vectors of NIST's CAVP, byte-oriented: lengths around a block's end.
    @Test func lengthsAroundABlock() {
        let expected = [
            (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
        ]
        for (count, digest) in expected {
            #expect(self.hash(String(repeating: "a", count: count)) == digest, "\(count) bytes")
        }
    }

    @Test func piecesOfAnyLengthGiveTheDigestOfTheWhole() {
        let seed: UInt64 = 9
        var state = seed
        func pick(_ count: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % count)
        }
        for _ in 0..<1_000 {
            let bytes = (0..<pick(400)).map { _ in UInt8(pick(256)) }
            var pieces = SHA256()
            var offset = 0
            while offset < bytes.count {
                let end = min(bytes.count, offset + pick(150))
                pieces.update(bytes.span.extracting(offset..<end))
                offset = end
            }
            #expect(pieces.digest == SHA256.hash(bytes.span), "seed \(seed), \(bytes.count) bytes")
            #expect(pieces.count == UInt64(bytes.count))
        }
    }

    @Test func aDigestReadsBackFromItsDigitsAndItsBytes() {
        let digest = SHA256.hash("bandera")
        #expect(SHA256.Digest(hex: digest.hex) == digest)
        #expect(SHA256.Digest(digest.bytes.span) == digest)
        #expect(digest.bytes.count == 32 && "\(digest)" == digest.hex)
        #expect(SHA256.Digest.zero.hex == String(repeating: "0", count: 64))
    }

    @Test func otherTextsAndBytesAreNoDigest() {
        let hex = SHA256.hash("").hex
        let texts = [
            "", "0", hex.uppercased(), hex + "0", String(hex.dropLast()), "g" + hex.dropFirst(),
        ]
        for text in texts {
            #expect(SHA256.Digest(hex: text) == nil, "\(text)")
        }
        #expect(SHA256.Digest([UInt8](repeating: 0, count: 31).span) == nil)
    }

    private func hash(_ text: String) -> String { SHA256.hash(text).hex }
}
