internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Replica
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
        let found =
            request.wantsCompanies ? self.companies(of: only, after: request.companiesAfter) : []
        let companies = Self.page(of: found)
        let hasMore = found.count > companies.count
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
            organizations: only.map { self.store.organization($0).map { [$0] } ?? [] }
                ?? self.store.organizations,
            environments: self.store.environments(of: only),
            plans: self.store.plans(of: only),
            companies: companies,
            members: managesAccess ? self.store.members(of: only) : [],
            tokens: managesAccess ? self.store.tokens(of: only) : [],
            hasMoreCompanies: hasMore
        )
    }

    /// One company more than an answer may have, if there are so many.
    private func companies(of only: String?, after id: String) -> [Company] {
        let limit = NodeLimits.companiesPerAnswerMax + 1
        if let only { return self.store.companies(of: only, after: id, limit: limit) }
        var companies: [Company] = []
        for organization in self.store.organizations where companies.count < limit {
            companies += self.store.companies(
                of: organization.id,
                after: id,
                limit: limit - companies.count
            )
        }
        return companies
    }

    /// The first companies, as many as one answer may have: at least one.
    private static func page(of companies: [Company]) -> [Company] {
        var bytes = 0
        var count = 0
        for company in companies.prefix(NodeLimits.companiesPerAnswerMax) {
            bytes += company.packedBytesEstimate
            guard count == 0 || bytes <= NodeLimits.pageBytesMax else { break }
            count += 1
        }
        return Array(companies.prefix(count))
    }
}

extension Company {
    /// About how many bytes it takes on the wire.
    fileprivate var packedBytesEstimate: Int {
        let texts = [self.organization, self.id, self.name, self.plan, self.region]
        return texts.reduce(64) { $0 + $1.utf8.count }
            + Value.object(self.attributes).packedBytesEstimate
    }
}
