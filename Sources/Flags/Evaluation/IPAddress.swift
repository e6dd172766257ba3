/// An IP address; one of version 4 that is written as version 6 (`::ffff:10.0.0.1`) is one of
/// version 4.
enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(UInt128)

    /// What version 4 is mapped into (RFC 4291, section 2.5.5.2).
    private static let mapped = UInt128(0xFFFF) << 32

    /// Reads dotted decimals without leading zeros, or RFC 4291 text without a zone.
    init?(_ text: String) {
        let bytes = text.utf8.span
        self.init(bytes, 0..<bytes.count)
    }

    init?(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
        if let number = Self.v4(bytes, range) {
            self = .v4(number)
        } else if let number = Self.v6(bytes, range) {
            self.init(v6: number)
        } else {
            return nil
        }
    }

    private init(v6 number: UInt128) {
        self =
            number >> 32 == Self.mapped >> 32
            ? .v4(UInt32(truncatingIfNeeded: number)) : .v6(number)
    }

    private static func v4(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var address: UInt32 = 0
        var index = range.lowerBound
        for part in 0..<4 {
            if part > 0 {
                guard index < range.upperBound, bytes[index] == UInt8(ascii: ".") else {
                    return nil
                }
                index += 1
            }
            let start = index
            var number: UInt32 = 0
            while index < range.upperBound, index < start + 3,
                bytes[index] &- UInt8(ascii: "0") < 10
            {
                number = number * 10 + UInt32(bytes[index] - UInt8(ascii: "0"))
                index += 1
            }
            let hasLeadingZero = index > start + 1 && bytes[start] == UInt8(ascii: "0")
            guard index > start, !hasLeadingZero, number <= 255 else { return nil }
            address = address << 8 | number
        }
        return index == range.upperBound ? address : nil
    }

    private static func v6(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt128? {
        var head: UInt128 = 0
        var tail: UInt128 = 0
        var headGroups = 0
        var tailGroups = 0
        var isInTail = false
        var index = range.lowerBound
        let end = range.upperBound
        func isColon(_ index: Int, _ bytes: borrowing Span<UInt8>) -> Bool {
            index < end && bytes[index] == UInt8(ascii: ":")
        }
        if isColon(index, bytes) {
            guard isColon(index + 1, bytes) else { return nil }
            isInTail = true
            index += 2
        }
        while index < end {
            guard headGroups + tailGroups < 8 else { return nil }
            let group: UInt128
            var groups = 1
            if let number = Self.v4(bytes, index..<end) {
                group = UInt128(number)
                groups = 2
                index = end
            } else {
                guard let read = Self.group(bytes, &index, end) else { return nil }
                group = UInt128(read)
            }
            if isInTail {
                tail = tail << UInt128(16 * groups) | group
                tailGroups += groups
            } else {
                head = head << UInt128(16 * groups) | group
                headGroups += groups
            }
            guard index < end else { break }
            guard isColon(index, bytes), index + 1 < end else { return nil }
            index += 1
            if isColon(index, bytes) {
                guard !isInTail else { return nil }
                isInTail = true
                index += 1
            }
        }
        let groups = headGroups + tailGroups
        guard isInTail ? groups < 8 : groups == 8 else { return nil }
        return headGroups == 0 ? tail : head << UInt128(16 * (8 - headGroups)) | tail
    }

    /// One to four hexadecimal digits.
    private static func group(
        _ bytes: borrowing Span<UInt8>,
        _ index: inout Int,
        _ end: Int
    ) -> UInt32? {
        let start = index
        var number: UInt32 = 0
        while index < end, index < start + 4 {
            let byte = bytes[index]
            let letter = (byte | 0x20) &- UInt8(ascii: "a")
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 || letter < 6 else { break }
            number = number << 4 | UInt32(digit < 10 ? digit : letter + 10)
            index += 1
        }
        return index > start ? number : nil
    }
}
