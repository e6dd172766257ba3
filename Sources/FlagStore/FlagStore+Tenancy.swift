internal import Flags
internal import HashTreeCollections

/// Each of these creates or replaces; what it belongs to must be there. What is the same as before
/// has no effect.
extension FlagStore {
    mutating func put(
        _ organization: Organization,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try organization.validate() }
        let id = organization.id
        let before = self.tenants[id]?.organization
        try Self.checkBase(stamp, "organization \(id)", changedAt: before?.revision)
        var after = organization
        after.revision = before?.revision ?? .zero
        guard after != before else { return [] }
        if before == nil, self.tenants.count >= FlagsLimits.organizationsMax {
            throw .tooMany("organizations", FlagsLimits.organizationsMax)
        }
        after.revision = stamp.revision
        self.noteWriteQuota(before?.quotas, after.quotas)
        if before == nil {
            self.tenants[id] = Tenant(organization: after)
        } else {
            self.tenants[id]?.organization = after
        }
        let row = self.history(
            .organization,
            id,
            of: id,
            before == nil ? .create : .update,
            before: before?.document ?? .null,
            after: after.document,
            stamp
        )
        return [.organization(after), row]
    }

    mutating func put(
        _ environment: Environment,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try environment.validate() }
        let id = environment.id
        let countMax = FlagsLimits.environmentsPerOrganizationMax
        guard let count = self.tenants[id.organization]?.environmentCount else {
            throw .noOrganization(id.organization)
        }
        let before = self.places[id]?.environment
        try Self.checkBase(stamp, "environment \(id)", changedAt: before?.revision)
        var after = environment
        after.revision = before?.revision ?? .zero
        guard after != before else { return [] }
        guard before != nil || count < countMax else {
            throw .tooMany("environments of \(id.organization)", countMax)
        }
        after.revision = stamp.revision
        if before == nil {
            self.tenants[id.organization]?.environmentCount += 1
            self.places[id] = Place(environment: after)
        } else {
            self.places[id]?.environment = after
        }
        let row = self.history(
            .environment,
            id.environment,
            of: id.organization,
            in: id,
            before == nil ? .create : .update,
            before: before?.document ?? .null,
            after: after.document,
            stamp
        )
        return [.environment(after), row]
    }

    mutating func put(_ plan: Plan, _ stamp: CommandStamp) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try plan.validate() }
        let organization = plan.organization
        guard let plans = self.tenants[organization]?.plans else {
            throw .noOrganization(organization)
        }
        let before = plans[plan.id]
        try Self.checkBase(stamp, "plan \(plan.id)", changedAt: before?.revision)
        var after = plan
        after.revision = before?.revision ?? .zero
        guard after != before else { return [] }
        guard before != nil || plans.count < FlagsLimits.plansPerOrganizationMax else {
            throw .tooMany("plans of \(organization)", FlagsLimits.plansPerOrganizationMax)
        }
        after.revision = stamp.revision
        self.tenants[organization]?.plans[plan.id] = after
        let row = self.history(
            .plan,
            plan.id,
            of: organization,
            before == nil ? .create : .update,
            before: before?.document ?? .null,
            after: after.document,
            stamp
        )
        return [.plan(after), row]
    }

    mutating func put(_ company: Company, _ stamp: CommandStamp) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try company.validate() }
        let organization = company.organization
        // Asked for piece by piece: holding the tenant would make the store copy it.
        guard let count = self.tenants[organization]?.companies.count else {
            throw .noOrganization(organization)
        }
        guard company.plan.isEmpty || self.tenants[organization]?.plans[company.plan] != nil else {
            throw Refusal(code: .notFound, message: "no plan \(company.plan) in \(organization)")
        }
        let before = self.tenants[organization]?.companies[company.id]
        try Self.checkBase(stamp, "company \(company.id)", changedAt: before?.revision)
        var after = company
        after.revision = before?.revision ?? .zero
        guard after != before else { return [] }
        if before == nil { try self.checkCompanyQuota(of: organization, count) }
        after.revision = stamp.revision
        self.tenants[organization]?.companies[company.id] = after
        let row = self.history(
            .company,
            company.id,
            of: organization,
            before == nil ? .create : .update,
            before: before?.document ?? .null,
            after: after.document,
            stamp
        )
        return [.company(after), row]
    }
}
