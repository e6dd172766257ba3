internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera plan`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Creates and lists plans, what an organization's customers can buy.",
        subcommands: [Create.self, List.self]
    )

    /// The command `bandera plan create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a plan, or renames it."
        )

        @Argument(help: "The plan's id, such as ENTERPRISE.")
        var id: String

        @Option(help: "A name for people; the id unless said.")
        var name: String?

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(self.connection, "plan", self.id) { settings in
                let plan = Plan(
                    organization: try self.owner.id(settings),
                    id: self.id,
                    name: self.name ?? self.id
                )
                try plan.validate()
                return .putPlan(plan)
            }
        }
    }

    /// The command `bandera plan list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists an organization's plans.")

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "plans")) {
                session in
                let organization = try self.owner.id(session.settings)
                let tenancy = try await session.client.tenancy(organization: organization)
                session.answer(TenancyRendering.document(tenancy.plans))
            }
        }
    }
}

/// The command `bandera company`.
struct CompanyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Creates and lists companies, an organization's customers.",
        subcommands: [Create.self, List.self]
    )

    /// The command `bandera company create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a company, or changes it."
        )

        @Argument(help: "The company's id, such as globex.")
        var id: String

        @Option(help: "A name for people; the id unless said.")
        var name: String?

        @Option(help: "The plan that it has.")
        var plan: String = ""

        @Option(
            name: .customLong("company-region"),
            help: ArgumentHelp("The region that it is in.", valueName: "region")
        )
        var companyRegion: String = ""

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(self.connection, "company", self.id) { settings in
                let company = Company(
                    organization: try self.owner.id(settings),
                    id: self.id,
                    name: self.name ?? self.id,
                    plan: self.plan,
                    region: self.companyRegion
                )
                try company.validate()
                return .putCompany(company)
            }
        }
    }

    /// The command `bandera company list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists an organization's companies."
        )

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "companies")) {
                session in
                let organization = try self.owner.id(session.settings)
                let tenancy = try await session.client.tenancy(organization: organization)
                session.answer(TenancyRendering.document(tenancy.companies))
            }
        }
    }
}
