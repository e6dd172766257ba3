extension FlagPatch {
    /// `flag` with the patch's fields in place, or what is wrong with them.
    ///
    /// Only what the patch names is checked, and what depends on it: a rollout change stays cheap
    /// on a flag with large values. Who changed it, and whether the status may follow, is not
    /// decided here.
    public func applied(to flag: Flag) throws(FlagsError) -> Flag {
        try self.check()
        var patched = flag
        if let name = self.name { patched.name = name }
        if let description = self.description { patched.description = description }
        if let enabled = self.enabled { patched.enabled = enabled }
        if let status = self.status { patched.status = status }
        if let rollout = self.rollout { patched.rollout = rollout }
        if let plans = self.plans { patched.audience.plans = plans }
        if let roles = self.roles { patched.audience.roles = roles }
        if let companies = self.companies { patched.audience.companies = companies }
        if let regions = self.regions { patched.audience.regions = regions }
        if let start = self.start { patched.start = start.moment }
        if let end = self.end { patched.end = end.moment }
        if let variations = self.variations { patched.variations = variations }
        if let on = self.onVariation { patched.onVariation = on }
        if let off = self.offVariation { patched.offVariation = off }
        self.applyLabels(to: &patched)
        self.applyTargeting(to: &patched)
        try self.checkTogether(patched)
        return patched
    }

    private func applyLabels(to patched: inout Flag) {
        if let tags = self.tags { patched.labels.tags = FlagLabels.inOrder(tags) }
        if let owner = self.owner { patched.labels.owner = owner }
        if let schema = self.schema { patched.labels.schema = schema }
    }

    private func applyTargeting(to patched: inout Flag) {
        if let prerequisites = self.prerequisites {
            patched.targeting.prerequisites = prerequisites
        }
        if let targets = self.targets { patched.targeting.targets = targets }
        if let rules = self.rules { patched.targeting.rules = rules }
        if let weights = self.weights { patched.targeting.weights = weights }
    }

    /// Checks each field by itself.
    private func check() throws(FlagsError) {
        try Command.checkReason(self.reason)
        if let name = self.name { try Flag.checkName(name) }
        if let description = self.description { try Flag.checkDescription(description) }
        if let plans = self.plans { try Flag.checkAudience(plans, "plans") }
        if let roles = self.roles { try Flag.checkAudience(roles, "roles") }
        if let companies = self.companies { try Flag.checkAudience(companies, "companies") }
        if let regions = self.regions { try Flag.checkAudience(regions, "regions") }
        if let variations = self.variations { try Flag.checkVariations(variations) }
        if let tags = self.tags { try FlagLabels.check(tags: tags) }
        if let owner = self.owner { try FlagLabels.check(owner: owner) }
    }

    /// Checks fields that the patch names against fields that it may not name.
    private func checkTogether(_ patched: Flag) throws(FlagsError) {
        if self.start != nil || self.end != nil {
            try Flag.checkWindow(start: patched.start, end: patched.end)
        }
        if self.variations != nil || self.onVariation != nil || self.offVariation != nil {
            try Flag.checkServed(
                on: patched.onVariation,
                off: patched.offVariation,
                of: patched.variations
            )
        }
        if self.variations != nil || self.schema != nil {
            try FlagLabels.check(schema: patched.labels.schema, patched.variations)
        }
        try self.checkTargeting(patched)
        if self.mayGrow {
            try FlagSize.check(
                patched.variations,
                patched.audience,
                patched.labels,
                patched.targeting
            )
        }
    }

    /// Checks the targeting that the patch names, or all of it when the variations change under it.
    private func checkTargeting(_ patched: Flag) throws(FlagsError) {
        if self.variations != nil {
            let targeting = patched.targeting
            guard !targeting.isEmpty else { return }
            return try targeting.validate(of: patched.key, patched.variations)
        }
        if let prerequisites = self.prerequisites {
            try Targeting.check(prerequisites: prerequisites, of: patched.key)
        }
        if let targets = self.targets {
            try Targeting.check(targets: targets, patched.variations)
        }
        if let rules = self.rules { try Targeting.check(rules: rules, patched.variations) }
        if let weights = self.weights {
            try Targeting.check(weights: weights, patched.variations)
        }
    }

    /// Whether it names a part that counts for the flag's size.
    private var mayGrow: Bool {
        self.variations != nil || self.plans != nil || self.roles != nil || self.companies != nil
            || self.regions != nil || self.tags != nil || self.schema != nil
            || self.prerequisites != nil || self.targets != nil || self.rules != nil
            || self.weights != nil
    }
}

extension FlagPatch.Bound {
    /// The moment; `nil` when the bound is taken away.
    public var moment: Timestamp? {
        switch self {
        case .none: nil
        case .at(let moment): moment
        }
    }
}
