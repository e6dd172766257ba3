internal import BanderaClient

/// One command's dealings with a cluster: its settings, its client and where its answer goes.
struct ClusterSession: Sendable {
    let settings: ConnectionSettings
    let client: AdministrationClient
    let format: OutputFormat

    /// Takes the settings from options, environment and profile, connects, and runs `body`.
    ///
    /// What goes wrong comes out as a ``CommandFailure`` that says what could not be done.
    static func run(
        _ options: some ConnectionSource,
        doing what: String,
        _ body: (ClusterSession) async throws -> Void
    ) async throws {
        let settings = try options.settings(environment: Files.environment, read: Files.read)
        Interruption.endsProgram()
        do {
            let client = try AdministrationClient(try settings.administration())
            defer { client.shutdown() }
            let session = ClusterSession(
                settings: settings,
                client: client,
                format: OutputFormat.chosen(settings.output)
            )
            try await body(session)
        } catch let error as BanderaError {
            throw CommandFailure(error, doing: what)
        }
    }

    /// Prints the command's answer, in the format that was asked for unless said otherwise.
    func answer(_ document: Document, in format: OutputFormat? = nil) {
        StandardStreams.output(document.rendered(format ?? self.format))
    }
}

extension OutputFormat {
    /// What was asked for, else what suits the reader.
    static func chosen(_ asked: OutputFormat?) -> OutputFormat {
        asked ?? (StandardStreams.isOutputTerminal ? .table : .json)
    }
}
