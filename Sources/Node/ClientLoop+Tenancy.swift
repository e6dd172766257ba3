internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Wire

extension ClientLoop {
    /// The tenants that the caller may see; who belongs to them, for those who may manage that.
    func tenancy(
        _ request: TenancyRequest,
        _ caller: Caller
    ) throws(Status) -> TenancyResponse {
        let only = caller.scope(request.organization)
        guard only != nil || request.companiesAfter.isEmpty else {
            throw Status(
                code: .invalidArgument,
                message: "companies come in pages of one organization: name it"
            )
        }
        let all = self.store.companies(of: only)
        // Sorted by id within an organization.
        let start = all.firstIndex { $0.id > request.companiesAfter } ?? all.endIndex
        let rest = request.companiesAfter.isEmpty ? all[...] : all[start...]
        let companies = Array(rest.prefix(NodeLimits.companiesPerAnswerMax))
        let hasMore = rest.count > companies.count
        // The next pages of companies come alone.
        guard request.companiesAfter.isEmpty else {
            return TenancyResponse(
                revision: self.store.applied,
                organizations: [],
                environments: [],
                plans: [],
                companies: companies,
                hasMoreCompanies: hasMore
            )
        }
        let managesAccess = caller.authority.permits(.readAccess, organization: only ?? "")
        return TenancyResponse(
            revision: self.store.applied,
            organizations: self.store.organizations.filter { only == nil || $0.id == only },
            environments: self.store.environments(of: only),
            plans: self.store.plans(of: only),
            companies: companies,
            members: managesAccess ? self.store.members(of: only) : [],
            tokens: managesAccess ? self.store.tokens(of: only) : [],
            hasMoreCompanies: hasMore
        )
    }
}
