internal import ArgumentParser
internal import BanderaClient
internal import Flags

/// What every command that changes something can be told beside what to do.
struct ChangeOptions: ParsableArguments {
    @Option(help: "Why, for the history.")
    var reason: String = ""

    @ArgumentParser.Flag(
        name: .customLong("dry-run"),
        help: "Only say what would change; change nothing."
    )
    var isDryRun = false

    @Option(
        name: .customLong("if-revision"),
        help: ArgumentHelp(
            "Refuse when it was changed after this revision, such as 'get' showed; 0 for what must "
                + "not exist yet.",
            valueName: "revision"
        )
    )
    var ifRevision: UInt64?

    /// The terms that the options describe.
    var terms: WriteTerms {
        WriteTerms(
            reason: self.reason,
            basedOn: self.ifRevision.map { Revision($0) },
            isDryRun: self.isDryRun
        )
    }
}
