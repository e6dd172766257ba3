extension RolloutPercentage: CustomStringConvertible {
    /// Reads a percentage such as `12.5`, with up to three decimals.
    public init(parsing text: String) throws(FlagsError) {
        guard let thousandths = Self.thousandths(of: text) else {
            throw FlagsError(
                .invalidRollout,
                "\(TextRules.quoted(text)) is not a percentage with up to three decimals"
            )
        }
        guard thousandths <= 100_000, let percentage = Self(thousandths: UInt32(thousandths)) else {
            throw FlagsError(.invalidRollout, "\(TextRules.quoted(text)) is not from 0 to 100")
        }
        self = percentage
    }

    /// Takes a number of percent, with up to three decimals.
    public init(percent: Double) throws(FlagsError) {
        guard percent >= 0, percent <= 100 else {
            throw FlagsError(.invalidRollout, "\(percent) is not from 0 to 100")
        }
        let thousandths = (percent * 1_000 + 0.5)
        let rounded = UInt32(thousandths)
        let error = percent * 1_000 - Double(rounded)
        guard error.magnitude < 1e-6, let percentage = Self(thousandths: rounded) else {
            throw FlagsError(.invalidRollout, "\(percent) has more than three decimals")
        }
        self = percentage
    }

    /// The percentage as a number, for example 12.5.
    public var percent: Double { Double(self.thousandths) / 1_000 }

    /// The percentage without needless zeros, for example `12.5`.
    public var description: String {
        let fraction = self.thousandths % 1_000
        guard fraction != 0 else { return String(self.thousandths / 1_000) }
        var digits = String(fraction + 1_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(self.thousandths / 1_000).\(digits)"
    }

    /// Digits, and perhaps a point and one to three digits; `nil` for anything else.
    private static func thousandths(of text: String) -> UInt64? {
        var whole: UInt64 = 0
        var digits = 0
        var decimals: Int?
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), decimals == nil, digits > 0 {
                decimals = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 12 else {
                return nil
            }
            if let count = decimals { decimals = count + 1 }
            whole = whole * 10 + UInt64(byte - UInt8(ascii: "0"))
            digits += 1
        }
        guard digits > 0, decimals != 0, (decimals ?? 0) <= 3 else { return nil }
        for _ in (decimals ?? 0)..<3 { whole *= 10 }
        return whole
    }
}
