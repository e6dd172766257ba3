/// Networks, made for asking whether an address is in one of them.
///
/// Version 4 is only in networks of version 4; one written in its mapped form
/// (`::ffff:10.0.0.0/104`) is such a one.
struct NetworkSet: Sendable {
    /// Sorted, apart from each other, both ends included.
    private let v4: [ClosedRange<UInt32>]
    /// Sorted, apart from each other, both ends included.
    private let v6: [ClosedRange<UInt128>]

    /// Networks such as `10.0.0.0/8`, or single addresses; what is neither is passed over.
    init(_ texts: [String]) {
        var v4: [ClosedRange<UInt32>] = []
        var v6: [ClosedRange<UInt128>] = []
        for text in texts {
            switch Network(text) {
            case .v4(let range): v4.append(range)
            case .v6(let range): v6.append(range)
            case nil: continue
            }
        }
        self.v4 = Self.merged(v4)
        self.v6 = Self.merged(v6)
    }

    var isEmpty: Bool { self.v4.isEmpty && self.v6.isEmpty }

    /// Whether `text` is an address in one of them; undecided when it is no address.
    func verdict(on text: String) -> Verdict {
        guard let address = IPAddress(text) else { return .undecided }
        return switch address {
        case .v4(let number): Verdict(Self.has(self.v4, number))
        case .v6(let number): Verdict(Self.has(self.v6, number))
        }
    }

    private static func merged<Number>(
        _ ranges: [ClosedRange<Number>]
    ) -> [ClosedRange<Number>] {
        var merged: [ClosedRange<Number>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                let end = max(last.upperBound, range.upperBound)
                merged[merged.count - 1] = last.lowerBound...end
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private static func has<Number>(_ ranges: [ClosedRange<Number>], _ number: Number) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= number
    }
}

/// The addresses of one network, from the first to the last.
enum Network: Hashable, Sendable {
    case v4(ClosedRange<UInt32>)
    case v6(ClosedRange<UInt128>)

    /// Reads `address/bits`, or an address that is alone in its network.
    ///
    /// Bits of the address beyond the network's are ignored.
    init?(_ text: String) {
        let bytes = text.utf8.span
        var slash = 0
        while slash < bytes.count, bytes[slash] != UInt8(ascii: "/") { slash += 1 }
        guard let address = IPAddress(bytes, 0..<slash) else { return nil }
        var bits: Int?
        if slash < bytes.count {
            guard let read = Self.bits(bytes, slash + 1) else { return nil }
            bits = read
        }
        let isMapped = bytes.has(UInt8(ascii: ":"), before: slash)
        switch address {
        case .v4(let number):
            // Written as version 6, its first 96 bits are those of the mapping.
            let length = bits.map { isMapped ? $0 - 96 : $0 } ?? 32
            guard (0...32).contains(length) else { return nil }
            let mask = length == 32 ? 0 : UInt32.max >> UInt32(length)
            self = .v4(number & ~mask...number | mask)
        case .v6(let number):
            let length = bits ?? 128
            guard (0...128).contains(length) else { return nil }
            let mask = length == 128 ? 0 : UInt128.max >> UInt128(length)
            self = .v6(number & ~mask...number | mask)
        }
    }

    /// One to three digits that end the text.
    private static func bits(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int? {
        guard start < bytes.count, bytes.count <= start + 3 else { return nil }
        var number = 0
        for index in start..<bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }
}

extension Span<UInt8> {
    fileprivate func has(_ byte: UInt8, before end: Int) -> Bool {
        for index in 0..<end where self[index] == byte { return true }
        return false
    }
}
