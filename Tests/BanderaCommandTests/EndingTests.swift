// Only a debug build lets tests see inside a program.
#if DEBUG
import ArgumentParser
import BanderaClient
import Testing

@testable import bandera

@Suite struct EndingTests {
    private func ending(_ arguments: String...) -> Ending? {
        do {
            var command = try Bandera.parseAsRoot(arguments)
            // Help for a subcommand is a command of the parser, which ends by throwing.
            if !(command is any AsyncParsableCommand) { try command.run() }
            return nil
        } catch {
            return Ending(error, for: Bandera.self)
        }
    }

    @Test func usageErrorsEndWithTwo() throws {
        let unknown = try #require(self.ending("flag", "list", "--bogus"))
        #expect(unknown.status == .usage)
        #expect(unknown.complaint.contains("--bogus"))
        #expect(unknown.output.isEmpty)
        #expect(self.ending("flag", "explode")?.status == .usage)
        #expect(self.ending("flag", "rollout", "x")?.status == .usage)
    }

    @Test func helpIsNoError() throws {
        let help = try #require(self.ending("flag", "create", "--help"))
        #expect(help.status == .success)
        #expect(help.output.contains("--target-plans"))
        #expect(help.complaint.isEmpty)
        let root = try #require(self.ending("--help"))
        #expect(root.output.contains("--generate-completion-script"))
    }

    @Test func completionsAreOutput() throws {
        let script = try #require(self.ending("--generate-completion-script", "zsh"))
        #expect(script.status == .success)
        #expect(script.output.contains("#compdef bandera"))
    }

    @Test(arguments: [
        (BanderaError.Code.unauthorized, bandera.ExitStatus.unauthorized),
        (.unavailable, .unavailable), (.timedOut, .unavailable),
        (.outcomeUnknown, .unavailable), (.refused, .failed), (.notFound, .failed),
        (.alreadyExists, .failed), (.invalidConfiguration, .usage),
        (.protocolViolation, .failed),
    ])
    func failuresOfTheClusterHaveTheirStatus(
        _ code: BanderaError.Code,
        _ status: bandera.ExitStatus
    ) {
        let failure = CommandFailure(BanderaError(code, "because"), doing: "cannot list flags")
        let ending = Ending(failure, for: Bandera.self)
        #expect(ending.status == status)
        #expect(ending.complaint.hasPrefix("error: cannot list flags: because\n"))
        #expect(ending.output.isEmpty)
    }

    @Test func theNumbersAreThoseThatScriptsKnow() {
        let statuses: [bandera.ExitStatus] = [
            .success, .failed, .usage, .unauthorized, .unavailable,
        ]
        #expect(statuses.map(\.rawValue) == [0, 1, 2, 4, 5])
    }
}
#endif
