internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The organization that `demo` and `example load` put into a cluster for people to try things on.
enum ExampleTenant {
    static let environment = EnvironmentID(organization: "acme", environment: "production")
    static let flag = FlagKey("crm_advanced_features")
    /// A flag whose release is running.
    static let released = FlagKey("new_search")

    private static let organization = "acme"
    private static let segment = "pilot_customers"
    private static let plans = [
        ("FREE", "Free"), ("PREMIUM", "Premium"), ("ENTERPRISE", "Enterprise"),
    ]
    private static let companies = [
        ("globex", "Globex México", "ENTERPRISE", "MX"),
        ("initech", "Initech Colombia", "PREMIUM", "CO"),
        ("umbrella", "Umbrella Argentina", "PREMIUM", "AR"),
        ("hooli", "Hooli", "FREE", "MX"),
    ]

    /// Writes what is not there yet; what exists is left as people have made it.
    ///
    /// Answers the secret of the example's token when it was made now: it is stored nowhere.
    static func load(into client: AdministrationClient) async throws -> TokenSecret? {
        for command in self.tenancy + [self.pilots] {
            _ = try await self.create(command, in: client)
        }
        for definition in [try self.features, self.search, self.mail] {
            _ = try await self.create(.createFlag(self.environment, definition), in: client)
        }
        let secret = TokenSecret.random()
        let token = AccessToken(
            id: "example-web",
            organization: self.organization,
            environment: self.environment.environment,
            role: .clientSDK,
            sha256: secret.sha256
        )
        let isNew = try await self.create(.createToken(token), in: client)
        // The token is the last but one thing that is made: with it, the release has been, too.
        guard isNew else { return nil }
        let plan = ReleasePlan(steps: [
            ReleaseStep(rollout: try RolloutPercentage(parsing: "5"), holdMilliseconds: 1_800_000),
            ReleaseStep(
                rollout: try RolloutPercentage(parsing: "25"),
                holdMilliseconds: 3_600_000,
                approvals: 1
            ),
            ReleaseStep(rollout: .all),
        ])
        _ = try await client.write(.startRelease(self.environment, self.released, plan))
        return secret
    }

    /// Says what ``load(into:)`` would create; nothing when everything is there.
    ///
    /// - Throws: when the caller may not look.
    static func missing(in client: AdministrationClient) async throws -> [Difference] {
        let state = try await client.tenancy(organization: self.organization)
        var present = CurrentState()
        if state.environments.contains(where: { $0.id == self.environment }) {
            try await present.load(self.environment, from: client)
        }
        let companies = try await client.companies(of: self.organization)
        let known: Set<String> = Set(
            state.organizations.map { "organization \($0.id)" }
                + state.environments.map { "environment \($0.id)" }
                + state.members.map { "member \($0.name)" } + state.plans.map { "plan \($0.id)" }
                + companies.map { "company \($0.id)" }
                + (present.segments[self.environment] ?? [:]).keys.map { "segment \($0)" }
                + (present.flags[self.environment] ?? [:]).keys.map { "flag \($0)" }
        )
        return try self.everything.filter { !known.contains("\($0.kind) \($0.subject)") }
    }

    /// What is created, in order, but for the token and the release.
    private static var everything: [Difference] {
        get throws {
            let commands =
                self.tenancy + [self.pilots]
                + [try self.features, self.search, self.mail].map {
                    .createFlag(self.environment, $0)
                }
            return commands.compactMap { command in
                switch command {
                case .putOrganization(let item): self.creation("organization", item.id, item)
                case .putEnvironment(let item):
                    self.creation("environment", item.id.description, item)
                case .putMember(let item): self.creation("member", item.name, item)
                case .putPlan(let item): self.creation("plan", item.id, item)
                case .putCompany(let item): self.creation("company", item.id, item)
                case .putSegment(_, let item): self.creation("segment", item.key, item)
                case .createFlag(_, let item): self.creation("flag", item.key.rawValue, item)
                default: nil
                }
            }
        }
    }

    private static func creation(
        _ kind: String,
        _ subject: String,
        _ item: some Documented
    ) -> Difference {
        Difference(kind: kind, subject: subject, before: .null, after: item.document)
    }

    /// Whether it was not there and is now.
    private static func create(
        _ command: Command,
        in client: AdministrationClient
    ) async throws -> Bool {
        do throws(BanderaError) {
            _ = try await client.write(command, on: WriteTerms(basedOn: .zero))
            return true
        } catch {
            guard error.code == .alreadyExists || error.code == .stale else { throw error }
            return false
        }
    }

    /// Everything that belongs to the organization, in the order in which it can be written.
    private static var tenancy: [Command] {
        let branding = Branding(primaryColor: "#0a7d3c", locale: "es-MX")
        var commands: [Command] = [
            .putOrganization(
                Organization(id: self.organization, name: "Acme", branding: branding)
            ),
            .putEnvironment(Environment(id: self.environment, name: "Production")),
            .putMember(
                TeamMember(
                    organization: self.organization,
                    name: "ana@acme.example",
                    role: .releaseManager
                )
            ),
        ]
        for (id, name) in self.plans {
            commands.append(.putPlan(Plan(organization: self.organization, id: id, name: name)))
        }
        for (id, name, plan, region) in self.companies {
            commands.append(
                .putCompany(
                    Company(
                        organization: self.organization,
                        id: id,
                        name: name,
                        plan: plan,
                        region: region
                    )
                )
            )
        }
        return commands
    }

    private static var pilots: Command {
        .putSegment(
            self.environment,
            SegmentDefinition(
                key: self.segment,
                name: "Pilot customers",
                description: "Who gets things first: two people, and every large customer in MX.",
                included: ["ana", "luis"],
                rules: [
                    [
                        Clause(attribute: "plan", .isIn, [.string("ENTERPRISE")]),
                        Clause(attribute: "region", .isIn, [.string("MX")]),
                    ]
                ]
            )
        )
    }

    private static var features: FlagDefinition {
        get throws(FlagsError) {
            FlagDefinition(
                key: self.flag,
                name: "CRM: advanced features",
                description: "Pipelines, forecasts and bulk mail for larger customers.",
                enabled: true,
                status: .active,
                rollout: try RolloutPercentage(parsing: "10"),
                audience: Audience(
                    plans: ["PREMIUM", "ENTERPRISE"],
                    roles: ["ADMIN", "OWNER"],
                    regions: ["CO", "MX", "AR"]
                )
            )
        }
    }

    private static var search: FlagDefinition {
        FlagDefinition(
            key: self.released,
            name: "New search",
            description: "Ranks by meaning; the old one ranks by words.",
            enabled: true,
            status: .active,
            variations: [
                Variation(name: "semantic", value: .string("semantic")),
                Variation(name: "words", value: .string("words")),
            ],
            labels: FlagLabels(tags: ["search"], owner: "ana@acme.example"),
            targeting: Targeting(rules: [
                Rule(
                    id: "pilots",
                    description: "Pilot customers have it already.",
                    clauses: [Clause(attribute: "", .segment, [.string(self.segment)])],
                    serve: .variation("semantic")
                )
            ])
        )
    }

    private static var mail: FlagDefinition {
        FlagDefinition(
            key: FlagKey("bulk_mail"),
            name: "Bulk mail",
            description: "Only for whom the advanced features are on.",
            enabled: true,
            status: .active,
            rollout: .all,
            labels: FlagLabels(tags: ["crm", "mail"]),
            targeting: Targeting(
                prerequisites: [Prerequisite(flag: self.flag, variations: ["on"])]
            )
        )
    }
}
