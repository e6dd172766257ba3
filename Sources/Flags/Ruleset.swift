/// An environment's flags, compiled, as they are at one revision: what a node and an SDK evaluate
/// with.
///
/// A value: a copy is a consistent snapshot. Changes are applied in revision order.
public struct Ruleset: Sendable {
    /// The environment whose flags these are.
    public let environment: EnvironmentID
    /// Everything up to here is in it.
    public private(set) var revision: Revision
    /// Looked up only; never iterated into an output without sorting.
    private var compiled: [FlagKey: CompiledFlag]

    /// Compiles `flags`, as they are at `revision`.
    public init(environment: EnvironmentID, revision: Revision = .zero, flags: [Flag] = []) {
        self.environment = environment
        self.revision = revision
        self.compiled = [:]
        self.compiled.reserveCapacity(flags.count)
        for flag in flags where !flag.isArchived {
            self.compiled[flag.key] = CompiledFlag(flag)
        }
    }

    /// Applies `changes` in order.
    ///
    /// Those of another environment and those already in are passed over.
    public mutating func apply(_ changes: [Change]) {
        for change in changes
        where change.environment == self.environment && change.revision > self.revision {
            self.revision = change.revision
            guard let flag = change.flag else { continue }
            if flag.isArchived {
                self.compiled[flag.key] = nil
            } else {
                let previous = self.compiled[flag.key]
                self.compiled[flag.key] = CompiledFlag(flag, previous: previous)
            }
        }
    }

    /// Notes that nothing changed up to `revision`.
    public mutating func advance(to revision: Revision) {
        self.revision = max(self.revision, revision)
    }

    /// How many flags there are.
    public var count: Int { self.compiled.count }

    /// The flags, sorted by key.
    public var flags: [Flag] {
        self.compiled.values.map(\.flag).sorted { $0.key < $1.key }
    }

    /// The flag named `key`; `nil` when there is none.
    public subscript(key: FlagKey) -> CompiledFlag? { self.compiled[key] }

    /// What the flag named `key` is for `context` at `now`.
    public func evaluate(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        now: Timestamp
    ) -> Evaluation {
        guard let flag = self.compiled[key] else { return Evaluation(error: .flagNotFound) }
        return flag.evaluate(context, now: now)
    }
}
