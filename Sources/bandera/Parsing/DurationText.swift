/// Durations as people write them: `500ms`, `5s`, `2m`; a bare number is seconds.
enum DurationText {
    /// `nil` when `text` is no duration, is zero, or is longer than a day.
    static func duration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number > 0 else { return nil }
        let unit: Int64
        switch text.dropFirst(digits.count) {
        case "ms": unit = 1
        case "", "s": unit = 1_000
        case "m": unit = 60_000
        default: return nil
        }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, milliseconds <= 86_400_000 else { return nil }
        return .milliseconds(milliseconds)
    }
}
