package import Flags

/// Asks for the tenants and what belongs to them.
package struct TenancyRequest: Hashable, Sendable {
    /// The only organization to list; empty means all that the caller may see.
    package var organization: String

    package init(organization: String = "") { self.organization = organization }
}

/// The tenants, each list sorted by id.
package struct TenancyResponse: Hashable, Sendable {
    package var revision: Revision
    package var organizations: [Organization]
    package var environments: [Environment]
    package var plans: [Plan]
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
