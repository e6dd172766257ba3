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
            abstract:
                "Creates organization acme: plans, companies, a member, a segment, three flags.",
            discussion: """
                A release of new_search is started, and a token of a client SDK is made whose \
                secret is printed on standard error. Does nothing to what is already there, so it \
                can be repeated.
                """
        )

        @OptionGroup var trial: TrialOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(
                self.connection,
                doing: Texts.doing("load", "the example")
            ) { session in
                guard !self.trial.isDryRun else {
                    let missing = try await ExampleTenant.missing(in: session.client)
                    session.answer(DifferenceRendering.document(missing))
                    return
                }
                let secret = try await ExampleTenant.load(into: session.client)
                if let secret { StandardStreams.error(Texts.exampleToken(secret.text)) }
                let flag = try await session.client.getFlag(
                    ExampleTenant.flag,
                    in: ExampleTenant.environment
                )
                session.answer(FlagRendering.document(flag.flag))
            }
        }
    }
}
