/// Reads texts in lower case, character by character, without making a copy.
///
/// Unicode's simple lower-casing: one scalar becomes one scalar, whatever the language.
enum CaseFolding {
    /// The scalars of `text` in lower case.
    static func scalars(of text: String) -> [UInt32] {
        let bytes = text.utf8.span
        var scalars: [UInt32] = []
        scalars.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count { scalars.append(Self.next(in: bytes, &index)) }
        return scalars
    }

    /// The scalar at `index` in lower case; moves on to the next.
    ///
    /// `bytes` are those of a `String`, so they are valid UTF-8.
    @inline(__always)
    static func next(in bytes: borrowing Span<UInt8>, _ index: inout Int) -> UInt32 {
        let first = bytes[index]
        guard first >= 0x80 else {
            index &+= 1
            let isUpper = first &- UInt8(ascii: "A") < 26
            return UInt32(isUpper ? first | 0x20 : first)
        }
        return Self.nextBeyondASCII(in: bytes, &index)
    }

    private static func nextBeyondASCII(
        in bytes: borrowing Span<UInt8>,
        _ index: inout Int
    ) -> UInt32 {
        let first = bytes[index]
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = UInt32(first) & (0x7F >> UInt32(count))
        for offset in 1..<count where index + offset < bytes.count {
            scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F)
        }
        index += count
        guard let unicode = Unicode.Scalar(scalar) else { return scalar }
        return unicode.properties.lowercaseMapping.unicodeScalars.first?.value ?? scalar
    }
}
