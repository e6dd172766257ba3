import Flags

/// Judges clauses one by one, by what `Vocabulary` says that its words stand for.
struct ReferenceClauses {
    let segments: [String: SegmentDefinition]

    func holdAll(_ clauses: [Clause], _ context: EvaluationContext) -> Bool {
        self.judgeAll(clauses, context) == true
    }

    /// `nil` when that cannot be known.
    private func judgeAll(_ clauses: [Clause], _ context: EvaluationContext) -> Bool? {
        let answers = clauses.map { self.judge($0, context) }
        if answers.contains(false) { return false }
        return answers.contains(nil) ? nil : true
    }

    private func judge(_ clause: Clause, _ context: EvaluationContext) -> Bool? {
        if clause.comparison == .segment {
            let keys = clause.values.compactMap { Self.text($0) }
            let answers = keys.map { key in
                self.segments[key].flatMap { self.isIn($0, context) }
            }
            if answers.contains(true) { return !clause.isNegated }
            return answers.isEmpty || answers.contains(nil) ? nil : clause.isNegated
        }
        let value = self.value(clause.attribute, context)
        if clause.comparison == .exists { return (value != nil) != clause.isNegated }
        var elements = value.map { [$0] } ?? []
        if case .array(let array) = value { elements = array }
        let answers = elements.flatMap { element in
            clause.values.compactMap { self.compare(element, clause, $0) }
        }
        if !answers.isEmpty { return answers.contains(true) != clause.isNegated }
        // Nothing can be in a list of nothing, as long as anything can be compared at all.
        guard clause.values.contains(where: { self.isUsable($0, clause) }) else { return nil }
        return value == .array([]) && clause.isNegated
    }

    /// Whether there is any value that can be compared with `other`.
    private func isUsable(_ other: Value, _ clause: Clause) -> Bool {
        let samples: [Value] =
            [.string("a"), .number(0), .bool(true)]
            + ["1.9.0", "10.1.2.3", "1970-01-01T00:00:00Z"].map { .string($0) }
        return samples.contains { self.compare($0, clause, other) != nil }
    }

    /// `nil` for what cannot be compared.
    private func compare(_ own: Value, _ clause: Clause, _ other: Value) -> Bool? {
        switch clause.comparison {
        case .isIn: return self.equal(own, other, clause.ignoresCase)
        case .startsWith, .endsWith, .contains, .matches, .inNetwork:
            guard let text = Self.text(own), let wanted = Self.text(other) else { return nil }
            return self.compare(text, clause, wanted)
        case .before, .after:
            guard let time = Self.moment(own), let bound = Self.moment(other) else { return nil }
            return clause.comparison == .before ? time < bound : time > bound
        case .numberEqual, .numberLess, .numberLessOrEqual, .numberGreater, .numberGreaterOrEqual:
            guard let number = Self.number(own), let bound = Self.number(other) else { return nil }
            return Self.relate(number, clause.comparison.rawValue, bound)
        case .versionEqual, .versionLess, .versionLessOrEqual, .versionGreater,
            .versionGreaterOrEqual:
            guard let rank = Self.rank(own), let bound = Self.rank(other) else { return nil }
            return Self.relate(rank, clause.comparison.rawValue, bound)
        default: return nil
        }
    }

    private func compare(_ text: String, _ clause: Clause, _ wanted: String) -> Bool? {
        let own = Self.scalars(text, clause.ignoresCase)
        let other = Self.scalars(wanted, clause.ignoresCase)
        switch clause.comparison {
        case .startsWith: return own.starts(with: other)
        case .endsWith: return own.reversed().starts(with: other.reversed())
        case .contains:
            return (0...own.count).contains { own.dropFirst($0).starts(with: other) }
        case .matches:
            guard let regex = try? Regex(wanted) else { return nil }
            let whole = regex.matchingSemantics(.unicodeScalar).ignoresCase(clause.ignoresCase)
            return text.firstMatch(of: whole) != nil
        default:
            guard Vocabulary.networks.contains(wanted) else { return nil }
            return Vocabulary.addresses.first { $0.text == text }?.networks.contains(wanted)
        }
    }

