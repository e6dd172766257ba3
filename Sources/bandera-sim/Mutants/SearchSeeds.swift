internal import ArgumentParser
internal import Glibc
internal import Simulation

extension BanderaSim {
    /// What a child of `mutants` does: runs seeds until one fails.
    ///
    /// Says before each seed which one it is, so that a trap tells it, too.
    struct SearchSeeds: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "search-seeds",
            abstract: "Runs seeds until one fails; used by mutants.",
            shouldDisplay: false
        )

        @Option(help: "The first seed.")
        var firstSeed: UInt64 = 1

        @Option(help: "How many seeds to run.")
        var seeds: UInt64

        func run() throws {
            for offset in 0..<self.seeds {
                let seed = self.firstSeed &+ offset
                say("seed \(seed)")
                alarm(MutantLimits.secondsPerSeed)
                let result = SimulatedWorld(SimulationParameters(seed: seed)).run()
                guard let violation = result.violations.first else { continue }
                say("violation \(violation)")
                throw ExitCode.failure
            }
        }

        private func say(_ line: String) {
            print(line)
            fflush(nil)
        }
    }
}
