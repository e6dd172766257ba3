extension ReleasePlan {
    /// Requires 1 through 100 steps, each with a bounded hold, bounded approvals and a valid
    /// audience.
    public func validate() throws(FlagsError) {
        guard !self.steps.isEmpty else {
            throw FlagsError(.invalidPlan, "a release plan needs at least one step")
        }
        try TextRules.checkCount(
            self.steps.count,
            "steps",
            max: FlagsLimits.releaseStepsMax
        )
        for index in self.steps.indices {
            do {
                try self.steps[index].validate()
            } catch {
                throw FlagsError(error.code, "step \(index + 1): \(error.message)")
            }
        }
    }

    /// What is allowed but may be a mistake, for people: empty when nothing is.
    public var warnings: [String] {
        var warnings: [String] = []
        var greatest: RolloutPercentage?
        for index in self.steps.indices {
            let step = self.steps[index]
            if let rollout = step.rollout {
                if let greatest, rollout < greatest {
                    warnings.append(
                        "step \(index + 1) takes the flag away again from some: "
                            + "\(rollout) % after \(greatest) %"
                    )
                }
                greatest = max(rollout, greatest ?? .none)
            }
            if step == ReleaseStep() {
                warnings.append("step \(index + 1) does nothing and waits for nothing")
            }
        }
        return warnings
    }
}

extension ReleaseStep {
    fileprivate func validate() throws(FlagsError) {
        guard self.holdMilliseconds >= 0,
            self.holdMilliseconds <= FlagsLimits.holdMillisecondsMax
        else {
            throw FlagsError(
                .invalidPlan,
                "the hold of \(self.holdMilliseconds) ms is not from 0 to "
                    + (HoldText.text(milliseconds: FlagsLimits.holdMillisecondsMax) ?? "")
            )
        }
        try TextRules.checkCount(
            Int(self.approvals),
            "approvals",
            max: FlagsLimits.approvalsPerStepMax
        )
        if let audience = self.audience { try audience.validate() }
        try Flag.checkAudience(self.regions, "regions")
    }
}

extension Audience {
    func validate() throws(FlagsError) {
        try Flag.checkAudience(self.plans, "plans")
        try Flag.checkAudience(self.roles, "roles")
        try Flag.checkAudience(self.companies, "companies")
        try Flag.checkAudience(self.regions, "regions")
    }
}
