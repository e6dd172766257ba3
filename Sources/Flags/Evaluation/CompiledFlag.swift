/// A flag made ready for evaluation: immutable, shared, and evaluated without allocation.
///
/// The order is design section 7.
public final class CompiledFlag: Sendable {
    /// The flag as it is stored, listed and pushed.
    public let flag: Flag

    private let isArchived: Bool
    private let isAvailable: Bool
    /// Inclusive.
    private let start: Timestamp
    /// Exclusive, but for the last moment of all, which is never reached.
    private let end: Timestamp
    private let off: Served
    private let targeting: CompiledTargeting?
    private let audience: CompiledAudience?
    private let otherwise: Fallthrough

    /// Compiles `flag`, which has been validated.
    ///
    /// What `previous` shares with it is not compiled again.
    ///
    /// A name in `onVariation` or `offVariation` that is no variation's gives an error at
    /// evaluation, never a trap: flags come from files and peers.
    public init(_ flag: Flag, previous: CompiledFlag? = nil) {
        self.flag = flag
        self.isArchived =
            flag.isArchived || flag.variation(named: flag.onVariation) == nil
            || flag.variation(named: flag.offVariation) == nil
        self.isAvailable = flag.status == .active && flag.enabled
        self.start = flag.start ?? Timestamp(milliseconds: .min)
        self.end = flag.end ?? Timestamp(milliseconds: .max)
        self.off = Served(flag.offVariation, of: flag)
        if let previous, CompiledTargeting.isSame(for: flag, as: previous.flag) {
            self.targeting = previous.targeting
        } else {
            self.targeting = CompiledTargeting(flag)
        }
        if let previous, previous.flag.audience == flag.audience {
            self.audience = previous.audience
        } else {
            self.audience = CompiledAudience(flag.audience)
        }
        self.otherwise = Fallthrough(flag)
    }

    /// What the flag is for `context` at `now`; prerequisites and segments are looked up in
    /// `scope`.
    public func evaluate(
        _ context: borrowing EvaluationContext,
        now: Timestamp,
        in scope: borrowing some EvaluationScope
    ) -> Evaluation {
        var effort = Effort()
        return self.evaluate(context, now: now, in: scope, depth: 0, &effort, nil)
    }

    /// How what the flag is for `context` at `now` comes about.
    public func explain(
        _ context: borrowing EvaluationContext,
        now: Timestamp,
        in scope: borrowing some EvaluationScope
    ) -> Explanation {
        var effort = Effort()
        let explainer = Explainer(self.flag)
        let evaluation = self.evaluate(context, now: now, in: scope, depth: 0, &effort, explainer)
        return explainer.explanation(of: evaluation, in: scope)
    }

    /// The one evaluation: an explanation is a record of it, never another.
    ///
    /// `depth` is how many flags it is a prerequisite of.
    func evaluate(
        _ context: borrowing EvaluationContext,
        now: Timestamp,
        in scope: borrowing some EvaluationScope,
        depth: Int,
        _ effort: inout Effort,
        _ explainer: Explainer?
    ) -> Evaluation {
        explainer?.noteFlag(isFound: !self.isArchived)
        if self.isArchived { return Evaluation(error: .flagNotFound) }
        let isOpen = self.isAvailable && self.start <= now && now < self.end
        explainer?.noteState(isOpen: isOpen, now: now)
        guard isOpen else { return self.off.evaluation(.disabled) }
        if let targeting = self.targeting {
            guard targeting.isReleased(context, now, in: scope, depth, &effort, explainer) else {
                return self.off.evaluation(.prerequisiteFailed)
            }
            if let forced = targeting.forced(context, explainer) {
                return forced.evaluation(.targetingMatch)
            }
            if let listed = targeting.listed(context, explainer) {
                return listed.evaluation(.targetingMatch)
            }
        }
        if let audience = self.audience {
            let isAdmitted = audience.admits(context)
            explainer?.noteAudience(context, isAdmitted: isAdmitted)
            guard isAdmitted else { return self.off.evaluation(.default) }
        }
        if let targeting = self.targeting,
            let matched = targeting.matched(context, in: scope, &effort, explainer)
        {
            return matched
        }
        return self.otherwise.evaluate(context, explainer)
    }
}
