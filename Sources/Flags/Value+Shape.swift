extension Value {
    /// The whole numbers that a `Double` holds exactly, and so the ones written without an
    /// exponent.
    static let wholeNumberMax = 9_007_199_254_740_992.0

    /// Whether a number has no fraction; beyond `wholeNumberMax` none has one.
    static func isWhole(_ number: Double) -> Bool {
        number.magnitude >= Self.wholeNumberMax || Int64(exactly: number) != nil
    }

    /// The kinds of value that a flag can have, as in OpenFeature.
    public enum Kind: String, Hashable, Sendable {
        case bool
        case string
        case number
        /// An object or an array: OpenFeature's structure.
        case object
    }

    /// The value's kind; `nil` for null.
    public var kind: Kind? {
        switch self {
        case .null: nil
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array, .object: .object
        }
    }

    /// An object of `fields` in any order; `nil` when a name is repeated.
    public static func makeObject(_ fields: [Field]) -> Value? {
        let sorted = fields.sorted { $0.name < $1.name }
        for index in sorted.indices.dropFirst() where sorted[index - 1].name == sorted[index].name {
            return nil
        }
        return .object(sorted)
    }

    /// About the bytes that the value takes on the wire: the measure of
    /// `FlagsLimits.valueBytesMax`.
    public var sizeInBytes: Int {
        switch self {
        case .null, .bool: 2
        case .number: 9
        case .string(let text): text.utf8.count + 2
        case .array(let elements): elements.reduce(2) { $0 + $1.sizeInBytes }
        case .object(let fields):
            fields.reduce(2) { $0 + $1.name.utf8.count + 4 + $1.value.sizeInBytes }
        }
    }

    /// Whether arrays and objects nest at most `levels` deep.
    func nests(atMost levels: Int) -> Bool {
        switch self {
        case .null, .bool, .number, .string: true
        case .array(let elements):
            levels > 0 && elements.allSatisfy { $0.nests(atMost: levels - 1) }
        case .object(let fields):
            levels > 0 && fields.allSatisfy { $0.value.nests(atMost: levels - 1) }
        }
    }
}
