extension Organization {
    /// Requires an id of 1 through 64 of `a-z 0-9 -`, a bounded name and valid branding.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.id, "the organization's id")
        try TextRules.checkDisplayName(self.name, "the organization's name")
        try self.branding.validate()
    }
}

extension EnvironmentID {
    /// Requires both parts to be 1 through 64 of `a-z 0-9 -`.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.organization, "the organization's id")
        try TextRules.checkTenant(self.environment, "the environment's id")
    }

    /// Reads `organization/environment`.
    public init(parsing text: String) throws(FlagsError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw FlagsError(
                .invalidName,
                "\(TextRules.quoted(text)) is not organization/environment"
            )
        }
        self.init(organization: String(parts[0]), environment: String(parts[1]))
        try self.validate()
    }
}

extension Environment {
    /// Requires a valid id and a bounded name.
    public func validate() throws(FlagsError) {
        try self.id.validate()
        try TextRules.checkDisplayName(self.name, "the environment's name")
    }
}

extension Plan {
    /// Requires an id of 1 through 128 of `a-z A-Z 0-9 . _ -` and a bounded name.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.organization, "the organization's id")
        try TextRules.checkIdentifier(self.id, "the plan's id")
        try TextRules.checkDisplayName(self.name, "the plan's name")
        try Flag.checkDescription(self.description)
    }
}

extension Company {
    /// Requires an id, a plan and a region that are ids or empty, a bounded name and attributes that
    /// are bounded, sorted by name and each once.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.organization, "the organization's id")
        try TextRules.checkIdentifier(self.id, "the company's id")
        try TextRules.checkDisplayName(self.name, "the company's name")
        if !self.plan.isEmpty { try TextRules.checkIdentifier(self.plan, "the company's plan") }
        if !self.region.isEmpty {
            try TextRules.checkIdentifier(self.region, "the company's region")
        }
        if !self.attributes.isEmpty { try self.checkAttributes() }
    }

    private func checkAttributes() throws(FlagsError) {
        try TextRules.checkCount(
            self.attributes.count,
            "attributes of a company",
            max: FlagsLimits.companyAttributesMax
        )
        for attribute in self.attributes {
            guard !attribute.name.isEmpty else {
                throw FlagsError(.invalidName, "an attribute of the company has no name")
            }
            try TextRules.checkText(
                attribute.name,
                "the name of an attribute of the company",
                bytesMax: FlagsLimits.attributeNameBytesMax
            )
        }
        try Value.object(self.attributes).check(
            bytesMax: FlagsLimits.companyAttributesBytesMax
        ) { "the company's attributes" }
    }
}
