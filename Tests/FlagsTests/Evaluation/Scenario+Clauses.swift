import Flags

extension Scenario {
    static func clause(
        naming named: Int,
        _ kind: Kind,
        _ random: inout SeededGenerator
    ) -> Clause {
        var comparison = random.pick(ClauseOperator.known)
        if comparison == .segment, named == 0 { comparison = .exists }
        if random.isOne(in: 20) { comparison = ClauseOperator("within_radius") }
        var values = (0...random.below(3)).map { _ in
            Self.value(for: comparison, naming: named, &random)
        }
        if random.isOne(in: 8) { values.append(Self.scalar(kind, &random)) }
        if random.isOne(in: 20) { values = (0..<30).map { .string("filler-\($0)") } + values }
        return Clause(
            attribute: Self.attributeName(for: comparison, &random),
            comparison,
            comparison == .exists ? [] : values,
            isNegated: random.isOne(in: 3),
            ignoresCase: random.isOne(in: 3)
        )
    }

    private static func attributeName(
        for comparison: ClauseOperator,
        _ random: inout SeededGenerator
    ) -> String {
        let anything = Vocabulary.fields + Vocabulary.attributes + Vocabulary.paths
        guard !random.isOne(in: 4) else { return random.pick(anything) }
        switch comparison {
        case .versionEqual, .versionLess, .versionLessOrEqual, .versionGreater,
            .versionGreaterOrEqual:
            return "version"
        case .inNetwork: return "address"
        case .before, .after: return "since"
        case .numberEqual, .numberLess, .numberLessOrEqual, .numberGreater,
            .numberGreaterOrEqual:
            return "seat"
        default: return random.pick(anything)
        }
    }

    private static func value(
        for comparison: ClauseOperator,
        naming named: Int,
        _ random: inout SeededGenerator
    ) -> Value {
        switch comparison {
        case .segment: .string("segment-\(random.below(max(named, 1)))")
        case .matches: .string(random.pick(Vocabulary.patterns + Vocabulary.badPatterns))
        case .inNetwork: .string(random.pick(Vocabulary.networks + Vocabulary.badNetworks))
        case .before, .after: Self.moment(&random)
        case .versionEqual, .versionLess, .versionLessOrEqual, .versionGreater,
            .versionGreaterOrEqual:
            Self.version(&random)
        case .numberEqual, .numberLess, .numberLessOrEqual, .numberGreater,
            .numberGreaterOrEqual:
            .number(random.pick(Vocabulary.numbers))
        default: Self.scalar(.sound, &random)
        }
    }

    /// What an attribute of that name usually is, and now and then is not.
    static func attribute(_ name: String, _ kind: Kind, _ random: inout SeededGenerator) -> Value {
        guard !random.isOne(in: 5) else { return Self.scalar(kind, &random) }
        switch name {
        case "tags": return .array((0..<random.below(4)).map { _ in Self.scalar(kind, &random) })
        case "device":
            let members = ["os", "a/b~c"].map {
                Value.Field(name: $0, value: Self.scalar(kind, &random))
            }
            return Value.makeObject(members) ?? .null
        case "version": return Self.version(&random)
        case "address":
            return .string(random.pick(Vocabulary.addresses.map(\.text) + Vocabulary.badAddresses))
        case "since": return Self.moment(&random)
        case "seat": return .number(random.pick(Vocabulary.numbers))
        default: return Self.scalar(kind, &random)
        }
    }

    private static func version(_ random: inout SeededGenerator) -> Value {
        .string(random.pick(Vocabulary.versions.flatMap { $0 } + Vocabulary.badVersions))
    }

    private static func moment(_ random: inout SeededGenerator) -> Value {
        let moment = random.pick(Vocabulary.moments)
        return switch random.below(4) {
        case 0: .number(Double(moment.milliseconds))
        case 1: .string(random.pick(Vocabulary.badMoments))
        default: .string(moment.text)
        }
    }

    static func scalar(_ kind: Kind, _ random: inout SeededGenerator) -> Value {
        switch random.below(kind == .wild ? 10 : 8) {
        case 0: .bool(random.isOne(in: 2))
        case 1, 2: .number(random.pick(Vocabulary.numbers))
        case 3: .null
        case 8: .number(random.pick([.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude]))
        case 9: .array([.array([.object([])]), .string("\u{0}\u{1F468}\u{200D}\u{1F469}")])
        default:
            .string(random.pick(Vocabulary.texts + Vocabulary.users + Vocabulary.companies))
        }
    }
}
