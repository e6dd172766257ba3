internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera alert`.
struct AlertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert",
        abstract: "Shows what people must know, such as emergency rollbacks.",
        subcommands: [List.self, Acknowledge.self]
    )

    /// The command `bandera alert list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists alerts, newest first.",
            discussion:
                "JSON fields: alerts (id, environment, flag, kind, message, raised_at, raised_by, "
                + "acknowledged_at, acknowledged_by, deliveries)."
        )

        @ArgumentParser.Flag(help: "Those that somebody has acknowledged too.")
        var all = false

        @Option(help: "Only this organization's; all that you may see unless said.")
        var organization: String = ""

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("list", "alerts")) {
                session in
                let found = try await session.client.alerts(
                    AlertsRequest(
                        organization: self.organization,
                        includeAcknowledged: self.all
                    )
                )
                session.answer(AlertRendering.document(found.alerts))
            }
        }
    }

    /// The command `bandera alert acknowledge`.
    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says that you know: the alert is no longer counted.",
            discussion:
                "There is no --if-revision: acknowledging overwrites nothing, and who was first "
                + "stays.",
            aliases: ["ack"]
        )

        @Argument(help: ArgumentHelp("As 'alert list' shows it.", valueName: "id"))
        var id: UInt64

        @OptionGroup var owner: OrganizationOption
        @OptionGroup var why: ReasonOptions
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let id = String(self.id)
            try await TenancyChange.run(
                self.connection,
                "acknowledge",
                "alert",
                id,
                on: self.why.terms
            ) { session in
                let owner = try self.owner.id(session.settings)
                return (owner, .acknowledgeAlert(owner, Revision(self.id)))
            }
        }
    }
}
