internal import BanderaClient
internal import Flags

/// The organization that `demo` and `example load` put into a cluster for people to try things on.
enum ExampleTenant {
    static let environment = EnvironmentID(organization: "acme", environment: "production")
    static let flag = FlagKey("crm_advanced_features")

    private static let organization = "acme"
    private static let plans = [
        ("FREE", "Free"), ("PREMIUM", "Premium"), ("ENTERPRISE", "Enterprise"),
    ]
    private static let companies = [
        ("globex", "Globex México", "ENTERPRISE", "MX"),
        ("initech", "Initech Colombia", "PREMIUM", "CO"),
        ("umbrella", "Umbrella Argentina", "PREMIUM", "AR"),
        ("hooli", "Hooli", "FREE", "MX"),
    ]

    /// Everything in the order in which it can be written.
    private static func commands() throws(FlagsError) -> [Command] {
        var commands: [Command] = [
            .putOrganization(Organization(id: self.organization, name: "Acme")),
            .putEnvironment(Environment(id: self.environment, name: "Production")),
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
        commands.append(
            .createFlag(
                self.environment,
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
            )
        )
        return commands
    }

    /// Writes what is not there yet; a flag that exists is left as people have made it.
    static func load(into client: AdministrationClient) async throws {
        for command in try self.commands() {
            do throws(BanderaError) {
                _ = try await client.write(command)
            } catch {
                guard error.code == .alreadyExists else { throw error }
            }
        }
    }
}
