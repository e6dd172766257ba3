package import Flags

/// What a step of a plan will do to a flag, and when.
package struct ReleasePreview: Hashable, Sendable {
    /// Counts from 0.
    package let step: UInt32
    /// The flag's share once the step has begun.
    package let rollout: RolloutPercentage
    /// Who the flag is for once the step has begun.
    package let audience: Audience
    /// When it begins if nothing takes longer than it must.
    package let earliestStart: Timestamp
    /// When the next step begins, or the release ends, if nothing takes longer than it must.
    package let earliestEnd: Timestamp
    /// How many people must approve before the next step.
    package let approvals: UInt32
    /// How many evaluations must be reported before the next step.
    package let evaluationsMin: UInt64
}

extension ReleasePlan {
    /// What each step will do to `flag`, when the first begins at `start`.
    package func preview(from flag: Flag, startingAt start: Timestamp) -> [ReleasePreview] {
        var flag = flag
        var time = start
        var previews: [ReleasePreview] = []
        for (index, step) in self.steps.enumerated() {
            StepEffect(step).apply(to: &flag)
            let end = time.advanced(by: max(0, step.holdMilliseconds))
            previews.append(
                ReleasePreview(
                    step: UInt32(index),
                    rollout: flag.rollout,
                    audience: flag.audience,
                    earliestStart: time,
                    earliestEnd: end,
                    approvals: step.approvals,
                    evaluationsMin: step.evaluationsMin
                )
            )
            time = end
        }
        return previews
    }
}
