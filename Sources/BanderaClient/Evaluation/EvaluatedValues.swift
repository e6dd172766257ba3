package import ClientProtocol
package import Flags

/// What an environment's flags are for one context, as a node evaluated them: what a client SDK
/// answers from.
package struct EvaluatedValues: Sendable {
    /// The environment whose flags these are.
    package let environment: EnvironmentID
    /// Who the flags were evaluated for.
    package let context: EvaluationContext
    /// Everything up to here is in it.
    package private(set) var revision = Revision.zero
    /// Looked up only; never iterated into an output without sorting.
    private var values: [FlagKey: Evaluation] = [:]

    /// No values yet.
    package init(environment: EnvironmentID, context: EvaluationContext) {
        self.environment = environment
        self.context = context
    }

    /// How many flags have a value.
    package var count: Int { self.values.count }

    /// What the flag named `key` is.
    package func evaluate(_ key: FlagKey) -> Evaluation {
        self.values[key] ?? Evaluation(error: .flagNotFound)
    }

    /// All values, sorted by flag.
    package var all: [WatchEvent.Values.FlagValue] {
        self.values
            .map { WatchEvent.Values.FlagValue(flag: $0.key, evaluation: $0.value) }
            .sorted { $0.flag < $1.flag }
    }

    /// Takes values over; says which flags have another value than before, sorted.
    ///
    /// A value that came about for another reason is no other value.
    package mutating func apply(_ delivered: WatchEvent.Values) -> [FlagKey] {
        var changed: Set<FlagKey> = []
        let previous = self.values
        if delivered.isSnapshot { self.values = [:] }
        for value in delivered.values {
            let isGone = value.evaluation.errorCode == .flagNotFound
            self.values[value.flag] = isGone ? nil : value.evaluation
            if !previous[value.flag].isSame(as: self.values[value.flag]) {
                changed.insert(value.flag)
            }
        }
        if delivered.isSnapshot {
            for key in previous.keys where self.values[key] == nil { changed.insert(key) }
        }
        self.revision = delivered.revision
        return changed.sorted()
    }

    /// Notes that nothing changed up to `revision`.
    package mutating func advance(to revision: Revision) {
        self.revision = max(self.revision, revision)
    }
}

extension Evaluation? {
    fileprivate func isSame(as other: Evaluation?) -> Bool {
        self?.value == other?.value && self?.variation == other?.variation
            && self?.errorCode == other?.errorCode && (self == nil) == (other == nil)
    }
}

/// What evaluations are made from: rules, or values that a node made of them.
package enum FlagSource: Sendable {
    case rules(Ruleset)
    case values(EvaluatedValues)

    /// Everything up to here is in it.
    package var revision: Revision {
        switch self {
        case .rules(let ruleset): ruleset.revision
        case .values(let values): values.revision
        }
    }

    /// The environment whose flags these are.
    package var environment: EnvironmentID {
        switch self {
        case .rules(let ruleset): ruleset.environment
        case .values(let values): values.environment
        }
    }

    /// What the flag named `key` is for `context` at `now`; values have their own context and time.
    @inline(__always)
    func evaluate(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        now: @autoclosure () -> Timestamp
    ) -> Evaluation {
        switch self {
        case .rules(let ruleset): ruleset.evaluate(key, context, now: now())
        case .values(let values): values.evaluate(key)
        }
    }
}
