public import BanderaClient
public import Flags
internal import Glibc
internal import Synchronization

/// Flags for tests: evaluated by the same code as in a `BanderaClient`, without a cluster.
///
/// Code that takes `some FlagEvaluating` cannot tell the difference.
///
/// ```swift
/// @Test func theNewSearchIsUsedWhenItIsOn() {
///     let flags = InMemoryFlags()
///     flags.set(.newSearch, to: true)
///     let page = SearchPage(flags: flags)
///     #expect(page.engine == .new)
///     #expect(flags.evaluations.map(\.key) == ["new_search"])
/// }
/// ```
///
/// A flag that was set to a value gives it to everybody (`STATIC`); a flag that was defined is
/// evaluated with its rollout, audience, rules and segments. Every evaluation and every tracked event
/// is recorded. Changes are told to ``changes`` and `events` before `set` returns. All of it may be
/// used from any thread.
public final class InMemoryFlags: FlagEvaluating {
    /// An evaluation that was made.
    public struct RecordedEvaluation: Hashable, Sendable {
        /// The flag's key.
        public let key: String
        /// Who it was evaluated for.
        public let context: EvaluationContext
        /// What came out.
        public let evaluation: Evaluation
    }

    /// An event that was tracked.
    public struct RecordedEvent: Hashable, Sendable {
        /// What happened.
        public let event: UsageEvent
        /// The flag's key.
        public let key: String
        /// The variation that it was counted for.
        public let variation: String?
        /// Whom it happened to.
        public let context: EvaluationContext
    }

    /// How many evaluations, and how many events, are kept; the first ones stay.
    public static let recordsMax = 100_000

    fileprivate struct State {
        var ruleset = Ruleset(environment: InMemoryFlags.environment)
        var freshness: Freshness?
        var time: Timestamp?
        var evaluations: [RecordedEvaluation] = []
        var events: [RecordedEvent] = []
    }

    private static let environment = EnvironmentID(organization: "test", environment: "memory")

    /// What runs around every evaluation.
    public let hooks: [any EvaluationHook]
    private let broadcast = FlagEventBroadcast()
    private let state: Mutex<State>

    /// Flags without any flag.
    ///
    /// - Parameter freshness: the state to begin in; `nil` is that of a client that has not reached
    ///   its cluster yet, whose evaluations give `PROVIDER_NOT_READY`.
    public init(hooks: [any EvaluationHook] = [], freshness: Freshness? = .live) {
        self.hooks = hooks
        var state = State()
        state.freshness = freshness
        self.state = Mutex(state)
    }

    deinit { self.broadcast.finish() }

    /// Gives everybody `value`, whatever the flag was before.
    public func set(_ key: FlagKey, to value: some FlagRepresentable) {
        let variation = Variation(name: "value", value: value.flagValue)
        let definition = FlagDefinition(
            key: key,
            enabled: true,
            status: .active,
            rollout: .all,
            variations: [variation],
            onVariation: variation.name,
            offVariation: variation.name
        )
        self.change { state, revision in
            .flag(Flag(creating: definition, time: state.now, actor: "test", revision: revision))
        }
    }

    /// Gives everybody `value`, whatever the flag was before.
    public func set<FlagValue>(_ key: TypedFlagKey<FlagValue>, to value: FlagValue) {
        self.set(key.key, to: value)
    }

    /// Defines a whole flag, with audience, rollout and rules, in place of what it was before.
    ///
    /// - Throws: `FlagsError`, when a cluster would refuse the definition too.
    public func define(_ definition: FlagDefinition) throws(FlagsError) {
        let definition = try definition.validated()
        self.change { state, revision in
            .flag(Flag(creating: definition, time: state.now, actor: "test", revision: revision))
        }
    }

