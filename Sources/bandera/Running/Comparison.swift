internal import BanderaClient
internal import Flags

/// Commands that compare, and say by their exit status whether anything differs.
enum Comparison {
    /// Prints the differences that `body` finds; ends with status 1 when there are any.
    ///
    /// A failure never has that status.
    static func run(
        _ options: some ConnectionSource,
        doing what: String,
        _ body: (ClusterSession) async throws -> [Difference]
    ) async throws {
        do {
            var isDifferent = false
            try await ClusterSession.run(options, doing: what) { session in
                let differences = try await body(session)
                session.answer(DifferenceRendering.document(differences))
                isDifferent = !differences.isEmpty
            }
            if isDifferent { throw DifferencesFound() }
        } catch let failure as CommandFailure where failure.status == .failed {
            throw CommandFailure(.comparisonFailed, failure.what, next: failure.next)
        }
    }
}

/// Ends a command that compared, silently: what differs has been printed.
struct DifferencesFound: Error {}
