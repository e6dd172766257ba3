internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera flag`.
struct FlagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flag",
        abstract: "Creates, changes and follows feature flags.",
        subcommands: [
            FlagCreateCommand.self, FlagGetCommand.self, FlagListCommand.self,
            FlagEnableCommand.self, FlagDisableCommand.self, FlagRolloutCommand.self,
            FlagUpdateCommand.self, FlagStatusCommand<StatusMoves.Activate>.self,
            FlagStatusCommand<StatusMoves.Pause>.self, FlagStatusCommand<StatusMoves.Resume>.self,
            FlagStatusCommand<StatusMoves.Complete>.self,
            FlagStatusCommand<StatusMoves.Reopen>.self, FlagArchiveCommand.self,
            FlagRollbackCommand.self, FlagEmergencyRollbackCommand.self, FlagOverrideCommand.self,
            FlagExplainCommand.self, FlagHistoryCommand.self, FlagDiffCommand.self,
            FlagWatchCommand.self,
        ]
    )
}

/// The flag that a command is about.
struct FlagArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The flag's key, such as crm_advanced_features.", valueName: "key")
    )
    var key: String

    /// The key, checked.
    func checked() throws(CommandFailure) -> FlagKey {
        let key = FlagKey(self.key)
        do throws(FlagsError) { try key.validate() } catch { throw .usage(error.message) }
        return key
    }
}

/// How fresh a read must be.
struct FreshnessOption: ParsableArguments {
    @ArgumentParser.Flag(
        help: "See every change that was acknowledged to anybody before, whichever node answers."
    )
    var linearizable = false
}

/// The command `bandera flag get`.
struct FlagGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Shows one flag."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var freshness: FreshnessOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        try await ClusterSession.run(self.connection, doing: Texts.doing("show", "flag \(key)")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            let found = try await session.client.getFlag(
                key,
                in: environment,
                isLinearizable: self.freshness.linearizable
            )
            session.answer(FlagRendering.document(found.flag))
        }
    }
}

/// The command `bandera flag list`.
struct FlagListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the flags of an environment.",
        discussion: "JSON fields: revision, flags (as 'flag get' shows each)."
    )

    @ArgumentParser.Flag(help: "Archived flags too.")
    var archived = false

    @OptionGroup var freshness: FreshnessOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(self.connection, doing: Texts.doing("list", "flags")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            let found = try await session.client.listFlags(
                in: environment,
                includeArchived: self.archived,
                isLinearizable: self.freshness.linearizable
            )
            session.answer(FlagRendering.document(found.flags, revision: found.revision))
        }
    }
}

/// The command `bandera flag history`.
struct FlagHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Shows who did what to a flag and when, newest first.",
        discussion:
            "JSON fields: history (revision, environment, key, time, actor, action, reason, "
            + "before, after), has_more."
    )

    @OptionGroup var flag: FlagArgument

    @Option(help: ArgumentHelp("At most so many rows.", valueName: "count"))
    var limit = 1_000

    @Option(
        help: ArgumentHelp(
            "Only what was done before this revision, such as the last that was shown.",
            valueName: "revision"
        )
    )
    var before: UInt64 = 0

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        guard self.limit >= 1 else {
            throw CommandFailure.usage(Texts.badCount(self.limit, option: "--limit"))
        }
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("show", "the history of flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let found = try await session.client.history(
                of: key,
                in: environment,
                before: Revision(self.before),
                limit: self.limit
            )
            session.answer(FlagRendering.document(found.rows, hasMore: found.hasMore))
        }
    }
}
