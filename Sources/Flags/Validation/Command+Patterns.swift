internal import Patterns

extension Command {
    /// Requires that the regular expressions in it compile.
    ///
    /// Asked before a command is proposed, never when it is applied: nodes may have different
    /// versions of the library, and must not judge a command differently.
    public func checkPatterns() throws(FlagsError) {
        switch self {
        case .createFlag(_, let definition), .restoreFlag(_, _, let definition, _):
            try definition.targeting.rules.checkPatterns()
        case .updateFlag(_, _, let patch):
            try patch.rules?.checkPatterns()
        case .putSegment(_, let definition):
            try definition.checkPatterns()
        default:
            return
        }
    }
}

extension FlagDefinition {
    /// Requires that the regular expressions in its rules compile.
    public func checkPatterns() throws(FlagsError) {
        try self.targeting.rules.checkPatterns()
    }
}

extension SegmentDefinition {
    /// Requires that the regular expressions in its rules compile.
    public func checkPatterns() throws(FlagsError) {
        for index in self.rules.indices {
            try self.rules[index].checkPatterns { "rule \(index + 1)" }
        }
    }
}

extension [Rule] {
    fileprivate func checkPatterns() throws(FlagsError) {
        for rule in self {
            try rule.clauses.checkPatterns { "rule \(TextRules.quoted(rule.id))" }
        }
    }
}

extension [Clause] {
    fileprivate func checkPatterns(_ place: () -> String) throws(FlagsError) {
        for clause in self where clause.comparison == .matches {
            for case .string(let source) in clause.values {
                do {
                    _ = try Pattern(source, ignoresCase: clause.ignoresCase)
                } catch {
                    throw FlagsError(
                        .invalidTargeting,
                        "\(place()): \(TextRules.quoted(source)) is no regular expression: "
                            + "\(error)"
                    )
                }
            }
        }
    }
}
