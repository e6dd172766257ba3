/// A flag made ready for evaluation: immutable, shared, and evaluated without allocation.
///
/// The order is design section 7. What a later step needs (prerequisites, overrides, targets,
/// rules) becomes one more stored part and one more line of `evaluate`.
public final class CompiledFlag: Sendable {
    /// The flag as it is stored, listed and pushed.
    public let flag: Flag

    private let isArchived: Bool
    private let isAvailable: Bool
    /// Inclusive.
    private let start: Timestamp
    /// Exclusive, but for the last moment of all, which is never reached.
    private let end: Timestamp
    private let disabled: Evaluation
    private let excluded: Evaluation
    private let audience: CompiledAudience?
    private let otherwise: Distribution

    /// Compiles `flag`, which has been validated.
    ///
    /// What `previous` shares with it is not compiled again.
    ///
    /// A name in `onVariation` or `offVariation` that is no variation's gives an error at
    /// evaluation, never a trap: flags come from files and peers.
    public init(_ flag: Flag, previous: CompiledFlag? = nil) {
        self.flag = flag
        let on = flag.variation(named: flag.onVariation)
        let off = flag.variation(named: flag.offVariation)
        self.isArchived = flag.isArchived || on == nil || off == nil
        self.isAvailable = flag.status == .active && flag.enabled
        self.start = flag.start ?? Timestamp(milliseconds: .min)
        self.end = flag.end ?? Timestamp(milliseconds: .max)
        self.disabled = Evaluation(value: off?.value, variation: off?.name, reason: .disabled)
        self.excluded = Evaluation(value: off?.value, variation: off?.name, reason: .default)
        if let previous, previous.flag.audience == flag.audience {
            self.audience = previous.audience
        } else {
            self.audience = CompiledAudience(flag.audience)
        }
        let nothing = Variation(name: "", value: .null)
        self.otherwise = Distribution(
            rollout: flag.rollout,
            first: on ?? nothing,
            rest: off ?? nothing,
            bucketing: Bucketing(salt: flag.salt, bucketBy: flag.bucketBy)
        )
    }

    /// What the flag is for `context` at `now`.
    public func evaluate(_ context: borrowing EvaluationContext, now: Timestamp) -> Evaluation {
        if self.isArchived { return Evaluation(error: .flagNotFound) }
        guard self.isAvailable, self.start <= now, now < self.end else { return self.disabled }
        if let audience = self.audience, !audience.admits(context) { return self.excluded }
        return self.otherwise.evaluate(context)
    }
}
