internal import Flags

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

    /// The duration of an option; what is none is refused and the option named.
    static func checked(_ text: String, from option: String) throws(CommandFailure) -> Duration {
        guard let duration = self.duration(text) else {
            throw .usage(Texts.badDuration(text, from: option))
        }
        return duration
    }
}

/// Moments as people write them: a date, or how far from now it is.
enum MomentText {
    /// On which side of now a distance is measured.
    enum Direction {
        case ago
        case ahead
    }

    /// Reads RFC 3339, or a time such as `90d` or `1h30m` before or after `now`.
    static func checked(
        _ text: String,
        _ direction: Direction,
        from option: String,
        now: Timestamp = WallClock.now
    ) throws(CommandFailure) -> Timestamp {
        do throws(FlagsError) {
            guard text.last?.isLetter == true, !text.contains(":") else {
                return try Timestamp(parsing: text)
            }
            let distance = try HoldText.milliseconds(text)
            return now.advanced(by: direction == .ago ? -distance : distance)
        } catch {
            throw .usage(Texts.badMoment(text, from: option, error.message))
        }
    }
}
