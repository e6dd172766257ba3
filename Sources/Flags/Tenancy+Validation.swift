extension Organization {
    /// Requires an id of 1 through 64 of `a-z 0-9 -` and a bounded name.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.id, "the organization's id")
        try TextRules.checkDisplayName(self.name, "the organization's name")
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
    }
}

extension Company {
    /// Requires an id, and a plan and region that are ids or empty, and a bounded name.
    public func validate() throws(FlagsError) {
        try TextRules.checkTenant(self.organization, "the organization's id")
        try TextRules.checkIdentifier(self.id, "the company's id")
        try TextRules.checkDisplayName(self.name, "the company's name")
        if !self.plan.isEmpty { try TextRules.checkIdentifier(self.plan, "the company's plan") }
        if !self.region.isEmpty {
            try TextRules.checkIdentifier(self.region, "the company's region")
        }
    }
}

extension TextRules {
    fileprivate static func checkTenant(_ text: String, _ what: String) throws(FlagsError) {
        try self.checkName(text, what, .tenant, bytesMax: FlagsLimits.tenantBytesMax)
    }

    fileprivate static func checkIdentifier(_ text: String, _ what: String) throws(FlagsError) {
        try self.checkName(text, what, .identifier, bytesMax: FlagsLimits.identifierBytesMax)
    }

    fileprivate static func checkDisplayName(_ text: String, _ what: String) throws(FlagsError) {
        try self.checkText(text, what, bytesMax: FlagsLimits.nameBytesMax)
    }
}
