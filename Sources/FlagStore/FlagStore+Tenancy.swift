internal import Flags
internal import HashTreeCollections

/// Each of these creates or replaces; what it belongs to must be there.
extension FlagStore {
    mutating func put(_ organization: Organization) throws(Refusal) -> Effect? {
        try Refusal.checking { () throws(FlagsError) in try organization.validate() }
        if self.tenants[organization.id] == nil {
            guard self.tenants.count < FlagsLimits.organizationsMax else {
                throw .tooMany("organizations", FlagsLimits.organizationsMax)
            }
            self.tenants[organization.id] = Tenant(organization: organization)
        } else {
            self.tenants[organization.id]?.organization = organization
        }
        return .organization(organization)
    }

    mutating func put(_ environment: Environment) throws(Refusal) -> Effect? {
        try Refusal.checking { () throws(FlagsError) in try environment.validate() }
        let organization = environment.id.organization
        let tenant = try self.tenant(organization)
        if self.hasEnvironment(environment.id) {
            self.places[environment.id]?.environment = environment
        } else {
            guard tenant.environmentCount < FlagsLimits.environmentsPerOrganizationMax else {
                let countMax = FlagsLimits.environmentsPerOrganizationMax
                throw .tooMany("environments of \(organization)", countMax)
            }
            self.tenants[organization]?.environmentCount += 1
            self.places[environment.id] = Place(environment: environment)
        }
        return .environment(environment)
    }

    mutating func put(_ plan: Plan) throws(Refusal) -> Effect? {
        try Refusal.checking { () throws(FlagsError) in try plan.validate() }
        let tenant = try self.tenant(plan.organization)
        let isNew = tenant.plans[plan.id] == nil
        guard !isNew || tenant.plans.count < FlagsLimits.plansPerOrganizationMax else {
            throw .tooMany(
                "plans of \(plan.organization)",
                FlagsLimits.plansPerOrganizationMax
            )
        }
        self.tenants[plan.organization]?.plans[plan.id] = plan
        return .plan(plan)
    }

    mutating func put(_ company: Company) throws(Refusal) -> Effect? {
        try Refusal.checking { () throws(FlagsError) in try company.validate() }
        let tenant = try self.tenant(company.organization)
        guard company.plan.isEmpty || tenant.plans[company.plan] != nil else {
            throw Refusal(
                code: .notFound,
                message: "no plan \(company.plan) in \(company.organization)"
            )
        }
        let isNew = tenant.companies[company.id] == nil
        guard !isNew || tenant.companies.count < FlagsLimits.companiesPerOrganizationMax else {
            throw .tooMany(
                "companies of \(company.organization)",
                FlagsLimits.companiesPerOrganizationMax
            )
        }
        self.tenants[company.organization]?.companies[company.id] = company
        return .company(company)
    }

    private func tenant(_ id: String) throws(Refusal) -> Tenant {
        guard let tenant = self.tenants[id] else { throw .noOrganization(id) }
        return tenant
    }
}
