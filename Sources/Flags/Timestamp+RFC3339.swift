extension Timestamp {
    private static let dayMilliseconds: Int64 = 86_400_000

    /// The moment as RFC 3339 in UTC, for example `2026-01-31T09:30:00.250Z`.
    ///
    /// Milliseconds are written only when there are any. A moment outside the years 0000 through
    /// 9999, which RFC 3339 cannot write, is written as the nearest one inside.
    public var rfc3339: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        self.appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the moment as RFC 3339.
    func appendRFC3339(to bytes: inout [UInt8]) {
        let bounded = min(max(self, FlagsLimits.timestampMin), FlagsLimits.timestampMax)
        let (days, rest) = Self.floorDivision(bounded.milliseconds, Self.dayMilliseconds)
        let (year, month, day) = Self.civil(days: days)
        Self.append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        Self.append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        Self.append(rest / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        Self.append(rest / 1_000 % 60, digits: 2, to: &bytes)
        if rest % 1_000 != 0 {
            bytes.append(UInt8(ascii: "."))
            Self.append(rest % 1_000, digits: 3, to: &bytes)
        }
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads RFC 3339, with any offset and any number of decimals, of which three are kept.
    ///
    /// A date alone is midnight UTC. A leap second is the second after it.
    public init(parsing text: String) throws(FlagsError) {
        guard let moment = Self.parse(text) else {
            throw FlagsError(
                .invalidText,
                "\(TextRules.quoted(text)) is not a time such as 2026-01-31T09:30:00Z"
            )
        }
        self = moment
    }

    /// The moment that `text` names; `nil` when it is none.
    static func parse(_ text: String) -> Timestamp? {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2),
            (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year)
        else { return nil }
        let midnight = Self.days(year: year, month: month, day: day) * Self.dayMilliseconds
        if reader.isAtEnd { return Timestamp(milliseconds: midnight) }

        guard reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            hour <= 23, minute <= 59, second <= 60,
            let fraction = reader.fraction(),
            let offset = reader.offsetMinutes(), reader.isAtEnd
        else { return nil }
        let time = ((hour * 60 + minute) * 60 + second) * 1_000 + fraction
        let moment = Timestamp(milliseconds: midnight + time - offset * 60_000)
        guard moment >= FlagsLimits.timestampMin, moment <= FlagsLimits.timestampMax else {
            return nil
        }
        return moment
    }

    private static func append(_ number: Int64, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    private static func floorDivision(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let remainder = value % divisor
        return remainder >= 0
            ? (value / divisor, remainder) : (value / divisor - 1, remainder + divisor)
    }

    /// Days since 1970-01-01 of a Gregorian date (Howard Hinnant, "chrono-compatible date
    /// algorithms").
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = Self.floorDivision(shifted, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = Self.floorDivision(days + 719_468, 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
