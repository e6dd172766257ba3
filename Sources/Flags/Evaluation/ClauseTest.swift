internal import Patterns

/// What a clause asks of one value, with everything made ready that can be.
///
/// Never copied: it is read where it lies.
enum ClauseTest: ~Copyable, Sendable {
    case equals(ScalarSet)
    case texts(TextNeedles)
    case matches([Pattern])
    case number(Bounds<Double>)
    case moment(Bounds<Timestamp>)
    case version(Bounds<SemanticVersion>)
    case network(NetworkSet)
    case exists
    case segments([String])
    /// There is nothing to compare with, or an operator of a newer version.
    case nothing

    /// Values that the operator cannot use are passed over.
    init(_ clause: Clause) {
        self.init(ready: clause)
        if self.isEmpty { self = .nothing }
    }

    private init(ready clause: Clause) {
        let values = clause.values
        switch clause.comparison {
        case .isIn: self = .equals(ScalarSet(values, ignoresCase: clause.ignoresCase))
        case .startsWith: self = .texts(Self.needles(.start, clause))
        case .endsWith: self = .texts(Self.needles(.end, clause))
        case .contains: self = .texts(Self.needles(.anywhere, clause))
        case .matches:
            self = .matches(
                Self.texts(values).compactMap {
                    try? Pattern($0, ignoresCase: clause.ignoresCase)
                }
            )
        case .numberEqual: self = .number(Bounds(.equal, Self.numbers(values)))
        case .numberLess: self = .number(Bounds(.less, Self.numbers(values)))
        case .numberLessOrEqual: self = .number(Bounds(.lessOrEqual, Self.numbers(values)))
        case .numberGreater: self = .number(Bounds(.greater, Self.numbers(values)))
        case .numberGreaterOrEqual: self = .number(Bounds(.greaterOrEqual, Self.numbers(values)))
        case .before: self = .moment(Bounds(.less, Self.moments(values)))
        case .after: self = .moment(Bounds(.greater, Self.moments(values)))
        case .versionEqual: self = .version(Bounds(.equal, Self.versions(values)))
        case .versionLess: self = .version(Bounds(.less, Self.versions(values)))
        case .versionLessOrEqual: self = .version(Bounds(.lessOrEqual, Self.versions(values)))
        case .versionGreater: self = .version(Bounds(.greater, Self.versions(values)))
        case .versionGreaterOrEqual:
            self = .version(Bounds(.greaterOrEqual, Self.versions(values)))
        case .inNetwork: self = .network(NetworkSet(Self.texts(values)))
        case .exists: self = .exists
        case .segment: self = .segments(Self.texts(values))
        default: self = .nothing
        }
    }

    private var isEmpty: Bool {
        switch self {
        case .equals(let set): set.isEmpty
        case .texts(let needles): needles.isEmpty
        case .matches(let patterns): patterns.isEmpty
        case .number(let bounds): bounds.isEmpty
        case .moment(let bounds): bounds.isEmpty
        case .version(let bounds): bounds.isEmpty
        case .network(let networks): networks.isEmpty
        case .segments(let keys): keys.isEmpty
        case .exists: false
        case .nothing: false
        }
    }

    private static func needles(_ place: TextNeedles.Place, _ clause: Clause) -> TextNeedles {
        TextNeedles(place, Self.texts(clause.values), ignoresCase: clause.ignoresCase)
    }

    private static func texts(_ values: [Value]) -> [String] {
        values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    private static func numbers(_ values: [Value]) -> [Double] {
        values.compactMap { $0.finiteNumber }
    }

    private static func moments(_ values: [Value]) -> [Timestamp] {
        values.compactMap { $0.moment }
    }

    private static func versions(_ values: [Value]) -> [SemanticVersion] {
        Self.texts(values).compactMap { SemanticVersion($0) }
    }
}

extension Value {
    /// The number that it is; `nil` for anything else, and for those that JSON cannot write.
    var finiteNumber: Double? {
        guard case .number(let number) = self, number.isFinite else { return nil }
        return number
    }

    /// The moment that it names: RFC 3339 text, or milliseconds since 1970.
    var moment: Timestamp? {
        switch self {
        case .string(let text):
            return Timestamp.parse(text)
        case .number(let number):
            guard number >= Double(FlagsLimits.timestampMin.milliseconds),
                number <= Double(FlagsLimits.timestampMax.milliseconds)
            else { return nil }
            // Parts of a millisecond are dropped, before 1970 as after it.
            let whole = Int64(number)
            return Timestamp(milliseconds: Double(whole) > number ? whole - 1 : whole)
        case .null, .bool, .array, .object:
            return nil
        }
    }
}
