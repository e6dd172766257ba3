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
        _ kind: String,
        _ id: String,
        _ command: (ConnectionSettings) throws -> Command
    ) async throws {
        try await ClusterSession.run(options, doing: Texts.doing("create", "\(kind) \(id)")) {
            session in
            let checked: Command
            do {
                checked = try command(session.settings)
            } catch let error as FlagsError {
                throw CommandFailure.usage(error.message)
            }
            let revision = try await session.client.write(checked)
            session.answer(WriteRendering.document("create", kind, id, at: revision))
        }
    }
}

/// The command `bandera organization`.
struct OrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization",
        abstract: "Creates and lists organizations, the tenants.",
        subcommands: [Create.self, List.self]
    )

    /// The command `bandera organization create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates an organization, or renames it."
        )

        @Argument(help: "The organization's id, such as acme.")
        var id: String

        @Option(help: "A name for people; the id unless said.")
        var name: String?

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let organization = Organization(id: self.id, name: self.name ?? self.id)
            try await TenancyChange.run(self.connection, "organization", self.id) { _ in
                try organization.validate()
                return .putOrganization(organization)
            }
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

/// The command `bandera environment`.
struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment",
        abstract: "Creates and lists environments, the places that flags live in.",
        subcommands: [Create.self, List.self]
    )

    /// The command `bandera environment create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates an environment, or renames it."
        )

        @Argument(
            help: ArgumentHelp(
                "Such as acme/production.",
                valueName: "organization/environment"
            )
        )
        var id: String

        @Option(help: "A name for people; the environment's own id unless said.")
        var name: String?

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(self.connection, "environment", self.id) { _ in
                let id = try EnvironmentID(parsing: self.id)
                let environment = Environment(id: id, name: self.name ?? id.environment)
                try environment.validate()
                return .putEnvironment(environment)
            }
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
