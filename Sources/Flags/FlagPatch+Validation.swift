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
        try self.checkTogether(patched)
        return patched
    }

    /// Checks each field by itself.
    private func check() throws(FlagsError) {
        try TextRules.checkText(
            self.reason,
            "the reason",
            bytesMax: FlagsLimits.reasonBytesMax,
            allowsLines: true
        )
        if let name = self.name { try Flag.checkName(name) }
        if let description = self.description { try Flag.checkDescription(description) }
        if let plans = self.plans { try Flag.checkAudience(plans, "plans") }
        if let roles = self.roles { try Flag.checkAudience(roles, "roles") }
        if let companies = self.companies { try Flag.checkAudience(companies, "companies") }
        if let regions = self.regions { try Flag.checkAudience(regions, "regions") }
        if let variations = self.variations { try Flag.checkVariations(variations) }
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
        let resizesAudience =
            self.plans != nil || self.roles != nil || self.companies != nil || self.regions != nil
        if self.variations != nil || resizesAudience {
            try Flag.checkSize(variations: patched.variations, audience: patched.audience)
        }
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
