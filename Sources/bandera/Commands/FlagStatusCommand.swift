internal import ArgumentParser
internal import Flags

/// A step in the life of a flag that has a command of its own.
protocol StatusMove {
    /// The command's name.
    static var name: String { get }
    /// One sentence for the help.
    static var abstract: String { get }
    /// Where the step leads.
    static var status: FlagStatus { get }
}

/// `bandera flag activate`, `pause`, `resume`, `complete` and `reopen`.
struct FlagStatusCommand<Move: StatusMove>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Move.name, abstract: Move.abstract)
    }

    @OptionGroup var flag: FlagArgument
    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        var patch = FlagPatch()
        patch.status = Move.status
        try await FlagChange.run(
            self.connection,
            Move.name,
            key,
            on: self.change.terms
        ) { .updateFlag($0, key, patch) }
    }
}

/// The steps that have commands.
enum StatusMoves {
    enum Activate: StatusMove {
        static let name = "activate"
        static let abstract = "Makes a draft active: it is served while it is enabled."
        static let status = FlagStatus.active
    }

    enum Pause: StatusMove {
        static let name = "pause"
        static let abstract = "Pauses an active flag: everybody gets its off variation."
        static let status = FlagStatus.paused
    }

    enum Resume: StatusMove {
        static let name = "resume"
        static let abstract = "Makes a paused flag active again."
        static let status = FlagStatus.active
    }

    enum Complete: StatusMove {
        static let name = "complete"
        static let abstract = "Says that a flag has done its work."
        static let status = FlagStatus.completed
    }

    enum Reopen: StatusMove {
        static let name = "reopen"
        static let abstract = "Makes a flag that was rolled back a draft again."
        static let status = FlagStatus.draft
    }
}
