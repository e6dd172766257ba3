internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol

/// The command `bandera cluster`.
struct ClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Looks at the cluster, and changes who belongs to it.",
        subcommands: [
            ClusterStatusCommand.self, ClusterAddCommand.self, ClusterPromoteCommand.self,
            ClusterRemoveCommand.self, ClusterReplaceCommand.self, ClusterTransferCommand.self,
            ClusterVerifyCommand.self,
        ]
    )
}

/// The command `bandera cluster status`.
struct ClusterStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows every node: region, role, term, commit and applied index, health.",
        discussion:
            "JSON fields: cluster, leader, answered_by, nodes (id, name, region, zone, role, "
            + "term, commit, applied, health, client_address, peer_address, last_heard_ms)."
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("show", "the cluster's status")
        ) { session in
            session.answer(ClusterRendering.document(try await session.client.status()))
        }
    }
}
