internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera member`.
struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "Says who belongs to an organization, and what they may do.",
        subcommands: [Put.self, Remove.self, List.self]
    )

    /// The command `bandera member put`.
    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a member, or gives one another role.",
            discussion: "A member's tokens never permit more than the member's role does now."
        )

        @Argument(help: "The member's name, such as ana@acme.example.")
        var name: String

        @OptionGroup var role: RoleOption
        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let role = try self.role.checked()
            try await TenancyChange.run(
                self.connection,
                "put",
                "member",
                self.name,
                on: self.change.terms
            ) { session in
                let member = TeamMember(
                    organization: try self.owner.id(session.settings),
                    name: self.name,
                    role: role
                )
                try member.validate()
                return (member.organization, .putMember(member))
            }
        }
    }

    /// The command `bandera member remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a member out: its tokens are worth nothing from then on.",
            aliases: ["rm"]
        )

        @Argument(help: "The member's name.")
        var name: String

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "remove",
                "member",
                self.name,
                on: self.change.terms
            ) { session in
                let owner = try self.owner.id(session.settings)
                return (owner, .removeMember(owner, self.name))
            }
        }
    }

    /// The command `bandera member list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists an organization's members.",
            discussion: "JSON fields: members (organization, name, role, revision)."
        )

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "members")) {
                session in
                let owner = try self.owner.id(session.settings)
                let tenancy = try await session.client.tenancy(organization: owner)
                session.answer(TenancyRendering.document(tenancy.members))
            }
        }
    }
}

/// The role that a command gives.
struct RoleOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "organization_admin, release_manager, developer or viewer; of tokens also server_sdk, "
                + "client_sdk and super_admin.",
            valueName: "role"
        ),
        completion: .list(Role.allCases.map(\.rawValue))
    )
    var role: String

    /// The role, or a refusal that lists them.
    func checked() throws(CommandFailure) -> Role {
        guard let role = Role(rawValue: self.role) else {
            throw .usage(Texts.unknownRole(self.role, allowed: Role.allCases.map(\.rawValue)))
        }
        return role
    }
}
