/// Units named one by one, such as user ids: texts, and whole numbers by their digits.
struct UnitSet: Sendable {
    private let texts: TextSet
    /// Those that are written as a whole number, so that a context may hold one as a number.
    private let numbers: Bounds<Double>

    init(_ units: [String]) {
        self.texts = TextSet(units)
        var numbers: [Double] = []
        for unit in units {
            guard let whole = Int64(unit), String(whole) == unit else { continue }
            if let number = Double(exactly: whole) { numbers.append(number) }
        }
        self.numbers = Bounds(.equal, numbers)
    }

    var isEmpty: Bool { self.texts.isEmpty }

    /// Whether `value`, or any element of it, is one of the units.
    func contains(_ value: borrowing Value) -> Bool {
        switch value {
        case .string(let text):
            return self.texts.contains(text)
        case .number(let number):
            return self.numbers.admits(number)
        case .array(let elements):
            for index in elements.indices {
                switch elements[index] {
                case .string(let text): if self.texts.contains(text) { return true }
                case .number(let number): if self.numbers.admits(number) { return true }
                case .null, .bool, .array, .object: continue
                }
            }
            return false
        case .null, .bool, .object:
            return false
        }
    }
}
