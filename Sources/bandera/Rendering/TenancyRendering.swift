internal import Flags

/// Organizations and what belongs to them, as the program shows them.
enum TenancyRendering {
    /// Organizations, a row each.
    static func document(_ organizations: [Organization]) -> Document {
        let table = Table(
            [.words(Texts.headingOrganization), .words(Texts.headingName)],
            rows: organizations.map { [$0.id, $0.name] }
        )
        return self.list("organizations", organizations, table) { organization, json in
            json.member("id", organization.id)
            json.member("name", organization.name)
        }
    }

    /// Environments, a row each.
    static func document(_ environments: [Environment]) -> Document {
        let table = Table(
            [.words(Texts.headingEnvironment), .words(Texts.headingName)],
            rows: environments.map { [$0.id.description, $0.name] }
        )
        return self.list("environments", environments, table) { environment, json in
            json.member("id", environment.id.description)
            json.member("name", environment.name)
        }
    }

    /// Plans, a row each.
    static func document(_ plans: [Plan]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingPlan),
                .words(Texts.headingName),
            ],
            rows: plans.map { [$0.organization, $0.id, $0.name] }
        )
        return self.list("plans", plans, table) { plan, json in
            json.member("organization", plan.organization)
            json.member("id", plan.id)
            json.member("name", plan.name)
        }
    }

    /// Companies, a row each.
    static func document(_ companies: [Company]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingCompany),
                .words(Texts.headingName), .words(Texts.headingPlan), .words(Texts.headingRegion),
            ],
            rows: companies.map { [$0.organization, $0.id, $0.name, $0.plan, $0.region] }
        )
        return self.list("companies", companies, table) { company, json in
            json.member("organization", company.organization)
            json.member("id", company.id)
            json.member("name", company.name)
            json.member("plan", company.plan)
            json.member("region", company.region)
        }
    }

    private static func list<Item>(
        _ name: String,
        _ items: [Item],
        _ table: Table,
        members: (Item, inout JSONWriter) -> Void
    ) -> Document {
        Document(table: table) { json in
            json.beginObject()
            json.members(name, items) { item, json in
                json.beginObject()
                members(item, &json)
                json.endObject()
            }
            json.endObject()
        }
    }
}
