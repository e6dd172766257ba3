/// An environment's flags and segments, compiled, as they are at one revision: what a node and an
/// SDK evaluate with.
///
/// A value: a copy is a consistent snapshot. Changes are applied in revision order.
public struct Ruleset: Sendable {
    /// The environment whose flags these are.
    public let environment: EnvironmentID
    /// Everything up to here is in it.
    public private(set) var revision: Revision
    private var compiled: NameTable<CompiledFlag>
    private var compiledSegments: NameTable<CompiledSegment>

    /// Compiles `flags` and `segments`, as they are at `revision`.
    public init(
        environment: EnvironmentID,
        revision: Revision = .zero,
        flags: [Flag] = [],
        segments: [Segment] = []
    ) {
        self.environment = environment
        self.revision = revision
        self.compiled = NameTable(capacity: flags.count)
        for flag in flags where !flag.isArchived {
            self.compiled[flag.key.rawValue] = CompiledFlag(flag)
        }
        self.compiledSegments = NameTable(capacity: segments.count)
        for segment in segments { self.compiledSegments[segment.key] = CompiledSegment(segment) }
    }

    /// Applies `changes` in order.
    ///
    /// Those of another environment and those already in are passed over.
    public mutating func apply(_ changes: [Change]) {
        for change in changes
        where change.environment == self.environment && change.revision > self.revision {
            self.revision = change.revision
            switch change.item {
            case .flag(let flag): self.apply(flag)
            case .segment(let segment):
                self.compiledSegments[segment.key] = CompiledSegment(segment)
            case .segmentRemoved(let key): self.compiledSegments[key] = nil
            }
        }
    }

    private mutating func apply(_ flag: Flag) {
        if flag.isArchived {
            self.compiled[flag.key.rawValue] = nil
        } else {
            let previous = self.compiled[flag.key.rawValue]
            self.compiled[flag.key.rawValue] = CompiledFlag(flag, previous: previous)
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
        self.compiled.elements.map(\.flag).sorted { $0.key < $1.key }
    }

    /// The segments, sorted by key.
    public var segments: [Segment] {
        self.compiledSegments.elements.map(\.segment).sorted { $0.key < $1.key }
    }

    /// The flag named `key`; `nil` when there is none.
    public subscript(key: FlagKey) -> CompiledFlag? { self.compiled[key.rawValue] }

    /// What the flag named `key` is for `context` at `now`.
    public func evaluate(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        now: Timestamp
    ) -> Evaluation {
        guard let flag = self.compiled[key.rawValue] else {
            return Evaluation(error: .flagNotFound)
        }
        return flag.evaluate(context, now: now, in: self)
    }

    /// How what the flag named `key` is for `context` at `now` comes about.
    public func explain(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext,
        now: Timestamp
    ) -> Explanation {
        guard let flag = self.compiled[key.rawValue] else { return Explanation(unknown: key) }
        return flag.explain(context, now: now, in: self)
    }
}

extension Ruleset: EvaluationScope {
    /// The flag named `key`; `nil` when there is none.
    public func compiledFlag(_ key: FlagKey) -> CompiledFlag? { self.compiled[key.rawValue] }

    /// The segment named `key`; `nil` when there is none.
    public func compiledSegment(_ key: String) -> CompiledSegment? { self.compiledSegments[key] }
}
