internal import ArgumentParser
internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// The command `bandera cluster verify`.
struct ClusterVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compares what all nodes have recorded, at one revision.",
        discussion: """
            Every node digests its record store at the same revision. The cluster serves meanwhile; \
            nodes hold their recording for a moment. Exit status 1 when records differ, 5 when a \
            node gave no digest.

            JSON fields: revision, intact, nodes (id, name, region, digest, verdict, error).
            """
    )

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await ClusterSession.run(
            self.connection,
            doing: Texts.doing("verify", "the cluster's records")
        ) { session in
            let verification = try await session.client.verify()
            session.answer(ClusterRendering.document(verification))
            if let failure = Self.failure(verification) { throw failure }
        }
    }

    /// How the command ends; `nil` when all nodes hold the same.
    static func failure(_ verification: ClusterVerification) -> CommandFailure? {
        let differing = verification.differing.map(\.node.id)
        let missing = verification.missing.map(\.node.id)
        if !differing.isEmpty {
            return CommandFailure(
                .failed,
                Texts.recordsDiffer(differing, at: verification.revision.description),
                next: verification.common == nil
                    ? Texts.nextNoCommonRecords : Texts.nextRecordsDiffer(differing)
            )
        }
        guard verification.isIntact else {
            return CommandFailure(
                .unavailable,
                Texts.recordsMissing(missing),
                next: Texts.nextRecordsMissing
            )
        }
        return nil
    }
}
