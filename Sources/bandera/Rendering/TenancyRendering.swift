internal import ClientProtocol
internal import Flags

/// Organizations and what belongs to them, as the program shows them.
enum TenancyRendering {
    /// Organizations, a row each.
    static func document(_ organizations: [Organization]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingName),
                .words(Texts.headingLocale), .words(Texts.headingHost),
                .words(Texts.headingQuotas),
            ],
            rows: organizations.map { organization in
                [
                    organization.id, organization.name, organization.branding.locale,
                    organization.branding.host, Texts.quotas(organization.quotas),
                ]
            }
        )
        return self.list("organizations", organizations.map(\.document), table)
    }

    /// Environments, a row each.
    static func document(_ environments: [Environment]) -> Document {
        let table = Table(
            [.words(Texts.headingEnvironment), .words(Texts.headingName)],
            rows: environments.map { [$0.id.description, $0.name] }
        )
        return self.list("environments", environments.map(\.document), table)
    }

    /// Plans, a row each.
    static func document(_ plans: [Plan]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingPlan),
                .words(Texts.headingName), .words(Texts.headingDescription),
            ],
            rows: plans.map { [$0.organization, $0.id, $0.name, $0.description] }
        )
        return self.list("plans", plans.map(\.document), table)
    }

    /// A plan and what it grants, a row for each flag.
    static func document(_ plan: Plan, _ grants: [PlanGrant]) -> Document {
        let table = Table(
            [
                .words(Texts.headingEnvironment), .words(Texts.headingFlag),
                .words(Texts.headingVariation), .words(Texts.headingLocked),
            ],
            rows: grants.map { grant in
                [
                    grant.environment.description, grant.flag.rawValue, grant.override.variation,
                    FlagRendering.yesNo(grant.override.isLocked),
                ]
            }
        )
        return Document(text: "\(Texts.plan(plan))\n\(table.text)") { json in
            json.beginObject()
            json.name("plan")
            json.value(plan.document)
            json.members("grants", grants) { grant, json in
                json.beginObject()
                json.member("environment", grant.environment.description)
                json.member("key", grant.flag.rawValue)
                json.member("variation", grant.override.variation)
                json.member("locked", grant.override.isLocked)
                json.endObject()
            }
            json.endObject()
        }
    }

    /// Companies, a row each.
    static func document(_ companies: [Company]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingCompany),
                .words(Texts.headingName), .words(Texts.headingPlan), .words(Texts.headingRegion),
                .words(Texts.headingAttributes),
            ],
            rows: companies.map { company in
                [
                    company.organization, company.id, company.name, company.plan, company.region,
                    company.attributes.map { "\($0.name)=\(FlagRendering.json($0.value))" }
                        .joined(separator: ", "),
                ]
            }
        )
        return self.list("companies", companies.map(\.document), table)
    }

    /// Members, a row each.
    static func document(_ members: [TeamMember]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingMember),
                .words(Texts.headingRole),
            ],
            rows: members.map { [$0.organization, $0.name, $0.role.rawValue] }
        )
        return self.list("members", members.map(\.document), table)
    }

    /// Tokens, a row each; nothing of their secrets.
    static func document(_ tokens: [AccessToken]) -> Document {
        let table = Table(
            [
                .words(Texts.headingToken), .words(Texts.headingRole),
                .words(Texts.headingEnvironment), .words(Texts.headingMember),
                .words(Texts.headingCreated), .words(Texts.headingExpires),
                .words(Texts.headingRevoked),
            ],
            rows: tokens.map { token in
                [
                    token.id, token.role.rawValue, token.environment, token.member,
                    "\(token.createdAt.rfc3339) \(token.createdBy)",
                    token.expiresAt?.rfc3339 ?? "", token.revokedAt?.rfc3339 ?? "",
                ]
            }
        )
        return self.list("tokens", tokens.map(\.publicDocument), table)
    }

    /// Who the caller is: name and value in rows.
    static func document(_ caller: WhoAmIResponse) -> Document {
        let authority = caller.authority
        let table = Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: [
                [Texts.headingActor, caller.actor], [Texts.headingRole, authority.role.rawValue],
                [
                    Texts.headingOrganization,
                    authority.organization.isEmpty ? Texts.all : authority.organization,
                ],
                [
                    Texts.headingEnvironment,
                    authority.environment.isEmpty ? Texts.all : authority.environment,
                ],
            ]
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("actor", caller.actor)
            json.member("role", authority.role.rawValue)
            json.member("organization", authority.organization)
            json.member("environment", authority.environment)
            json.endObject()
        }
    }

    private static func list(_ name: String, _ documents: [Value], _ table: Table) -> Document {
        Document(table: table) { json in
            json.beginObject()
            json.name(name)
            json.value(.array(documents))
            json.endObject()
        }
    }
}
