internal import ArgumentParser
internal import BanderaClient
internal import Flags

/// Sends a change of a flag and says what it came to.
enum FlagChange {
    static func run(
        _ options: ConnectionOptions,
        _ action: String,
        _ key: FlagKey,
        on terms: WriteTerms,
        _ command: (EnvironmentID) throws -> Command
    ) async throws {
        try await Mutation.run(options, doing: Texts.doing(action, "flag \(key)"), on: terms) {
            session in
            let environment = try session.settings.requiredEnvironment()
            let command = try command(environment)
            return Mutation(action, "flag", key.rawValue, in: environment, command)
        }
    }
}

/// The command `bandera flag create`.
struct FlagCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates a flag.",
        discussion: "A flag is served only when it is enabled and its status is active:\n\n"
            + "  bandera flag create new_search --enabled --status active --rollout 10"
    )

    @OptionGroup var flag: FlagArgument

    @ArgumentParser.Flag(help: "Enables the flag from the start.")
    var enabled = false

    @OptionGroup var fields: FlagFieldOptions

    @Option(
        help: ArgumentHelp("What is hashed with the unit; the key unless said.", valueName: "text")
    )
    var salt: String = ""

    @Option(
        name: .customLong("bucket-by"),
        help: ArgumentHelp(
            "The context attribute that the rollout goes by; targetingKey unless said.",
            valueName: "attribute"
        )
    )
    var bucketBy: String = ""

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let definition = try self.definition()
        try await FlagChange.run(
            self.connection,
            "create",
            definition.key,
            on: self.change.terms
        ) { environment in
            .createFlag(environment, definition)
        }
    }

    /// The checked definition that the options describe.
    func definition() throws(CommandFailure) -> FlagDefinition {
        let patch = try self.fields.patch()
        let definition = FlagDefinition(
            key: try self.flag.checked(),
            name: patch.name ?? "",
            description: patch.description ?? "",
            enabled: self.enabled,
            status: patch.status ?? .draft,
            rollout: patch.rollout ?? .none,
            audience: Audience(
                plans: patch.plans ?? [],
                roles: patch.roles ?? [],
                companies: patch.companies ?? [],
                regions: patch.regions ?? []
            ),
            start: patch.start?.moment,
            end: patch.end?.moment,
            variations: patch.variations ?? [],
            onVariation: patch.onVariation ?? "",
            offVariation: patch.offVariation ?? "",
            salt: self.salt,
            bucketBy: self.bucketBy,
            labels: FlagLabels(
                tags: patch.tags ?? [],
                owner: patch.owner ?? "",
                schema: patch.schema ?? .null
            ),
            targeting: Targeting(
                prerequisites: patch.prerequisites ?? [],
                targets: patch.targets ?? [],
                rules: patch.rules ?? [],
                weights: patch.weights ?? []
            )
        )
        do throws(FlagsError) {
            return try definition.validated()
        } catch {
            throw .usage(error.message)
        }
    }
}

/// The command `bandera flag enable`.
struct FlagEnableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Enables a flag.",
        discussion: "An enabled flag is served while its status is active, within its dates."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        var patch = FlagPatch()
        patch.enabled = true
        try await FlagChange.run(
            self.connection,
            "enable",
            key,
            on: self.change.terms
        ) { .updateFlag($0, key, patch) }
    }
}

/// The command `bandera flag disable`.
struct FlagDisableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Disables a flag: everybody gets its off variation at once."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        var patch = FlagPatch()
        patch.enabled = false
        try await FlagChange.run(
            self.connection,
            "disable",
            key,
            on: self.change.terms
        ) { .updateFlag($0, key, patch) }
    }
}

/// The command `bandera flag rollout`.
struct FlagRolloutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "Sets the share of the audience that gets the on variation.",
        discussion: "Raising the percentage takes the flag away from nobody who has it."
    )

    @OptionGroup var flag: FlagArgument

    @Argument(help: ArgumentHelp("0 to 100, such as 10 or 12.5.", valueName: "percent"))
    var percent: String

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        var patch = FlagPatch()
        patch.rollout = try FlagFields.rollout(self.percent)
        try await FlagChange.run(
            self.connection,
            "rollout",
            key,
            on: self.change.terms
        ) { .updateFlag($0, key, patch) }
    }
}

/// The command `bandera flag update`.
struct FlagUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Changes the fields of a flag that are given."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var fields: FlagFieldOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let patch = try self.patch()
        try await FlagChange.run(
            self.connection,
            "update",
            key,
            on: self.change.terms
        ) { .updateFlag($0, key, patch) }
    }

    /// The checked change; an update that changes nothing is refused.
    func patch() throws(CommandFailure) -> FlagPatch {
        let patch = try self.fields.patch()
        guard patch != FlagPatch() else {
            throw .usage(Texts.nothingToUpdate, next: Texts.nextNothingToUpdate)
        }
        return patch
    }
}

/// The command `bandera flag archive`.
struct FlagArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Takes a flag out of use: nobody is given a value any more.",
        discussion: "Its key stays taken and its history stays."
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        try await FlagChange.run(
            self.connection,
            "archive",
            key,
            on: self.change.terms
        ) { .archiveFlag($0, key) }
    }
}
