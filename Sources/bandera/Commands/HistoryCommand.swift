internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera history`.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Exports the history of everything, and proves that nobody altered it.",
        subcommands: [Export.self, Verify.self]
    )

    /// The command `bandera history export`.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints an organization's history as JSON, a row a line, oldest first.",
            discussion: """
                JSON fields of a line: id, revision, organization, environment, kind, subject, \
                time_ms, actor, action, reason, before, after, previous_hash, hash. Only an export \
                of everything can be verified: --kind, --subject, --only-environment and --after \
                leave rows out.

                  bandera history export > history.jsonl
                  bandera history verify --file history.jsonl
                """
        )

        @ArgumentParser.Flag(
            name: .customLong("only-environment"),
            help: "Only the rows of the environment of --environment."
        )
        var isOnlyEnvironment = false

        @Option(help: "Only what is about flags, segments, companies… such as flag or segment.")
        var kind: String = ""

        @Option(help: ArgumentHelp("Only what is about this key or id.", valueName: "key"))
        var subject: String = ""

        @Option(help: ArgumentHelp("Only rows after the one with this id.", valueName: "id"))
        var after: UInt64 = 0

        @OptionGroup var owner: HistoryOwnerOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("export", "history")) {
                session in
                var request = AuditRequest(
                    organization: try self.owner.id(session.settings),
                    environment: self.isOnlyEnvironment
                        ? try session.settings.requiredEnvironment().environment : "",
                    kind: self.kind,
                    subject: self.subject,
                    after: self.after,
                    limit: ProgramLimits.pageRows
                )
                while true {
                    let part = try await session.client.audit(request)
                    for row in part.rows {
                        StandardStreams.output(AuditRendering.exported(row) + "\n")
                    }
                    guard part.hasMore, let last = part.rows.last else { return }
                    request.after = last.id
                    // Another node may answer the next part: it must not end before.
                    request.atLeast = max(request.atLeast, part.revision)
                }
            }
        }
    }

    /// The command `bandera history verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks the hash chain of a history, on every node or in an exported file.",
            discussion: """
                Each row's hash is made of everything in it and of the hash of the row before, so \
                an altered, missing or added row is found. Every node checks its own records, and \
                all must end with the same hash; whoever altered all of them alike is found by \
                comparing with a hash that was noted before. Exit status 1 when something does not \
                fit, 5 when a node did not answer.

                JSON fields: histories (organization, rows, intact, first_bad, head, node, error).
                """
        )

        @Option(
            help: ArgumentHelp("Check this export; no node is asked.", valueName: "file"),
            completion: .file(extensions: ["jsonl"])
        )
        var file: String?

        @OptionGroup var owner: HistoryOwnerOption
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            guard let file else { return try await self.askNodes() }
            let format = try self.connection.settings(
                environment: Files.environment,
                read: Files.read
            ).output
            let bytes = try DeclarativeFile.bytes(file)
            let verdicts = try HistoryExport.verify(bytes, path: file)
            let document = AuditRendering.document(verdicts)
            StandardStreams.output(document.rendered(OutputFormat.chosen(format)))
            if let failure = Self.failure(verdicts) { throw failure }
        }

        private func askNodes() async throws {
            try await ClusterSession.run(self.connection, doing: Texts.doing("verify", "history")) {
                session in
                let organization = try self.owner.id(session.settings)
                let nodes = try await session.client.topology().nodes
                // A first answer says how far all are to check, and that the caller may ask.
                let first = try await session.client.verifyHistory(of: organization)
                var verdicts: [HistoryVerdict] = []
                for node in nodes {
                    verdicts.append(
                        await Self.verdict(of: node, organization, first.revision, session)
                    )
                }
                session.answer(AuditRendering.document(verdicts))
                if let failure = Self.failure(verdicts) { throw failure }
            }
        }

        private static func verdict(
            of node: TopologyNode,
            _ organization: String,
            _ revision: Revision,
            _ session: ClusterSession
        ) async -> HistoryVerdict {
            do throws(BanderaError) {
                guard let endpoint = Endpoint(node.clientAddress, region: node.region) else {
                    throw BanderaError(.unavailable, Texts.noAddress(node.clientAddress))
                }
                let client = try session.client.only(endpoint)
                defer { client.shutdown() }
                return HistoryVerdict(
                    try await client.verifyHistory(
                        of: organization,
                        atLeast: revision,
                        through: revision
                    ),
                    of: organization
                )
            } catch {
                return HistoryVerdict(
                    organization: organization,
                    rows: 0,
                    firstBad: nil,
                    head: "",
                    node: node.id,
                    error: error.message
                )
            }
        }

        /// How the command ends; `nil` when everything fits.
        static func failure(_ verdicts: [HistoryVerdict]) -> CommandFailure? {
            for verdict in verdicts {
                guard let id = verdict.firstBad else { continue }
                return CommandFailure(
                    .failed,
                    Texts.historyAltered(
                        organization: verdict.organization,
                        id: id,
                        node: verdict.node
                    ),
                    next: Texts.nextHistoryAltered
                )
            }
            // All nodes told of the same revision: fewer rows are rows that somebody removed.
            let answers = verdicts.filter { $0.node != nil && $0.error == nil }
            for verdict in answers {
                let isEqual = answers.allSatisfy {
                    $0.rows == verdict.rows && $0.head == verdict.head
                }
                guard isEqual else {
                    return CommandFailure(
                        .failed,
                        Texts.historyHeadsDiffer(verdict.organization),
                        next: Texts.nextHistoryAltered
                    )
                }
            }
            let missing = verdicts.filter { $0.error != nil }.compactMap(\.node)
            guard missing.isEmpty else {
                return CommandFailure(
                    .unavailable,
                    Texts.historyUnchecked(missing),
                    next: Texts.nextUnavailable
                )
            }
            return nil
        }
    }
}

extension HistoryVerdict {
    /// What a node found.
    init(_ answer: VerifyHistoryResponse, of organization: String) {
        self.init(
            organization: organization,
            rows: answer.rows,
            firstBad: answer.firstBad == 0 ? nil : answer.firstBad,
            head: answer.head,
            node: answer.node
        )
    }
}

/// Whose history a command is about.
struct HistoryOwnerOption: ParsableArguments {
    @Option(help: "The organization's id; that of --environment unless said.")
    var organization: String?

    @ArgumentParser.Flag(help: "The platform's own history, such as of super admins' tokens.")
    var platform = false

    /// The organization's id; empty for the platform.
    func id(_ settings: ConnectionSettings) throws(CommandFailure) -> String {
        guard !self.platform else { return "" }
        guard let id = self.organization ?? settings.environment?.organization else {
            throw .usage(Texts.noOrganization, next: Texts.nextNoOrganization)
        }
        return id
    }
}
