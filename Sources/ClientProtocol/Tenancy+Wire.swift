internal import CMessages
internal import Flags
package import Wire

extension TenancyRequest: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__tenancy_request__init) {
                $0.organization = arena.bytes(self.organization)
                $0.companies_after = arena.bytes(self.companiesAfter)
                $0.without_companies = self.wantsCompanies ? 0 : 1
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> TenancyRequest {
        try arena.unpack(bytes, with: bandera__v1__tenancy_request__unpack) {
            (message) throws(WireError) -> TenancyRequest in
            TenancyRequest(
                organization: try message.pointee.organization.identifier("organization"),
                companiesAfter: try message.pointee.companies_after.identifier("company"),
                wantsCompanies: message.pointee.without_companies == 0
            )
        }
    }
}

extension TenancyResponse: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__v1__tenancy_response__init) { message in
                message.revision = self.revision.rawValue
                message.n_organizations = self.organizations.count
                message.organizations = arena.messages(
                    self.organizations,
                    bandera__flags__v1__organization__init
                ) { $0.fill(&$1, in: arena) }
                message.n_environments = self.environments.count
                message.environments = arena.messages(
                    self.environments,
                    bandera__flags__v1__environment__init
                ) { $0.fill(&$1, in: arena) }
                message.n_plans = self.plans.count
                message.plans = arena.messages(self.plans, bandera__flags__v1__plan__init) {
                    $0.fill(&$1, in: arena)
                }
                message.n_companies = self.companies.count
                message.companies = arena.messages(
                    self.companies,
                    bandera__flags__v1__company__init
                ) { $0.fill(&$1, in: arena) }
                message.n_members = self.members.count
                message.members = arena.messages(
                    self.members,
                    bandera__flags__v1__team_member__init
                ) { $0.fill(&$1, in: arena) }
                message.n_tokens = self.tokens.count
                message.tokens = arena.messages(
                    self.tokens,
                    bandera__flags__v1__access_token__init
                ) { $0.fill(&$1, in: arena) }
                message.has_more_companies = self.hasMoreCompanies ? 1 : 0
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> TenancyResponse {
        try arena.unpack(bytes, with: bandera__v1__tenancy_response__unpack) {
            (message) throws(WireError) -> TenancyResponse in
            try TenancyResponse(message.pointee)
        }
    }

    private init(_ raw: Bandera__V1__TenancyResponse) throws(WireError) {
        let max = ClientProtocolLimits.tenantsMax
        self.init(
            revision: Revision(raw.revision),
            organizations: try readMessages(
                raw.n_organizations,
                raw.organizations,
                max: max,
                "organizations"
            ) { (message) throws(WireError) -> Organization in try Organization(message) },
            environments: try readMessages(
                raw.n_environments,
                raw.environments,
                max: max,
                "environments"
            ) { (message) throws(WireError) -> Environment in try Environment(message) },
            plans: try readMessages(raw.n_plans, raw.plans, max: max, "plans") {
                (message) throws(WireError) -> Plan in try Plan(message)
            },
            companies: try readMessages(raw.n_companies, raw.companies, max: max, "companies") {
                (message) throws(WireError) -> Company in try Company(message)
            },
            members: try readMessages(raw.n_members, raw.members, max: max, "members") {
                (message) throws(WireError) -> TeamMember in try TeamMember(message)
            },
            tokens: try readMessages(raw.n_tokens, raw.tokens, max: max, "tokens") {
                (message) throws(WireError) -> AccessToken in try AccessToken(message)
            },
            hasMoreCompanies: raw.has_more_companies != 0
        )
    }
}
