package import Flags

/// Asks for the tenants and what belongs to them.
package struct TenancyRequest: Hashable, Sendable {
    /// The only organization to list; empty means all that the caller may see.
    package var organization: String
    /// Companies whose ids come after this one; with it, nothing else is listed.
    package var companiesAfter: String
    /// Whether companies are wanted: there may be very many.
    package var wantsCompanies: Bool

    package init(
        organization: String = "",
        companiesAfter: String = "",
        wantsCompanies: Bool = true
    ) {
        self.organization = organization
        self.companiesAfter = companiesAfter
        self.wantsCompanies = wantsCompanies
    }
}

/// The tenants, each list sorted by id.
package struct TenancyResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    /// All that were asked for.
    package var organizations: [Organization]
    /// Those of the organizations.
    package var environments: [Environment]
    /// Those of the organizations.
    package var plans: [Plan]
    /// Those of the organizations.
    package var companies: [Company]
    /// Those of the organizations, for who may manage them.
    package var members: [TeamMember]
    /// Those of the organizations, for who may manage them.
    package var tokens: [AccessToken]
    /// Whether there are more companies than one answer may have: ask for those after the last.
    package var hasMoreCompanies: Bool

    package init(
        revision: Revision,
        organizations: [Organization],
        environments: [Environment],
        plans: [Plan],
        companies: [Company],
        members: [TeamMember] = [],
        tokens: [AccessToken] = [],
        hasMoreCompanies: Bool = false
    ) {
        self.revision = revision
        self.organizations = organizations
        self.environments = environments
        self.plans = plans
        self.companies = companies
        self.members = members
        self.tokens = tokens
        self.hasMoreCompanies = hasMoreCompanies
    }
}
