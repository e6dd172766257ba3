extension CompiledTargeting {
    /// Whether every prerequisite gives one of the variations that are asked for.
    ///
    /// One that is unknown, archived, disabled, failed by its own prerequisites or in error does
    /// not, whatever it serves then; nor does a chain that is longer than any may be, so a circle
    /// fails.
    func isReleased(
        _ context: borrowing EvaluationContext,
        _ now: Timestamp,
        in scope: borrowing some EvaluationScope,
        _ depth: Int,
        _ effort: inout Effort,
        _ explainer: Explainer?
    ) -> Bool {
        let requirements = self.requirements
        for index in requirements.indices {
            var given: Evaluation?
            if depth < FlagsLimits.prerequisiteDepthMax, effort.spend() {
                given = scope.compiledFlag(requirements[index].flag)?
                    .evaluate(context, now: now, in: scope, depth: depth + 1, &effort, nil)
            }
            let isMet = requirements[index].isMet(by: given)
            explainer?.notePrerequisite(at: index, gave: given, isMet: isMet)
            guard isMet else { return false }
        }
        return true
    }

    /// What a level of the hierarchy forces upon `context`.
    func forced(
        _ context: borrowing EvaluationContext,
        _ explainer: Explainer?
    ) -> Served? {
        guard let overrides = self.overrides else { return nil }
        let decision = overrides.decision(for: context)
        explainer?.noteOverrides(context, decision)
        return decision?.served
    }

    /// What the first target that has the unit gives.
    func listed(
        _ context: borrowing EvaluationContext,
        _ explainer: Explainer?
    ) -> Served? {
        let listings = self.listings
        for index in listings.indices {
            let value = listings[index].reference.value(in: context)
            let isListed = value.map { listings[index].units.contains($0) } ?? false
            explainer?.noteTarget(at: index, value, isListed: isListed)
            if isListed { return listings[index].served }
        }
        return nil
    }

    /// What the first rule whose clauses are all met gives.
    func matched(
        _ context: borrowing EvaluationContext,
        in scope: borrowing some EvaluationScope,
        _ effort: inout Effort,
        _ explainer: Explainer?
    ) -> Evaluation? {
        let branches = self.branches
        for index in branches.indices {
            let unmet = branches[index].clauses
                .firstUnmet(context, in: scope, depth: 0, &effort)
            explainer?.noteRule(at: index, context, unmet: unmet)
            guard unmet == nil else { continue }
            explainer?.noteSplit(ofRule: index, branches[index].distribution, context)
            return branches[index].distribution.evaluate(context, single: .targetingMatch)
        }
        return nil
    }
}

extension CompiledTargeting.Requirement {
    fileprivate func isMet(by evaluation: Evaluation?) -> Bool {
        guard let evaluation, let variation = evaluation.variation else { return false }
        switch evaluation.reason {
        case .disabled, .prerequisiteFailed, .error: return false
        case .static, .default, .targetingMatch, .split, .cached, .stale: break
        }
        return self.variations.contains(variation)
    }
}
