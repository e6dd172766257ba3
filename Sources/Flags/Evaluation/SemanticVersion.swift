/// A version as Semantic Versioning 2.0 writes it, compared by precedence: build metadata is
/// checked and then ignored.
///
/// Keeps the text and where its parts are; numbers are compared as digits, so none is too large.
struct SemanticVersion: Comparable, Sendable {
    private let text: String
    private let majorEnd: Int
    private let minorEnd: Int
    private let patchEnd: Int
    /// Where the identifiers before the release end; the patch's end when there are none.
    private let prereleaseEnd: Int

    /// `nil` for anything but a version.
    init?(_ text: String) {
        let bytes = text.utf8.span
        guard bytes.count <= FlagsLimits.versionBytesMax,
            let major = Self.numberEnd(bytes, 0), Self.has(bytes, major, "."),
            let minor = Self.numberEnd(bytes, major + 1), Self.has(bytes, minor, "."),
            let patch = Self.numberEnd(bytes, minor + 1)
        else { return nil }
        var end = patch
        if Self.has(bytes, end, "-") {
            guard let next = Self.identifiersEnd(bytes, end + 1, numbersAreStrict: true) else {
                return nil
            }
            end = next
        }
        self.prereleaseEnd = end
        if Self.has(bytes, end, "+") {
            guard let next = Self.identifiersEnd(bytes, end + 1, numbersAreStrict: false) else {
                return nil
            }
            end = next
        }
        guard end == bytes.count else { return nil }
        self.majorEnd = major
        self.minorEnd = minor
        self.patchEnd = patch
        self.text = text
    }

    private var major: Range<Int> { 0..<self.majorEnd }
    private var minor: Range<Int> { self.majorEnd + 1..<self.minorEnd }
    private var patch: Range<Int> { self.minorEnd + 1..<self.patchEnd }

    static func == (lhs: SemanticVersion, rhs: SemanticVersion) -> Bool { lhs.order(to: rhs) == 0 }

    static func < (lhs: SemanticVersion, rhs: SemanticVersion) -> Bool { lhs.order(to: rhs) < 0 }

    /// Negative when it precedes `other`, positive when it succeeds it (SemVer 2.0, section 11).
    private func order(to other: borrowing SemanticVersion) -> Int {
        let own = self.text.utf8.span
        let others = other.text.utf8.span
        let parts = (
            Self.order(ofNumbers: own, self.major, others, other.major),
            Self.order(ofNumbers: own, self.minor, others, other.minor),
            Self.order(ofNumbers: own, self.patch, others, other.patch)
        )
        if parts.0 != 0 { return parts.0 }
        if parts.1 != 0 { return parts.1 }
        if parts.2 != 0 { return parts.2 }
        let isRelease = self.prereleaseEnd == self.patchEnd
        let otherIsRelease = other.prereleaseEnd == other.patchEnd
        guard !isRelease, !otherIsRelease else {
            return isRelease == otherIsRelease ? 0 : isRelease ? 1 : -1
        }
        return Self.order(
            ofIdentifiers: own,
            self.patchEnd + 1..<self.prereleaseEnd,
            others,
            other.patchEnd + 1..<other.prereleaseEnd
        )
    }
}

extension SemanticVersion {
    private static func order(
        ofIdentifiers own: borrowing Span<UInt8>,
        _ ownRange: Range<Int>,
        _ others: borrowing Span<UInt8>,
        _ otherRange: Range<Int>
    ) -> Int {
        var ownStart = ownRange.lowerBound
        var otherStart = otherRange.lowerBound
        while ownStart < ownRange.upperBound, otherStart < otherRange.upperBound {
            let ownEnd = Self.identifierEnd(own, ownStart, ownRange.upperBound)
            let otherEnd = Self.identifierEnd(others, otherStart, otherRange.upperBound)
            let order = Self.order(
                ofIdentifier: own,
                ownStart..<ownEnd,
                others,
                otherStart..<otherEnd
            )
            if order != 0 { return order }
            ownStart = ownEnd + 1
            otherStart = otherEnd + 1
        }
        // Of two that agree so far, the one with more identifiers is higher.
        let isLonger = ownStart < ownRange.upperBound
        let otherIsLonger = otherStart < otherRange.upperBound
        return isLonger == otherIsLonger ? 0 : isLonger ? 1 : -1
    }

    private static func order(
        ofIdentifier own: borrowing Span<UInt8>,
        _ ownRange: Range<Int>,
        _ others: borrowing Span<UInt8>,
        _ otherRange: Range<Int>
    ) -> Int {
        let isNumber = Self.isNumber(own, ownRange)
        guard isNumber == Self.isNumber(others, otherRange) else { return isNumber ? -1 : 1 }
        return isNumber
            ? Self.order(ofNumbers: own, ownRange, others, otherRange)
            : Self.order(ofBytes: own, ownRange, others, otherRange)
    }

    /// Numbers have no leading zeros: of two the longer one is higher.
    private static func order(
        ofNumbers own: borrowing Span<UInt8>,
        _ ownRange: Range<Int>,
        _ others: borrowing Span<UInt8>,
        _ otherRange: Range<Int>
    ) -> Int {
        guard ownRange.count == otherRange.count else {
            return ownRange.count < otherRange.count ? -1 : 1
        }
        return Self.order(ofBytes: own, ownRange, others, otherRange)
    }

    private static func order(
        ofBytes own: borrowing Span<UInt8>,
        _ ownRange: Range<Int>,
        _ others: borrowing Span<UInt8>,
        _ otherRange: Range<Int>
    ) -> Int {
        for offset in 0..<min(ownRange.count, otherRange.count) {
            let byte = own[ownRange.lowerBound + offset]
            let other = others[otherRange.lowerBound + offset]
            if byte != other { return byte < other ? -1 : 1 }
        }
        return ownRange.count == otherRange.count ? 0 : ownRange.count < otherRange.count ? -1 : 1
    }

    private static func has(
        _ bytes: borrowing Span<UInt8>,
        _ index: Int,
        _ character: Unicode.Scalar
    ) -> Bool {
        index < bytes.count && bytes[index] == UInt8(ascii: character)
    }

    /// Where the number that begins at `start` ends; `nil` for none, or one with leading zeros.
    private static func numberEnd(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int? {
        var end = start
        while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
        guard end > start, end == start + 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
        return end
    }

    /// Where identifiers separated by dots end; `nil` when one is empty, or a number with leading
    /// zeros where those matter.
    private static func identifiersEnd(
        _ bytes: borrowing Span<UInt8>,
        _ start: Int,
        numbersAreStrict: Bool
    ) -> Int? {
        var start = start
        while true {
            var end = start
            while end < bytes.count, Self.isIdentifier(bytes[end]) { end += 1 }
            guard end > start else { return nil }
            let hasLeadingZero = end > start + 1 && bytes[start] == UInt8(ascii: "0")
            guard !numbersAreStrict || !hasLeadingZero || !Self.isNumber(bytes, start..<end) else {
                return nil
            }
            guard Self.has(bytes, end, ".") else { return end }
            start = end + 1
        }
    }

    private static func identifierEnd(
        _ bytes: borrowing Span<UInt8>,
        _ start: Int,
        _ limit: Int
    ) -> Int {
        var end = start
        while end < limit, bytes[end] != UInt8(ascii: ".") { end += 1 }
        return end
    }

    private static func isNumber(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where !Self.isDigit(bytes[index]) { return false }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "-")
    }
}
