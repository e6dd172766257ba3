internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera flag override`.
struct FlagOverrideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override",
        abstract: "Forces a variation for everybody, a plan, a company or a user.",
        discussion: """
            Of the overrides that apply to somebody the nearest wins (user, company, plan, \
            organization, platform), unless one above it is locked:

              bandera flag override set crm_advanced_features on --for company=globex
              bandera flag override set crm_advanced_features off --for organization --locked
            """,
        subcommands: [Set.self, Remove.self, List.self]
    )

    /// The command `bandera flag override set`.
    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forces a variation; replaces what was forced there before."
        )

        @OptionGroup var flag: FlagArgument

        @Argument(help: "The name of the variation.")
        var variation: String

        @OptionGroup var place: OverridePlaceOption

        @ArgumentParser.Flag(help: "Levels below may not decide otherwise.")
        var locked = false

        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let key = try self.flag.checked()
            let (level, subject) = try self.place.checked()
            let override = Override(
                level: level,
                subject: subject,
                variation: self.variation,
                isLocked: self.locked
            )
            try await FlagChange.run(
                self.connection,
                "override",
                key,
                on: self.change.terms
            ) { .setOverride($0, key, override) }
        }
    }

    /// The command `bandera flag override remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes an override away.",
            aliases: ["rm"]
        )

        @OptionGroup var flag: FlagArgument
        @OptionGroup var place: OverridePlaceOption
        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let key = try self.flag.checked()
            let (level, subject) = try self.place.checked()
            try await FlagChange.run(
                self.connection,
                "override",
                key,
                on: self.change.terms
            ) { .removeOverride($0, key, level, subject: subject) }
        }
    }

    /// The command `bandera flag override list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists a flag's overrides, from the platform down to users.",
            discussion: "JSON fields: overrides (level, subject, variation, locked)."
        )

        @OptionGroup var flag: FlagArgument
        @OptionGroup var freshness: FreshnessOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let key = try self.flag.checked()
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("list", "the overrides of flag \(key)")
            ) { session in
                let environment = try session.settings.requiredEnvironment()
                let flag = try await session.client.getFlag(
                    key,
                    in: environment,
                    isLinearizable: self.freshness.linearizable
                ).flag
                session.answer(TargetingRendering.document(flag.targeting.overrides))
            }
        }
    }
}

/// Where in the hierarchy an override stands.
struct OverridePlaceOption: ParsableArguments {
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp(
            "platform, organization, plan=ID, company=ID or user=KEY.",
            valueName: "level[=subject]"
        ),
        completion: .list(OverrideLevel.allCases.map(\.rawValue))
    )
    var place: String

    /// The level, and whom of it; empty where there is only one.
    func checked() throws(CommandFailure) -> (level: OverrideLevel, subject: String) {
        let parts = self.place.split(separator: "=", maxSplits: 1).map(String.init)
        let subject = parts.count > 1 ? parts[1] : ""
        guard let name = parts.first, let level = OverrideLevel(rawValue: name),
            subject.isEmpty == (level <= .organization)
        else { throw .usage(Texts.badOverridePlace(self.place)) }
        return (level, subject)
    }
}
