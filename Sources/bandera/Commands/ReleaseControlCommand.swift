internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import Releases

/// Something that people do to a release that runs.
protocol ReleaseControl {
    static var action: ReleaseAction { get }
    /// One sentence for the help.
    static var abstract: String { get }
}

/// `bandera release approve`, `pause`, `resume`, `skip` and `abort`.
struct ReleaseControlCommand<Control: ReleaseControl>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Control.action.rawValue,
            abstract: Control.abstract,
            discussion:
                "It is about the step that the release is at; when it has gone on meanwhile, the "
                + "cluster refuses. --step says which step was seen."
        )
    }

    @OptionGroup var flag: FlagArgument

    @Option(
        help: ArgumentHelp(
            "The step that the release must be at, from 1; the one it is at unless said.",
            valueName: "step"
        )
    )
    var step: UInt32?

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        if let step, step < 1 {
            throw CommandFailure.usage(Texts.badCount(Int(step), option: "--step"))
        }
        let action = Control.action
        try await Mutation.run(
            self.connection,
            doing: Texts.doing(action.rawValue, "the release of flag \(key)"),
            on: self.change.terms
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let release = try await session.client.latestRelease(of: key, in: environment)
            let step = self.step.map { $0 - 1 } ?? release.step
            var mutation = Mutation(
                action.rawValue,
                "release",
                key.rawValue,
                in: environment,
                .controlRelease(environment, key, action, step: step)
            )
            mutation.recordedName = release.id.description
            return mutation
        }
    }
}

/// What people can do to a release that runs.
enum ReleaseControls {
    enum Approve: ReleaseControl {
        static let action = ReleaseAction.approve
        static let abstract = "Approves the step that a release is at; nobody approves their own."
    }

    enum Pause: ReleaseControl {
        static let action = ReleaseAction.pause
        static let abstract = "Stops the clock of a release; the flag stays as it is."
    }

    enum Resume: ReleaseControl {
        static let action = ReleaseAction.resume
        static let abstract = "Lets a paused release go on where it was."
    }

    enum Skip: ReleaseControl {
        static let action = ReleaseAction.skip
        static let abstract = "Begins the next step, whatever the current one waits for."
    }

    enum Abort: ReleaseControl {
        static let action = ReleaseAction.abort
        static let abstract = "Ends a release; the flag stays as it is."
    }
}
