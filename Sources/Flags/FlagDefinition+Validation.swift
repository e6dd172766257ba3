extension FlagDefinition {
    /// The definition with every default filled in, tags and overrides sorted, or what is wrong with
    /// it.
    public func validated() throws(FlagsError) -> FlagDefinition {
        guard self.status == .draft || self.status == .active else {
            throw FlagsError(
                .invalidStatus,
                "a flag begins as draft or active, not \(self.status.rawValue)"
            )
        }
        return try self.validatedInAnyStatus()
    }

    /// What `validated` gives, for a flag that exists already and is to become so.
    public func validatedInAnyStatus() throws(FlagsError) -> FlagDefinition {
        try self.key.validate()
        try Flag.checkName(self.name)
        try Flag.checkDescription(self.description)
        try Flag.checkWindow(start: self.start, end: self.end)
        try self.audience.validate()
        try TextRules.checkText(self.salt, "the salt", bytesMax: FlagsLimits.saltBytesMax)
        try TextRules.checkText(
            self.bucketBy,
            "the attribute to bucket by",
            bytesMax: FlagsLimits.attributeNameBytesMax
        )
        try FlagLabels.check(tags: self.labels.tags)
        try FlagLabels.check(owner: self.labels.owner)
        let complete = self.completed()
        try Flag.checkVariations(complete.variations)
        try Flag.checkServed(
            on: complete.onVariation,
            off: complete.offVariation,
            of: complete.variations
        )
        try FlagLabels.check(schema: complete.labels.schema, complete.variations)
        try complete.targeting.validate(of: complete.key, complete.variations)
        try FlagSize.check(
            complete.variations,
            complete.audience,
            complete.labels,
            complete.targeting
        )
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
        complete.labels.tags = FlagLabels.inOrder(complete.labels.tags)
        if complete.targeting.overrides.count <= FlagsLimits.overridesPerFlagMax {
            complete.targeting.overrides.sort { $0.precedes($1) }
        }
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
