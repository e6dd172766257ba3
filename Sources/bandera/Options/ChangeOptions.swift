internal import ArgumentParser
internal import BanderaClient
internal import Flags

/// What commands that change something for the history can be told beside what to do.
struct ReasonOptions: ParsableArguments {
    @Option(help: "Why, for the history.")
    var reason: String = ""

    @OptionGroup var trial: TrialOption

    /// The terms that the options describe.
    var terms: WriteTerms {
        WriteTerms(reason: self.reason, isDryRun: self.trial.isDryRun)
    }
}

/// What every command that changes something can be told.
struct TrialOption: ParsableArguments {
    @ArgumentParser.Flag(
        name: .customLong("dry-run"),
        help: "Only say what would change; change nothing."
    )
    var isDryRun = false
}

/// What commands whose change can overwrite somebody else's can be told beside what to do.
struct ChangeOptions: ParsableArguments {
    @OptionGroup var why: ReasonOptions

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
        var terms = self.why.terms
        terms.basedOn = self.ifRevision.map { Revision($0) }
        return terms
    }
}
