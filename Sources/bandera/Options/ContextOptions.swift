internal import ArgumentParser
internal import Flags

/// Whom a flag is evaluated for.
struct ContextOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Who is asking: the targeting key that the rollout goes by.",
            valueName: "key"
        )
    )
    var user: String = ""

    @Option(help: ArgumentHelp("The user's company.", valueName: "company"))
    var company: String = ""

    @Option(help: ArgumentHelp("The company's plan.", valueName: "plan"))
    var plan: String = ""

    @Option(help: ArgumentHelp("The user's role.", valueName: "role"))
    var role: String = ""

    @Option(
        name: .customLong("user-region"),
        help: ArgumentHelp("The user's region.", valueName: "region")
    )
    var userRegion: String = ""

    @Option(
        name: .customLong("attribute"),
        help: ArgumentHelp(
            "A further attribute, such as age=42 or city='\"Lima\"'. May be repeated.",
            valueName: "name=JSON"
        )
    )
    var attributes: [String] = []

    /// The context that the options describe.
    func context() throws(CommandFailure) -> EvaluationContext {
        EvaluationContext(
            targetingKey: self.user,
            company: self.company,
            plan: self.plan,
            role: self.role,
            region: self.userRegion,
            attributes: try FlagFields.fields(self.attributes, option: "--attribute")
        )
    }
}

/// When a flag is evaluated, if not now.
struct PastOptions: ParsableArguments {
    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "What flags and segments were at this revision, as the history remembers them.",
            valueName: "revision"
        )
    )
    var asOf: UInt64 = 0

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "As at this moment, such as 2026-01-31T09:00:00Z, or so long ago, such as 2h; with "
                + "--as-of that of the revision unless said.",
            valueName: "when"
        )
    )
    var at: String?

    /// The revision; zero means now.
    var revision: Revision { Revision(self.asOf) }

    /// The moment; `nil` means now, or that of the revision.
    func time() throws(CommandFailure) -> Timestamp? {
        guard let at else { return nil }
        return try MomentText.checked(at, .ago, from: "--at")
    }
}
