package import Flags

/// Asks for the tenants and what belongs to them.
package struct TenancyRequest: Hashable, Sendable {
    /// The only organization to list; empty means all that the caller may see.
    package var organization: String

    package init(organization: String = "") { self.organization = organization }
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

    package init(
        revision: Revision,
        organizations: [Organization],
        environments: [Environment],
        plans: [Plan],
        companies: [Company]
    ) {
        self.revision = revision
        self.organizations = organizations
        self.environments = environments
        self.plans = plans
        self.companies = companies
    }
}