    private func equal(_ own: Value, _ other: Value, _ ignoresCase: Bool) -> Bool? {
        func isScalar(_ value: Value) -> Bool {
            switch value {
            case .null, .array, .object: false
            case .bool, .number, .string: true
            }
        }
        guard isScalar(own), isScalar(other) else { return nil }
        guard let text = Self.text(own), let wanted = Self.text(other) else { return own == other }
        return Self.scalars(text, ignoresCase) == Self.scalars(wanted, ignoresCase)
    }

    /// `nil` when that cannot be known.
    private func isIn(_ segment: SegmentDefinition, _ context: EvaluationContext) -> Bool? {
        let unit = self.value(segment.attribute, context)
        if self.names(segment.excluded, unit) { return false }
        if self.names(segment.included, unit) { return true }
        let answers = segment.rules.map { self.judgeAll($0, context) }
        if answers.contains(true) { return true }
        return answers.contains(nil) ? nil : false
    }

    /// Whether `value`, or any element of it, is named in `units`.
    func names(_ units: [String], _ value: Value?) -> Bool {
        switch value {
        case .string(let text): units.contains { Array($0.utf8) == Array(text.utf8) }
        case .number(let number): Int64(exactly: number).map { units.contains("\($0)") } ?? false
        case .array(let elements): elements.contains { self.isScalarNamed(units, $0) }
        default: false
        }
    }

    private func isScalarNamed(_ units: [String], _ value: Value) -> Bool {
        if case .array = value { return false }
        return self.names(units, value)
    }

    /// What is bucketed by, as text.
    func unit(_ attribute: String, _ context: EvaluationContext) -> String? {
        switch self.value(attribute, context) {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let number):
            number.magnitude <= 9_007_199_254_740_992 ? Int64(exactly: number).map { "\($0)" } : nil
        default: nil
        }
    }

    func value(_ attribute: String, _ context: EvaluationContext) -> Value? {
        let isPath = attribute.hasPrefix("/")
        var steps =
            isPath ? attribute.dropFirst().split(separator: "/").map(String.init) : [attribute]
        steps = steps.map { step in
            isPath
                ? step.split(separator: "~1", omittingEmptySubsequences: false).joined(
                    separator: "/"
                )
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
                : step
        }
        let fields = [
            "": context.targetingKey, "targetingKey": context.targetingKey,
            "company": context.company, "plan": context.plan, "role": context.role,
            "region": context.region,
        ]
        var value = context.attributes.first { $0.name == steps[0] }?.value
        if let field = fields[steps[0]] { value = field.isEmpty ? nil : .string(field) }
        for step in steps.dropFirst() {
            guard case .object(let members) = value else { return nil }
            value = members.first { $0.name == step }?.value
        }
        return value == .null ? nil : value
    }
}

extension ReferenceClauses {
    fileprivate static func text(_ value: Value) -> String? {
        if case .string(let text) = value { text } else { nil }
    }

    fileprivate static func number(_ value: Value) -> Double? {
        if case .number(let number) = value, number.isFinite { number } else { nil }
    }

    fileprivate static func moment(_ value: Value) -> Double? {
        if let text = Self.text(value) {
            return Vocabulary.moments.first { $0.text == text }.map { Double($0.milliseconds) }
        }
        guard let number = Self.number(value), number >= -62_167_219_200_000,
            number <= 253_402_300_799_999
        else { return nil }
        return number.rounded(.down)
    }

    fileprivate static func rank(_ value: Value) -> Double? {
        guard let text = Self.text(value) else { return nil }
        return Vocabulary.versions.firstIndex { $0.contains(text) }.map { Double($0) }
    }

    fileprivate static func relate(_ own: Double, _ name: String, _ other: Double) -> Bool {
        switch name.split(separator: "_").dropFirst().joined(separator: "_") {
        case "equal": own == other
        case "less": own < other
        case "less_or_equal": own <= other
        case "greater": own > other
        default: own >= other
        }
    }

    fileprivate static func scalars(_ text: String, _ ignoresCase: Bool) -> [Unicode.Scalar] {
        text.unicodeScalars.compactMap {
            ignoresCase ? $0.properties.lowercaseMapping.unicodeScalars.first : $0
        }
    }
}