    /// Defines a segment that rules can ask for, in place of what it was before.
    ///
    /// - Throws: `FlagsError`, when a cluster would refuse the definition too.
    public func define(_ definition: SegmentDefinition) throws(FlagsError) {
        try definition.validate()
        self.change { state, revision in
            .segment(
                Segment(
                    definition: definition,
                    createdAt: state.now,
                    createdBy: "test",
                    updatedAt: state.now,
                    updatedBy: "test",
                    revision: revision
                )
            )
        }
    }

    /// Takes a flag away; evaluations of it give the caller's default.
    public func remove(_ key: FlagKey) {
        self.change { state, revision in
            guard var flag = state.ruleset[key]?.flag else { return nil }
            flag.isArchived = true
            flag.revision = revision
            return .flag(flag)
        }
    }

    /// How fresh evaluations say that they are; `nil` makes them fail as before the first contact.
    ///
    /// Setting it tells ``changes`` and `events` what a client would.
    public var freshness: Freshness? {
        get { self.state.withLock { $0.freshness } }
        set {
            self.state.withLock { $0.freshness = newValue }
            guard let newValue else { return }
            self.broadcast.send(newValue == .stale ? .stale : .ready(newValue))
        }
    }

    /// The time that flags are evaluated at; `nil` is now.
    public var time: Timestamp? {
        get { self.state.withLock { $0.time } }
        set { self.state.withLock { $0.time = newValue } }
    }

    /// The evaluations that were made, in order.
    public var evaluations: [RecordedEvaluation] { self.state.withLock { $0.evaluations } }

    /// The events that were tracked, in order.
    public var trackedEvents: [RecordedEvent] { self.state.withLock { $0.events } }

    /// Forgets which evaluations were made and which events were tracked.
    public func removeRecords() {
        self.state.withLock { state in
            state.evaluations = []
            state.events = []
        }
    }

    /// Ends ``changes``, as a client does that is shut down.
    public func finish() { self.broadcast.finish() }

    /// What the flag named `key` is for `context`, as it comes; recorded.
    public func evaluate(
        _ key: FlagKey,
        context: borrowing EvaluationContext
    ) -> EvaluationAnswer {
        let context = copy context
        return self.state.withLock { state in
            let evaluation = state.evaluate(key, context)
            if state.evaluations.count < Self.recordsMax {
                state.evaluations.append(
                    RecordedEvaluation(key: key.rawValue, context: context, evaluation: evaluation)
                )
            }
            return EvaluationAnswer(
                evaluation: evaluation,
                freshness: state.freshness ?? .cached,
                revision: state.ruleset.revision
            )
        }
    }

    /// Records an event.
    public func track(
        _ event: UsageEvent,
        _ key: FlagKey,
        variation: String?,
        context: borrowing EvaluationContext
    ) {
        let context = copy context
        self.state.withLock { state in
            guard state.events.count < Self.recordsMax else { return }
            state.events.append(
                RecordedEvent(
                    event: event,
                    key: key.rawValue,
                    variation: variation ?? state.evaluate(key, context).variation,
                    context: context
                )
            )
        }
    }

    /// Everything that is set, defined and removed from now on.
    public var changes: FlagEvents { FlagEvents(broadcast: self.broadcast) }

    /// The same as ``freshness``.
    public var currentFreshness: Freshness? { self.freshness }

    private func change(_ make: (State, Revision) -> Change.Item?) {
        // Told under the lock: consumers hear of changes in the order in which they were made.
        self.state.withLock { state in
            let revision = Revision(state.ruleset.revision.rawValue + 1)
            guard let item = make(state, revision) else { return }
            let change = Change(revision: revision, environment: Self.environment, item: item)
            state.ruleset.apply([change])
            self.broadcast.send(.changed(change))
        }
    }
}

extension InMemoryFlags.State {
    fileprivate var now: Timestamp {
        if let time = self.time { return time }
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(milliseconds: Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000)
    }

    fileprivate func evaluate(_ key: FlagKey, _ context: EvaluationContext) -> Evaluation {
        guard self.freshness != nil else { return Evaluation(error: .providerNotReady) }
        return self.ruleset.evaluate(key, context, now: self.now)
    }
}
