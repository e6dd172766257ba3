internal import ArgumentParser
internal import LocalCluster

/// Measures a cluster of real processes and prints what it found as JSON.
@main
struct BanderaBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bandera-bench",
        abstract: "Measures a cluster: JSON on standard output, progress on standard error.",
        discussion: """
            Each command starts a cluster of three processes in a temporary folder and removes it \
            afterwards, unless --endpoints names one that runs already.
            """,
        subcommands: [
            WritesCommand.self, PushesCommand.self, EvaluateCommand.self, RulesetCommand.self,
            FailoverCommand.self, CoreCommand.self, ReadsCommand.self, SnapshotCommand.self,
            RecordCommand.self, UsageCommand.self,
        ]
    )

    static func main() async {
        BenchProcess.raiseFileLimit()
        // A bench that is interrupted must not leave three servers behind.
        BenchProcess.onInterruption {
            ProcessReaper.shared.reap()
            BenchProcess.exit(2)
        }
        await Self.main(nil)
    }
}
