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

            With --explain it says how that came about, step by step. --as-of evaluates what flags \
            and segments were at an earlier revision, --at what they are or were at another moment.

            JSON fields: environment, key, value, variant, reason, error_code, revision, node, \
            region, routed; with --explain also explanation (steps, evaluation, \
            unknown_operators).
            """
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var who: ContextOptions

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

    @ArgumentParser.Flag(help: "Say how it came about, step by step.")
    var explain = false

    @OptionGroup var past: PastOptions
    @OptionGroup var freshness: FreshnessOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let context = try self.who.context()
        let time = try self.past.time()
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
                    isLinearizable: self.freshness.linearizable,
                    wantsExplanation: self.explain,
                    asOf: self.past.revision,
                    time: time
                )
            )
            session.answer(EvaluationRendering.document(response, of: key, in: environment))
            try Self.expectValue(response, of: key)
        }
    }

    /// Fails when there is no value.
    static func expectValue(
        _ response: EvaluateResponse,
        of key: FlagKey
    ) throws(CommandFailure) {
        guard let code = response.evaluation.errorCode else { return }
        throw CommandFailure(
            .failed,
            Texts.noValue(key.rawValue, code.rawValue),
            next: code == .flagNotFound ? Texts.nextNotFound : ""
        )
    }
}
