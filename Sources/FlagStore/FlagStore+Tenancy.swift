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
        try self.checkHost(of: after)
        after.revision = stamp.revision
        self.noteHost(before, after)
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
            from: before,
            to: after,
            stamp
        )
        return [.organization(after), row]
    }

    /// Refuses the host of another organization, without saying whose it is.
    private func checkHost(of organization: Organization) throws(Refusal) {
        let host = organization.branding.host
        guard let owner = self.hosts[host], owner != organization.id else { return }
        throw Refusal(
            code: .alreadyExists,
            message: "the host \(host) is taken: choose another name"
        )
    }

    /// Brings up to date which organization a host shows.
    mutating func noteHost(_ before: Organization?, _ after: Organization) {
        let (old, new) = (before?.branding.host ?? "", after.branding.host)
        guard old != new else { return }
        if !old.isEmpty, self.hosts[old] == after.id { self.hosts[old] = nil }
        if !new.isEmpty { self.hosts[new] = after.id }
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
            from: before,
            to: after,
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
            from: before,
            to: after,
            stamp
        )
        return [.plan(after), row]
    }

    /// Refused while companies are on the plan.
    mutating func removePlan(
        _ id: String,
        of organization: String,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let before = self.tenants[organization]?.plans[id] else {
            throw .missing("plan \(id)", in: organization)
        }
        try Self.checkBase(stamp, "plan \(id)", changedAt: before.revision)
        var users = 0
        for company in (self.tenants[organization]?.companies ?? [:]).values
        where company.plan == id { users += 1 }
        guard users == 0 else {
            throw Refusal(
                code: .invalid,
                message: "plan \(id) of \(organization) is that of "
                    + (users == 1 ? "1 company" : "\(users) companies")
                    + ": give them another one first"
            )
        }
        self.tenants[organization]?.plans[id] = nil
        let row = self.history(.plan, id, of: organization, from: before, to: nil, stamp)
        return [.planRemoved(organization, id), row]
    }

    mutating func put(_ company: Company, _ stamp: CommandStamp) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try company.validate() }
        let organization = company.organization
        // Asked for piece by piece: holding the tenant would make the store copy it.
        guard let count = self.tenants[organization]?.companies.count else {
            throw .noOrganization(organization)
        }
        guard company.plan.isEmpty || self.tenants[organization]?.plans[company.plan] != nil else {
            throw .missing("plan \(company.plan)", in: organization)
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
            from: before,
            to: after,
            stamp
        )
        return [.company(after), row]
    }
    /// What names the company, such as an override or an audience, stays as it is: it may come back.
    mutating func removeCompany(
        _ id: String,
        of organization: String,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let before = self.tenants[organization]?.companies[id] else {
            throw .missing("company \(id)", in: organization)
        }
        try Self.checkBase(stamp, "company \(id)", changedAt: before.revision)
        self.tenants[organization]?.companies[id] = nil
        let row = self.history(.company, id, of: organization, from: before, to: nil, stamp)
        return [.companyRemoved(organization, id), row]
    }
}
