internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The organization that a command is about.
struct OrganizationOption: ParsableArguments {
    @Option(help: "The organization's id; that of --environment unless said.")
    var organization: String?

    /// The id: as given, else the environment's.
    func id(_ settings: ConnectionSettings) throws(CommandFailure) -> String {
        guard let id = self.organization ?? settings.environment?.organization else {
            throw .usage(Texts.noOrganization, next: Texts.nextNoOrganization)
        }
        return id
    }
}

/// Sends a change of a tenant and says what it came to.
enum TenancyChange {
    static func run(
        _ options: ConnectionOptions,
        _ action: String,
        _ kind: String,
        _ id: String,
        on terms: WriteTerms,
        _ make: (ClusterSession) async throws -> (organization: String, command: Command)
    ) async throws {
        try await self.run(
            options,
            action,
            kind,
            id,
            on: terms,
            basedOnReading: { session in
                let (organization, command) = try await make(session)
                return (organization, command, nil)
            }
        )
    }

    /// The same for a command that is made from what is there: `basis` is the revision of that, and
    /// zero when there is nothing.
    static func run(
        _ options: ConnectionOptions,
        _ action: String,
        _ kind: String,
        _ id: String,
        on terms: WriteTerms,
        basedOnReading make: (ClusterSession) async throws -> (
            organization: String, command: Command, basis: Revision?
        )
    ) async throws {
        let doing = Texts.doing(action, "\(kind) \(id)")
        try await Mutation.run(options, doing: doing, on: terms) { session in
            do {
                let (organization, command, basis) = try await make(session)
                var mutation = Mutation(action, kind, id, of: organization, command)
                mutation.basis = basis
                if case .putEnvironment(let environment) = command {
                    mutation.recordedName = environment.id.environment
                }
                return mutation
            } catch let error as FlagsError {
                throw CommandFailure.usage(error.message)
            }
        }
    }
}

/// The command `bandera organization`.
struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization",
        abstract: "Creates, changes and lists organizations, the tenants.",
        subcommands: [Put.self, List.self]
    )

    /// The command `bandera organization put`.
    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates an organization, or changes what is given of it.",
            discussion: """
                Quotas are the platform's to set; 0 means what the cluster allows anybody:

                  bandera organization put acme --name Acme --logo https://acme.example/logo.svg \
                --primary-color '#0a7d3c' --quota-flags 500
                """,
            aliases: ["create"]
        )

        @Argument(help: "The organization's id, such as acme.")
        var id: String

        @OptionGroup var fields: OrganizationFieldOptions
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "put",
                "organization",
                self.id,
                on: self.change.terms,
                basedOnReading: { session in
                    let known = try await session.client.tenancy(organization: self.id)
                        .organizations.first { $0.id == self.id }
                    var organization = known ?? Organization(id: self.id, name: self.id)
                    self.fields.change(&organization)
                    try organization.validate()
                    return (self.id, .putOrganization(organization), known?.revision ?? .zero)
                }
            )
        }
    }

    /// The command `bandera organization list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the organizations that you may see."
        )

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("list", "organizations")
            ) { session in
                let tenancy = try await session.client.tenancy()
                session.answer(TenancyRendering.document(tenancy.organizations))
            }
        }
    }
}

/// The parts of an organization that `organization put` can set.
struct OrganizationFieldOptions: ParsableArguments {
    @Option(help: "A name for people; the id of a new one unless said.")
    var name: String?

    @Option(help: ArgumentHelp("An https address of a picture.", valueName: "url"))
    var logo: String?

    @Option(
        name: .customLong("primary-color"),
        help: ArgumentHelp("Such as '#0a7d3c'.", valueName: "color")
    )
    var primaryColor: String?

    @Option(
        name: .customLong("accent-color"),
        help: ArgumentHelp("Such as '#ffb000'.", valueName: "color")
    )
    var accentColor: String?

    @Option(help: ArgumentHelp("A language tag, such as es-MX.", valueName: "tag"))
    var locale: String?

    @Option(help: ArgumentHelp("The host that its panel is served at.", valueName: "name"))
    var host: String?

    @Option(
        name: .customLong("quota-flags"),
        help: ArgumentHelp("Flags of all environments together.", valueName: "count")
    )
    var flags: UInt32?

    @Option(
        name: .customLong("quota-companies"),
        help: ArgumentHelp("Companies.", valueName: "count")
    )
    var companies: UInt32?

    @Option(
        name: .customLong("quota-watches"),
        help: ArgumentHelp("Watches on one node.", valueName: "count")
    )
    var watches: UInt32?

    @Option(
        name: .customLong("quota-writes"),
        help: ArgumentHelp("Changes in one second.", valueName: "count")
    )
    var writes: UInt32?

    /// Sets what was given.
    func change(_ organization: inout Organization) {
        organization.name = self.name ?? organization.name
        organization.branding.logo = self.logo ?? organization.branding.logo
        organization.branding.primaryColor =
            self.primaryColor ?? organization.branding.primaryColor
        organization.branding.accentColor = self.accentColor ?? organization.branding.accentColor
        organization.branding.locale = self.locale ?? organization.branding.locale
        organization.branding.host = self.host ?? organization.branding.host
        organization.quotas.flags = self.flags ?? organization.quotas.flags
        organization.quotas.companies = self.companies ?? organization.quotas.companies
        organization.quotas.watches = self.watches ?? organization.quotas.watches
        organization.quotas.writesPerSecond = self.writes ?? organization.quotas.writesPerSecond
    }
}

/// The command `bandera environment`.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment",
        abstract: "Creates and lists environments, the places that flags live in.",
        subcommands: [Put.self, List.self]
    )

    /// The command `bandera environment put`.
    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates an environment, or renames it.",
            aliases: ["create"]
        )

        @Argument(
            help: ArgumentHelp(
                "Such as acme/production.",
                valueName: "organization/environment"
            )
        )
        var id: String

        @Option(help: "A name for people; the id of a new one unless said.")
        var name: String?

        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "put",
                "environment",
                self.id,
                on: self.change.terms,
                basedOnReading: { session in
                    let id = try EnvironmentID(parsing: self.id)
                    let known = try await session.client.tenancy(organization: id.organization)
                        .environments.first { $0.id == id }
                    var environment = known ?? Environment(id: id, name: id.environment)
                    environment.name = self.name ?? environment.name
                    try environment.validate()
                    return (id.organization, .putEnvironment(environment), known?.revision ?? .zero)
                }
            )
        }
    }

    /// The command `bandera environment list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists environments, of all organizations unless one is named."
        )

        @Option(help: "Only this organization's.")
        var organization: String = ""

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("list", "environments")
            ) { session in
                let tenancy = try await session.client.tenancy(organization: self.organization)
                session.answer(TenancyRendering.document(tenancy.environments))
            }
        }
    }
}
