/// Reads the digits and signs of a time, from front to back.
///
/// It copies nothing: an evaluation that compares times does not allocate.
struct DigitReader {
    private let bytes: String.UTF8View
    private var position: String.UTF8View.Index

    init(_ text: String) {
        self.bytes = text.utf8
        self.position = self.bytes.startIndex
    }

    var isAtEnd: Bool { self.position == self.bytes.endIndex }

    /// Exactly `digits` digits.
    mutating func number(digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = self.digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard !self.isAtEnd, self.bytes[self.position] == UInt8(ascii: character) else {
            return false
        }
        self.position = self.bytes.index(after: self.position)
        return true
    }

    /// Milliseconds from a point and digits; 0 without a point, `nil` for a point without digits.
    mutating func fraction() -> Int64? {
        guard self.skip(".") else { return 0 }
        guard var milliseconds = self.digit() else { return nil }
        var count = 1
        while let digit = self.digit() {
            if count < 3 { milliseconds = milliseconds * 10 + digit }
            count += 1
        }
        while count < 3 {
            milliseconds *= 10
            count += 1
        }
        return milliseconds
    }

    /// Minutes east of UTC from `Z` or `+hh:mm`.
    mutating func offsetMinutes() -> Int64? {
        if self.skip("Z") || self.skip("z") { return 0 }
        let isEast = self.skip("+")
        guard isEast || self.skip("-"), let hours = self.number(digits: 2), self.skip(":"),
            let minutes = self.number(digits: 2), hours <= 23, minutes <= 59
        else { return nil }
        return (hours * 60 + minutes) * (isEast ? 1 : -1)
    }

    private mutating func digit() -> Int64? {
        guard !self.isAtEnd else { return nil }
        let digit = self.bytes[self.position] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        self.position = self.bytes.index(after: self.position)
        return Int64(digit)
    }
}
