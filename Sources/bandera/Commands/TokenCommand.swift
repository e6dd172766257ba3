internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera token`.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Creates, lists and revokes bearer tokens.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// The command `bandera token create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token and prints its secret, this once.",
            discussion: """
                The secret is made here, from the system's random source; the cluster is only ever \
                told its SHA-256. SDKs' tokens hold in the environment of --environment, others in \
                the whole organization unless --only-environment is given:

                  bandera token create panel-ana --role release_manager --member ana@acme.example
                  bandera token create web --role client_sdk --expires 90d

                JSON fields: action, kind, id, revision, secret.
                """
        )

        @Argument(help: "What the token is called, such as web.")
        var id: String

        @OptionGroup var role: RoleOption

        @Option(
            help: ArgumentHelp(
                "The member whom it stands for: it never permits more than the member's role.",
                valueName: "name"
            )
        )
        var member: String = ""

        @Option(
            help: ArgumentHelp(
                "From when on it is refused: a date, or how long from now, such as 90d.",
                valueName: "when"
            )
        )
        var expires: String?

        @ArgumentParser.Flag(
            name: .customLong("only-environment"),
            help: "It holds in the environment of --environment only, as an SDK's always does."
        )
        var isOnlyEnvironment = false

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let role = try self.role.checked()
            let expiry = try self.expires.map { text throws(CommandFailure) in
                try MomentText.checked(text, .ahead, from: "--expires")
            }
            let secret = TokenSecret.random()
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("create", "token \(self.id)")
            ) { session in
                let token = try self.token(role, secret, expiry, session.settings)
                let mutation = Mutation(
                    "create",
                    "token",
                    self.id,
                    of: token.organization,
                    .createToken(token)
                )
                let terms = self.change.terms
                guard !terms.isDryRun else {
                    try await mutation.run(in: session, on: terms)
                    return
                }
                let revision = try await mutation.write(in: session, on: terms).revision
                session.answer(WriteRendering.document(token, secret, at: revision))
            }
        }

        /// The token as the cluster is told of it.
        private func token(
            _ role: Role,
            _ secret: TokenSecret,
            _ expiry: Timestamp?,
            _ settings: ConnectionSettings
        ) throws(CommandFailure) -> AccessToken {
            var environment = ""
            if role == .serverSDK || role == .clientSDK || self.isOnlyEnvironment {
                environment = try settings.requiredEnvironment().environment
            }
            let token = AccessToken(
                id: self.id,
                organization: role == .superAdmin ? "" : try self.owner.id(settings),
                environment: environment,
                role: role,
                member: self.member,
                sha256: secret.sha256,
                expiresAt: expiry
            )
            do throws(FlagsError) {
                try token.validate()
                return token
            } catch {
                throw .usage(error.message)
            }
        }
    }

    /// The command `bandera token list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists an organization's tokens; secrets are stored nowhere.",
            discussion:
                "JSON fields: tokens (id, organization, environment, role, member, expires_at, "
                + "created_at, created_by, revoked_at, revision)."
        )

        @ArgumentParser.Flag(help: "The platform's own: those of super admins.")
        var platform = false

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "tokens")) {
                session in
                let owner = self.platform ? "" : try self.owner.id(session.settings)
                let tenancy = try await session.client.tenancy(organization: owner)
                let tokens = tenancy.tokens.filter { $0.organization == owner }
                session.answer(TenancyRendering.document(tokens))
            }
        }
    }

    /// The command `bandera token revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token worth nothing, at once and for ever."
        )

        @Argument(help: "What the token is called.")
        var id: String

        @ArgumentParser.Flag(help: "It is the platform's own: a super admin's.")
        var platform = false

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await TenancyChange.run(
                self.connection,
                "revoke",
                "token",
                self.id,
                on: self.change.terms
            ) { session in
                let owner = self.platform ? "" : try self.owner.id(session.settings)
                return (owner, .revokeToken(owner, self.id))
            }
        }
    }
}

/// The command `bandera whoami`.
struct WhoAmICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Says who you are to the cluster, and what you may do where.",
        discussion: "JSON fields: actor, role, organization, environment; empty means all."
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(self.connection, doing: Texts.doing("ask", "who you are")) {
            session in
            session.answer(TenancyRendering.document(try await session.client.whoAmI()))
        }
    }
}
