extension Clause {
    /// Requires a known operator, an attribute, and values that the operator can compare with.
    ///
    /// Whether a regular expression compiles is not asked: that must not decide what a replicated
    /// command does.
    func validate() throws(FlagsError) {
        guard self.comparison.isKnown else {
            throw FlagsError(
                .invalidTargeting,
                "there is no operator \(TextRules.quoted(self.comparison.rawValue)); there are: "
                    + ClauseOperator.known.map(\.rawValue).joined(separator: ", ")
            )
        }
        try self.checkAttribute()
        try TextRules.checkCount(
            self.values.count,
            "values of a clause",
            max: FlagsLimits.valuesPerClauseMax
        )
        guard self.values.isEmpty == (self.comparison == .exists) else {
            throw FlagsError(
                .invalidTargeting,
                self.comparison == .exists
                    ? "the operator exists takes no values"
                    : "the operator \(self.comparison) needs at least one value"
            )
        }
        for index in self.values.indices { try self.check(self.values[index]) }
    }

    private func checkAttribute() throws(FlagsError) {
        guard self.attribute.isEmpty == (self.comparison == .segment) else {
            throw FlagsError(
                .invalidTargeting,
                self.comparison == .segment
                    ? "the operator segment takes no attribute"
                    : "a clause without an attribute"
            )
        }
        try TextRules.checkText(
            self.attribute,
            "the attribute of a clause",
            bytesMax: FlagsLimits.attributeNameBytesMax
        )
        guard self.attribute.utf8.first == UInt8(ascii: "/") else { return }
        var depth = 0
        var isAfterTilde = false
        for byte in self.attribute.utf8 {
            if byte == UInt8(ascii: "/") { depth += 1 }
            if isAfterTilde, byte != UInt8(ascii: "0"), byte != UInt8(ascii: "1") { break }
            isAfterTilde = byte == UInt8(ascii: "~")
        }
        guard !isAfterTilde else {
            throw FlagsError(
                .invalidTargeting,
                "the path \(TextRules.quoted(self.attribute)) has a ~ without 0 or 1 behind it"
            )
        }
        try TextRules.checkCount(
            depth,
            "parts of an attribute's path",
            max: FlagsLimits.attributePathDepthMax
        )
    }

    private func check(_ value: Value) throws(FlagsError) {
        switch self.comparison {
        case .isIn:
            switch value {
            case .bool: return
            case .number(let number) where number.isFinite: return
            case .string: try self.checkText(value)
            default: throw self.wrong(value, "texts, finite numbers, true or false")
            }
        case .startsWith, .endsWith, .contains:
            try self.checkText(value)
        case .matches:
            try self.checkText(value, bytesMax: FlagsLimits.patternBytesMax)
        case .numberEqual, .numberLess, .numberLessOrEqual, .numberGreater,
            .numberGreaterOrEqual:
            guard case .number(let number) = value, number.isFinite else {
                throw self.wrong(value, "finite numbers")
            }
        case .before, .after:
            try self.checkMoment(value)
        case .versionEqual, .versionLess, .versionLessOrEqual, .versionGreater,
            .versionGreaterOrEqual:
            guard SemanticVersion(try self.checkText(value)) != nil else {
                throw self.wrong(value, "versions such as 1.4.0 or 2.0.0-rc.1")
            }
        case .inNetwork:
            guard Network(try self.checkText(value)) != nil else {
                throw self.wrong(value, "networks such as 10.0.0.0/8 or 2001:db8::/32")
            }
        case .segment:
            guard case .string(let key) = value else { throw self.wrong(value, "keys of segments") }
            try TextRules.checkIdentifier(key, "the key of a segment")
        default:
            try self.checkText(value)
        }
    }

    @discardableResult
    private func checkText(
        _ value: Value,
        bytesMax: Int = FlagsLimits.clauseTextBytesMax
    ) throws(FlagsError) -> String {
        guard case .string(let text) = value else { throw self.wrong(value, "texts") }
        try TextRules.checkText(text, "a value of a clause", bytesMax: bytesMax)
        return text
    }

    private func checkMoment(_ value: Value) throws(FlagsError) {
        switch value {
        case .string(let text):
            _ = try Timestamp(parsing: text)
        case .number(let number):
            guard let milliseconds = Int64(exactly: number),
                milliseconds >= FlagsLimits.timestampMin.milliseconds,
                milliseconds <= FlagsLimits.timestampMax.milliseconds
            else { throw self.wrong(value, "whole milliseconds within the years 0000 to 9999") }
        default:
            throw self.wrong(value, "times such as 2026-01-31T09:30:00Z")
        }
    }

    private func wrong(_ value: Value, _ expected: String) -> FlagsError {
        let found =
            switch value {
            case .number(let number): "\(number)"
            case .string(let text): TextRules.quoted(text)
            default: value.kindInWords
            }
        return FlagsError(
            .invalidTargeting,
            "the operator \(self.comparison) compares with \(expected), not \(found)"
        )
    }

    /// About the bytes that it takes on the wire.
    var sizeInBytes: Int {
        self.values.reduce(self.attribute.utf8.count + self.comparison.rawValue.utf8.count + 8) {
            $0 + $1.sizeInBytes
        }
    }
}

extension [Clause] {
    /// Requires at most so many clauses, each valid.
    func validate() throws(FlagsError) {
        try TextRules.checkCount(
            self.count,
            "clauses of a rule",
            max: FlagsLimits.clausesPerRuleMax
        )
        for index in self.indices {
            do {
                try self[index].validate()
            } catch {
                throw FlagsError(error.code, "clause \(index + 1): \(error.message)")
            }
        }
    }
}

extension [[Clause]] {
    /// Requires at most so many regular expressions: each takes memory in every node and SDK.
    func checkPatternCount() throws(FlagsError) {
        var count = 0
        for clauses in self {
            for clause in clauses where clause.comparison == .matches {
                count += clause.values.count
            }
        }
        try TextRules.checkCount(count, "regular expressions", max: FlagsLimits.patternsMax)
    }
}
