internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera flag explain`.
struct FlagExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows which level decided what a flag is for somebody, and each step to it.",
        discussion: """
            Overrides stand at five levels, from the platform down to a single user; the nearest \
            wins unless one above it is locked. Where none decides, the steps say what did.

            JSON fields: as of 'evaluate --explain', and levels (level, override, decides).
            """
    )

    @OptionGroup var flag: FlagArgument
    @OptionGroup var who: ContextOptions
    @OptionGroup var past: PastOptions
    @OptionGroup var freshness: FreshnessOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        let context = try self.who.context()
        let time = try self.past.time()
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("explain", "flag \(key)")
        ) { session in
            let environment = try session.settings.requiredEnvironment()
            let response = try await session.client.evaluate(
                EvaluateRequest(
                    environment: environment,
                    key: key,
                    context: context,
                    isLinearizable: self.freshness.linearizable,
                    wantsExplanation: true,
                    asOf: self.past.revision,
                    time: time
                )
            )
            try EvaluateCommand.expectValue(response, of: key)
            let flag = try await session.client.getFlag(
                key,
                in: environment,
                atLeast: response.revision,
                asOf: self.past.revision
            ).flag
            let levels = OverrideOutcome.all(of: flag, for: context, in: response.explanation)
            session.answer(
                EvaluationRendering.document(response, levels, of: key, in: environment)
            )
        }
    }
}

/// What one level of the hierarchy had to say about an evaluation.
struct OverrideOutcome: Equatable, Sendable {
    let level: OverrideLevel
    /// The override that applies at this level; `nil` when there is none.
    let override: Override?
    /// Whether it decided the evaluation.
    let decides: Bool

    /// Every level, from the platform down to the user.
    static func all(
        of flag: Flags.Flag,
        for context: EvaluationContext,
        in explanation: Explanation?
    ) -> [OverrideOutcome] {
        let applying = OverrideLevel.allCases.map { level in
            let subject = Self.subject(at: level, of: context)
            return flag.targeting.overrides.first { override in
                override.level == level && override.subject == subject
                    && (level <= .organization || !subject.isEmpty)
            }
        }
        // The explanation says whether it came to that, the hierarchy which of them it was.
        let isDecisive = explanation?.steps.contains { $0.isDecisive && $0.name == "override" }
        let present = applying.compactMap(\.self)
        let winner = present.first(where: \.isLocked) ?? present.last
        return zip(OverrideLevel.allCases, applying).map { level, override in
            OverrideOutcome(
                level: level,
                override: override,
                decides: isDecisive == true && override != nil && override == winner
            )
        }
    }

    private static func subject(at level: OverrideLevel, of context: EvaluationContext) -> String {
        switch level {
        case .platform, .organization: ""
        case .plan: context.plan
        case .company: context.company
        case .user: context.targetingKey
        }
    }
}
