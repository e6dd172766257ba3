internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera flag diff`.
struct FlagDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows what differs between two revisions of a flag.",
        discussion: """
            'bandera flag history KEY' shows the revisions. Exit status: 0 nothing differs; 1 \
            something does; 2 and more as for every command, 3 where that would say 1.

            JSON fields: changes (kind, subject, differences (path, before, after)).
            """
    )

    @OptionGroup var flag: FlagArgument

    @Argument(help: ArgumentHelp("The earlier revision.", valueName: "revision"))
    var from: UInt64

    @Argument(help: ArgumentHelp("The later one; now unless said.", valueName: "revision"))
    var to: UInt64 = 0

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let key = try self.flag.checked()
        try await Comparison.run(self.connection, doing: Texts.doing("compare", "flag \(key)")) {
            session in
            let environment = try session.settings.requiredEnvironment()
            var documents: [Value] = []
            for revision in [self.from, self.to] {
                let found = try await session.client.getFlag(
                    key,
                    in: environment,
                    asOf: Revision(revision)
                )
                documents.append(found.flag.document)
            }
            return [
                Difference(
                    kind: "flag",
                    subject: key.rawValue,
                    before: documents[0],
                    after: documents[1]
                )
            ].filter { !$0.isEmpty }
        }
    }
}
