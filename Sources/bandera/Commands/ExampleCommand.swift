internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol

/// The command `bandera example`.
struct ExampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Puts an example organization into a cluster.",
        subcommands: [Load.self]
    )

    /// The command `bandera example load`.
    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates organization acme with plans, companies and one flag.",
            discussion: "Does nothing to what is already there, so it can be repeated."
        )

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("load", "the example")
            ) { session in
                try await ExampleTenant.load(into: session.client)
                let flag = try await session.client.getFlag(
                    ExampleTenant.flag,
                    in: ExampleTenant.environment
                )
                session.answer(FlagRendering.document(flag.flag))
            }
        }
    }
}
