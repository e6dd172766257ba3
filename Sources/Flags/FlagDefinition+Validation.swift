extension FlagDefinition {
    /// The definition with every default filled in, or what is wrong with it.
    public func validated() throws(FlagsError) -> FlagDefinition {
        try self.key.validate()
        try Flag.checkName(self.name)
        try Flag.checkDescription(self.description)
        guard self.status == .draft || self.status == .active else {
            throw FlagsError(
                .invalidStatus,
                "a flag begins as draft or active, not \(self.status.rawValue)"
            )
        }
        try Flag.checkWindow(start: self.start, end: self.end)
        try Flag.checkAudience(self.audience.plans, "plans")
        try Flag.checkAudience(self.audience.roles, "roles")
        try Flag.checkAudience(self.audience.companies, "companies")
        try Flag.checkAudience(self.audience.regions, "regions")
        try TextRules.checkText(self.salt, "the salt", bytesMax: FlagsLimits.saltBytesMax)
        try TextRules.checkText(
            self.bucketBy,
            "the attribute to bucket by",
            bytesMax: FlagsLimits.attributeNameBytesMax
        )
        let complete = self.completed()
        try Flag.checkVariations(complete.variations)
        try Flag.checkServed(
            on: complete.onVariation,
            off: complete.offVariation,
            of: complete.variations
        )
        try Flag.checkSize(variations: complete.variations, audience: complete.audience)
        return complete
    }

    private func completed() -> FlagDefinition {
        var complete = self
        if complete.variations.isEmpty {
            complete.variations = [
                Variation(name: "on", value: .bool(true)),
                Variation(name: "off", value: .bool(false)),
            ]
        }
        if complete.onVariation.isEmpty {
            complete.onVariation = complete.variations.first?.name ?? ""
        }
        if complete.offVariation.isEmpty {
            complete.offVariation = complete.variations.last?.name ?? ""
        }
        if complete.salt.isEmpty { complete.salt = complete.key.rawValue }
        if complete.bucketBy.isEmpty { complete.bucketBy = Flag.targetingKeyName }
        return complete
    }
}

extension FlagKey {
    /// Requires 1 through 128 of `a-z A-Z 0-9 . _ -`.
    public func validate() throws(FlagsError) {
        try TextRules.checkName(
            self.rawValue,
            "the flag's key",
            .identifier,
            bytesMax: FlagsLimits.keyBytesMax
        )
    }
}
