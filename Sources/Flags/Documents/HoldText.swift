/// Times to wait as plans write them: numbers with units, from the greatest down, such as `1h30m`.
public enum HoldText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// The time in words; `nil` for none and for what is negative.
    public static func text(milliseconds: Int64) -> String? {
        guard milliseconds > 0 else { return nil }
        var text = ""
        var rest = milliseconds
        for unit in Self.units where rest >= unit.milliseconds {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }

    /// Reads a time, such as `30m`, `1h30m` or `0s`; each unit at most once.
    public static func milliseconds(_ text: String) throws(FlagsError) -> Int64 {
        guard let milliseconds = Self.parse(text) else {
            throw FlagsError(
                .invalidText,
                "\(TextRules.quoted(text)) is not a time to wait such as 90s, 30m, 1h30m or 2d"
            )
        }
        return milliseconds
    }

    private static func parse(_ text: String) -> Int64? {
        var rest = Substring(text)
        var units = Self.units[...]
        var sum: Int64 = 0
        repeat {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Int64(digits),
                let index = units.firstIndex(where: { $0.name == name })
            else { return nil }
            let (product, isTooLong) = number.multipliedReportingOverflow(
                by: units[index].milliseconds
            )
            let (next, isOver) = sum.addingReportingOverflow(product)
            guard !isTooLong, !isOver else { return nil }
            sum = next
            units = units[(index + 1)...]
        } while !rest.isEmpty
        return sum
    }
}
