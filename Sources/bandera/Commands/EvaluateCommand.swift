internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Asks a node what a flag is for somebody, and why.",
        discussion: """
            The answer names the node and region that evaluated, and the revision:

              bandera evaluate crm_advanced_features --user ana --plan PREMIUM --role ADMIN \
            --user-region CO --served-by CO

            Without more it is made on what that node has: --at-least waits there for a revision, \
            and --linearizable for everything that was acknowledged to anybody before. Both wait \
            no longer than --timeout.

            JSON fields: environment, key, value, variant, reason, error_code, revision, node, \
            region, routed.
            """
    )

    @OptionGroup var flag: FlagArgument

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

    @Option(
        name: .customLong("served-by"),
        help: ArgumentHelp(
            "Let the nearest node of this region answer; the connected node otherwise.",
            valueName: "region"
        )
    )
    var servedBy: String = ""

    @Option(
        name: .customLong("at-least"),
        help: ArgumentHelp(
            "Wait until the node has this revision, such as the one that a change printed.",
            valueName: "revision"
        )
    )
    var atLeast: UInt64 = 0

    @OptionGroup var freshness: FreshnessOption

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let context = try self.context()
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("evaluate", "flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let response = try await session.client.evaluate(
                EvaluateRequest(
                    environment: environment,
                    key: key,
                    context: context,
                    region: self.servedBy,
                    atLeast: Revision(self.atLeast),
                    isLinearizable: self.freshness.linearizable
                )
            )
            session.answer(ClusterRendering.document(response, of: key, in: environment))
            if let code = response.evaluation.errorCode {
                let next = code == .flagNotFound ? Texts.nextNotFound : ""
                throw CommandFailure(
                    .failed,
                    Texts.noValue(key.rawValue, code.rawValue),
                    next: next
                )
            }
        }
    }

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
