/// Values that another is equal to one of: texts, numbers and Booleans, each to their own kind.
final class ScalarSet: Sendable {
    private let texts: TextSet
    private let numbers: Bounds<Double>
    private let hasTrue: Bool
    private let hasFalse: Bool

    init(_ values: [Value], ignoresCase: Bool) {
        var texts: [String] = []
        var numbers: [Double] = []
        var hasTrue = false
        var hasFalse = false
        for value in values {
            switch value {
            case .string(let text): texts.append(text)
            case .number(let number): if number.isFinite { numbers.append(number) }
            case .bool(true): hasTrue = true
            case .bool(false): hasFalse = true
            case .null, .array, .object: continue
            }
        }
        self.texts = TextSet(texts, ignoresCase: ignoresCase)
        self.numbers = Bounds(.equal, numbers)
        self.hasTrue = hasTrue
        self.hasFalse = hasFalse
    }

    var isEmpty: Bool {
        self.texts.isEmpty && self.numbers.isEmpty && !self.hasTrue && !self.hasFalse
    }

    /// Whether `value` is one of them; undecided for what can be none.
    func verdict(on value: borrowing Value) -> Verdict {
        switch value {
        case .string(let text): Verdict(self.texts.contains(text))
        case .number(let number):
            number.isFinite ? Verdict(self.numbers.admits(number)) : .undecided
        case .bool(let isTrue): Verdict(isTrue ? self.hasTrue : self.hasFalse)
        case .null, .array, .object: .undecided
        }
    }
}
