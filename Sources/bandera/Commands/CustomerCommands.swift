internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera plan`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Creates, changes and lists plans, what an organization's customers can buy.",
        discussion:
            "What a plan grants are overrides of flags: 'bandera flag override set KEY on --for "
            + "plan=ENTERPRISE'.",
        subcommands: [Put.self, Show.self, Remove.self, List.self]
    )

    /// The command `bandera plan put`.
    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a plan, or changes what is given of it.",
            aliases: ["create"]
        )

        @Argument(help: "The plan's id, such as ENTERPRISE.")
        var id: String

        @Option(help: "A name for people; the id of a new one unless said.")
        var name: String?

        @Option(help: "What is in it, for people.")
        var description: String?

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "put",
                "plan",
                self.id,
                on: self.change.terms,
                basedOnReading: { session in
                    let owner = try self.owner.id(session.settings)
                    let known = try await session.client.tenancy(organization: owner)
                        .plans.first { $0.id == self.id }
                    var plan = known ?? Plan(organization: owner, id: self.id, name: self.id)
                    plan.name = self.name ?? plan.name
                    plan.description = self.description ?? plan.description
                    try plan.validate()
                    return (owner, .putPlan(plan), known?.revision ?? .zero)
                }
            )
        }
    }

    /// The command `bandera plan show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows a plan and what it grants in each environment.",
            discussion:
                "JSON fields: plan, grants (environment, key, variation, locked)."
        )

        @Argument(help: "The plan's id, such as ENTERPRISE.")
        var id: String

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("show", "plan \(self.id)")
            ) { session in
                let owner = try self.owner.id(session.settings)
                let tenancy = try await session.client.tenancy(organization: owner)
                guard let plan = tenancy.plans.first(where: { $0.id == self.id }) else {
                    throw CommandFailure(
                        .failed,
                        Texts.noPlan(self.id, owner),
                        next: Texts.nextNoPlan
                    )
                }
                var grants: [PlanGrant] = []
                for environment in tenancy.environments {
                    let flags = try await session.client.listFlags(in: environment.id).flags
                    grants += PlanGrant.all(of: plan.id, among: flags, in: environment.id)
                }
                session.answer(TenancyRendering.document(plan, grants))
            }
        }
    }

    /// The command `bandera plan remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a plan out that no company is on.",
            aliases: ["rm"]
        )

        @Argument(help: "The plan's id.")
        var id: String

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "remove",
                "plan",
                self.id,
                on: self.change.terms
            ) { session in
                let owner = try self.owner.id(session.settings)
                return (owner, .removePlan(owner, self.id))
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

/// What a plan gives of one flag.
struct PlanGrant: Equatable, Sendable {
    let environment: EnvironmentID
    let flag: FlagKey
    let override: Override

    /// The overrides at a plan's level.
    static func all(
        of plan: String,
        among flags: [Flags.Flag],
        in environment: EnvironmentID
    ) -> [PlanGrant] {
        flags.compactMap { flag in
            flag.targeting.overrides.first { $0.level == .plan && $0.subject == plan }
                .map { PlanGrant(environment: environment, flag: flag.key, override: $0) }
        }
    }
}

/// The command `bandera company`.
struct CompanyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Creates, changes and lists companies, an organization's customers.",
        subcommands: [Put.self, Remove.self, List.self]
    )

    /// The command `bandera company put`.
    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a company, or replaces what is known of it.",
            aliases: ["create"]
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

        @Option(
            name: .customLong("attribute"),
            help: ArgumentHelp(
                "Whatever else is known of it, such as seats=40. May be repeated.",
                valueName: "name=JSON"
            )
        )
        var attributes: [String] = []

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let attributes = try FlagFields.fields(self.attributes, option: "--attribute")
            try await TenancyChange.run(
                self.connection,
                "put",
                "company",
                self.id,
                on: self.change.terms
            ) { session in
                let company = Company(
                    organization: try self.owner.id(session.settings),
                    id: self.id,
                    name: self.name ?? self.id,
                    plan: self.plan,
                    region: self.companyRegion,
                    attributes: attributes.sorted { $0.name < $1.name }
                )
                try company.validate()
                return (company.organization, .putCompany(company))
            }
        }
    }

    /// The command `bandera company remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a company out; flags that name it stay as they are.",
            aliases: ["rm"]
        )

        @Argument(help: "The company's id.")
        var id: String

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "remove",
                "company",
                self.id,
                on: self.change.terms
            ) { session in
                let owner = try self.owner.id(session.settings)
                return (owner, .removeCompany(owner, self.id))
            }
        }
    }

    /// The command `bandera company list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists an organization's companies, by id.",
            discussion:
                "JSON fields: companies (organization, id, name, plan, region, attributes, "
                + "revision). With --limit, ask for those --after the last one."
        )

        @Option(help: ArgumentHelp("Only those whose ids come after this one.", valueName: "id"))
        var after: String = ""

        @Option(help: ArgumentHelp("At most so many; all unless said.", valueName: "count"))
        var limit: Int?

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            if let limit, limit < 1 {
                throw CommandFailure.usage(Texts.badCount(limit, option: "--limit"))
            }
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "companies")) {
                session in
                let companies = try await session.client.companies(
                    of: try self.owner.id(session.settings),
                    after: self.after,
                    limit: self.limit ?? .max
                )
                session.answer(TenancyRendering.document(companies))
            }
        }
    }
}

extension AdministrationClient {
    /// An organization's companies by id, as many portions as it takes.
    func companies(
        of organization: String,
        after: String = "",
        limit: Int = .max
    ) async throws(BanderaError) -> [Company] {
        var companies: [Company] = []
        var last = after
        while true {
            let part = try await self.tenancy(
                organization: organization,
                companiesAfter: last,
                wantsCompanies: true
            )
            companies += part.companies
            guard part.hasMoreCompanies, companies.count < limit, let next = part.companies.last
            else { break }
            last = next.id
        }
        return Array(companies.prefix(limit))
    }
}
