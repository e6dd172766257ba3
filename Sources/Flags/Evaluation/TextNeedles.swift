/// Texts that are looked for at the start, at the end or anywhere in another.
struct TextNeedles: Sendable {
    /// Where a text must be.
    enum Place: Sendable {
        case start
        case end
        case anywhere
    }

    private enum Needles: Sendable {
        case exact([String])
        /// In lower case.
        case folded([[UInt32]])
    }

    private let place: Place
    private let needles: Needles

    init(_ place: Place, _ texts: [String], ignoresCase: Bool) {
        self.place = place
        self.needles =
            ignoresCase ? .folded(texts.map { CaseFolding.scalars(of: $0) }) : .exact(texts)
    }

    var isEmpty: Bool {
        switch self.needles {
        case .exact(let texts): texts.isEmpty
        case .folded(let texts): texts.isEmpty
        }
    }

    /// Whether any of them is there; unknown when the text is too long to be searched.
    func verdict(on text: borrowing String) -> Verdict {
        let bytes = text.utf8.span
        guard self.place != .anywhere || bytes.count <= FlagsLimits.searchedBytesMax else {
            return .unknown
        }
        switch self.needles {
        case .exact(let texts):
            let needles = texts.span
            for index in needles.indices where self.isThere(needles[index].utf8.span, bytes) {
                return .holds
            }
        case .folded(let texts):
            let needles = texts.span
            for index in needles.indices where self.isThere(needles[index].span, bytes) {
                return .holds
            }
        }
        return .fails
    }

    private func isThere(_ needle: borrowing Span<UInt8>, _ bytes: borrowing Span<UInt8>) -> Bool {
        guard needle.count <= bytes.count else { return false }
        let last = bytes.count - needle.count
        switch self.place {
        case .start: return Self.begins(bytes, at: 0, with: needle)
        case .end: return Self.begins(bytes, at: last, with: needle)
        case .anywhere:
            for start in 0...last where Self.begins(bytes, at: start, with: needle) { return true }
            return false
        }
    }

    private func isThere(_ needle: borrowing Span<UInt32>, _ bytes: borrowing Span<UInt8>) -> Bool {
        switch self.place {
        case .start:
            return Self.begins(bytes, at: 0, with: needle) != nil
        case .end:
            guard let start = Self.start(ofLast: needle.count, bytes) else { return false }
            return Self.begins(bytes, at: start, with: needle) == bytes.count
        case .anywhere:
            var start = 0
            while true {
                if Self.begins(bytes, at: start, with: needle) != nil { return true }
                guard start < bytes.count else { return false }
                _ = CaseFolding.next(in: bytes, &start)
            }
        }
    }

    private static func begins(
        _ bytes: borrowing Span<UInt8>,
        at start: Int,
        with needle: borrowing Span<UInt8>
    ) -> Bool {
        for index in needle.indices where bytes[start + index] != needle[index] { return false }
        return true
    }

    /// Where the needle ends if it begins at `start`.
    private static func begins(
        _ bytes: borrowing Span<UInt8>,
        at start: Int,
        with needle: borrowing Span<UInt32>
    ) -> Int? {
        var index = start
        for position in needle.indices {
            guard index < bytes.count, CaseFolding.next(in: bytes, &index) == needle[position]
            else { return nil }
        }
        return index
    }

    /// Where the last `count` scalars begin.
    private static func start(ofLast count: Int, _ bytes: borrowing Span<UInt8>) -> Int? {
        var start = bytes.count
        for _ in 0..<count {
            guard start > 0 else { return nil }
            start -= 1
            while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        }
        return start
    }
}
