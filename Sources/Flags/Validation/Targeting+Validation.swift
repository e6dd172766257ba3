/// The checks that a definition and a patch share; `variations` are those of the flag.
extension Targeting {
    static func check(rules: [Rule], _ variations: [Variation]) throws(FlagsError) {
        try TextRules.checkCount(rules.count, "rules", max: FlagsLimits.rulesPerFlagMax)
        try rules.map(\.clauses).checkPatternCount()
        var ids: Set<String> = []
        for index in rules.indices {
            let rule = rules[index]
            try TextRules.checkIdentifier(rule.id, "the id of rule \(index + 1)")
            guard ids.insert(rule.id).inserted else {
                throw FlagsError(
                    .invalidTargeting,
                    "two rules have the id \(TextRules.quoted(rule.id))"
                )
            }
            do {
                try Flag.checkDescription(rule.description)
                try rule.clauses.validate()
                try Self.check(rule.serve, variations)
            } catch {
                throw FlagsError(
                    error.code,
                    "rule \(TextRules.quoted(rule.id)): \(error.message)"
                )
            }
        }
    }

    private static func check(_ serve: Serve, _ variations: [Variation]) throws(FlagsError) {
        switch serve {
        case .variation(let name):
            try Flag.checkHas(name, variations) { "to serve" }
        case .split(let split):
            guard !split.weights.isEmpty else {
                throw FlagsError(.invalidTargeting, "a split without weights")
            }
            try Self.check(weights: split.weights, variations)
            try TextRules.checkText(
                split.bucketBy,
                "the attribute to bucket by",
                bytesMax: FlagsLimits.attributeNameBytesMax
            )
        }
    }

    static func check(
        weights: [WeightedVariation],
        _ variations: [Variation]
    ) throws(FlagsError) {
        guard !weights.isEmpty else { return }
        try TextRules.checkCount(weights.count, "weights", max: FlagsLimits.variationsMax)
        var sum: UInt64 = 0
        for index in weights.indices {
            let name = weights[index].variation
            try Flag.checkHas(name, variations) { "to give a weight" }
            for earlier in 0..<index where weights[earlier].variation == name {
                throw FlagsError(
                    .invalidTargeting,
                    "variation \(TextRules.quoted(name)) has two weights"
                )
            }
            sum += UInt64(weights[index].weight)
        }
        guard sum == UInt64(WeightedVariation.total) else {
            throw FlagsError(
                .invalidTargeting,
                "the weights add up to \(Self.percent(sum)) %, not to 100 %"
            )
        }
    }

    private static func percent(_ thousandths: UInt64) -> String {
        var text = String(thousandths / 1_000)
        var digits = String(thousandths % 1_000 + 1_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        if !digits.isEmpty { text += ".\(digits)" }
        return text
    }

    static func check(targets: [Target], _ variations: [Variation]) throws(FlagsError) {
        try TextRules.checkCount(targets.count, "targets", max: FlagsLimits.targetsPerFlagMax)
        for target in targets {
            try Flag.checkHas(target.variation, variations) { "to give to targets" }
            try TextRules.checkText(
                target.attribute,
                "the attribute of a target",
                bytesMax: FlagsLimits.attributeNameBytesMax
            )
            try TextRules.checkCount(
                target.values.count,
                "values of a target",
                max: FlagsLimits.valuesPerTargetMax
            )
            try TextRules.checkEntries(
                target.values,
                "targets of \(TextRules.quoted(target.variation))",
                bytesMax: FlagsLimits.unitBytesMax
            )
        }
    }

    static func check(
        prerequisites: [Prerequisite],
        of key: FlagKey
    ) throws(FlagsError) {
        try TextRules.checkCount(
            prerequisites.count,
            "prerequisites",
            max: FlagsLimits.prerequisitesPerFlagMax
        )
        for index in prerequisites.indices {
            let other = prerequisites[index]
            try other.flag.validate()
            guard other.flag != key else {
                throw FlagsError(.circularDependency, "flag \(key) cannot be its own prerequisite")
            }
            for earlier in 0..<index where prerequisites[earlier].flag == other.flag {
                throw FlagsError(
                    .invalidTargeting,
                    "flag \(other.flag) is a prerequisite twice"
                )
            }
            guard !other.variations.isEmpty else {
                throw FlagsError(
                    .invalidTargeting,
                    "the prerequisite \(other.flag) names no variation that it must give"
                )
            }
            try TextRules.checkCount(
                other.variations.count,
                "variations of a prerequisite",
                max: FlagsLimits.variationsMax
            )
            for name in other.variations { try Flag.checkVariationName(name) }
        }
    }

    /// Requires overrides that are sorted, one for each level and subject.
    static func check(overrides: [Override], _ variations: [Variation]) throws(FlagsError) {
        try TextRules.checkCount(
            overrides.count,
            "overrides",
            max: FlagsLimits.overridesPerFlagMax
        )
        for index in overrides.indices {
            try overrides[index].validate(variations)
            guard index == 0 || overrides[index - 1].precedes(overrides[index]) else {
                throw FlagsError(
                    .invalidTargeting,
                    "overrides must be sorted, one for each level and subject: "
                        + "\(overrides[index].place) is repeated or out of order"
                )
            }
        }
    }

    /// Checks every part against the flag's key and variations.
    func validate(of key: FlagKey, _ variations: [Variation]) throws(FlagsError) {
        try Self.check(prerequisites: self.prerequisites, of: key)
        try Self.check(overrides: self.overrides, variations)
        try Self.check(targets: self.targets, variations)
        try Self.check(rules: self.rules, variations)
        try Self.check(weights: self.weights, variations)
    }
}

extension Override {
    /// Requires a subject exactly for a plan, a company or a user, and a variation of `flag`.
    public func validate(in flag: Flag) throws(FlagsError) {
        try self.validate(flag.variations)
    }

    fileprivate func validate(_ variations: [Variation]) throws(FlagsError) {
        let needsSubject = self.level >= .plan
        guard self.subject.isEmpty != needsSubject else {
            throw FlagsError(
                .invalidTargeting,
                needsSubject
                    ? "an override at the level \(self.level.rawValue) needs its subject"
                    : "an override at the level \(self.level.rawValue) has no subject, not "
                        + TextRules.quoted(self.subject)
            )
        }
        try TextRules.checkText(
            self.subject,
            "the subject of an override",
            bytesMax: FlagsLimits.unitBytesMax
        )
        try Flag.checkHas(self.variation, variations) { "to override with" }
    }

    /// Whether it stands before `other` in a flag's list.
    public func precedes(_ other: Override) -> Bool {
        (self.level, self.subject) < (other.level, other.subject)
    }

    /// Where it stands, for people: `platform`, or `company acme`.
    var place: String {
        self.subject.isEmpty ? self.level.rawValue : "\(self.level.rawValue) \(self.subject)"
    }
}
