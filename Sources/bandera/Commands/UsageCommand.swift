internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags
internal import Usage

/// The command `bandera usage`.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Shows how often flags were evaluated and what came of it.",
        subcommands: [Query.self]
    )

    /// The command `bandera usage query`.
    struct Query: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows what was used when, by period, variation and a dimension.",
            discussion: """
                Minutes are kept for 2 days, hours for 90 days, days for 5 years. What was counted \
                under '(others)' did not fit among the values that are counted one by one.

                  bandera usage query new_search --from 2h --resolution minute --by plan

                JSON fields: revision, cut, rows (start, flag, variation, dimension, value, and \
                the counts).
                """
        )

        @Argument(help: ArgumentHelp("The flag; all unless said.", valueName: "key"))
        var key: String = ""

        @Option(help: ArgumentHelp("A date, or how long ago.", valueName: "when"))
        var from: String = "24h"

        @Option(help: ArgumentHelp("A date, or how long ago; now unless said.", valueName: "when"))
        var to: String?

        @Option(
            help: ArgumentHelp("minute, hour or day.", valueName: "period"),
            completion: .list(UsageResolution.allCases.map(\.rawValue))
        )
        var resolution: String = UsageResolution.hour.rawValue

        @Option(
            help: ArgumentHelp("total, company, plan, role or region.", valueName: "dimension"),
            completion: .list(UsageDimension.allCases.map(\.rawValue))
        )
        var by: String = UsageDimension.total.rawValue

        @Option(help: ArgumentHelp("Only this company, plan…", valueName: "value"))
        var value: String = ""

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let now = WallClock.now
            let from = try MomentText.checked(self.from, .ago, from: "--from", now: now)
            let to = try self.to.map { text throws(CommandFailure) in
                try MomentText.checked(text, .ago, from: "--to", now: now)
            }
            let (resolution, dimension) = try self.choices()
            try await ClusterSession.run(self.connection, doing: Texts.doing("query", "usage")) {
                session in
                let found = try await session.client.usage(
                    UsageQuery(
                        environment: try session.settings.requiredEnvironment(),
                        flag: self.key,
                        from: resolution.start(of: from),
                        to: to ?? now.advanced(by: 1),
                        resolution: resolution,
                        dimension: dimension,
                        value: self.value
                    )
                )
                session.answer(UsageRendering.document(found))
            }
        }

        private func choices() throws(CommandFailure) -> (UsageResolution, UsageDimension) {
            guard let resolution = UsageResolution(rawValue: self.resolution) else {
                let all = UsageResolution.allCases.map(\.rawValue)
                throw .usage(Texts.notOneOf(self.resolution, option: "--resolution", all))
            }
            guard let dimension = UsageDimension(rawValue: self.by) else {
                let all = UsageDimension.allCases.map(\.rawValue)
                throw .usage(Texts.notOneOf(self.by, option: "--by", all))
            }
            return (resolution, dimension)
        }
    }
}

/// The command `bandera metrics`.
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Shows how flags do: usage, errors, latency, adoption, feedback.",
        discussion:
            "JSON fields: revision, metrics (flag, usage_count, error_rate, performance_impact, "
            + "adoption_rate, user_feedback_score, users, last_updated)."
    )

    @Argument(
        help: ArgumentHelp("The flag; all that were ever used unless said.", valueName: "key")
    )
    var key: String = ""

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(self.connection, doing: Texts.doing("show", "metrics")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            let found = try await session.client.metrics(
                MetricsRequest(environment: environment, flag: self.key)
            )
            session.answer(UsageRendering.document(found))
        }
    }
}

/// The command `bandera overview`.
struct OverviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overview",
        abstract: "Shows how everything is: features, releases, alerts, nodes, companies, users.",
        discussion:
            "JSON fields: revision, active_features, pending_releases, rollback_alerts, "
            + "healthy_nodes, nodes, companies, users, uptime_ms, dropped_usage."
    )

    @Option(help: "Only this organization's; all that you may see unless said.")
    var organization: String = ""

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(self.connection, doing: Texts.doing("show", "the overview")) {
            session in
            let request = OverviewRequest(organization: self.organization)
            session.answer(UsageRendering.document(try await session.client.overview(request)))
        }
    }
}
