internal import ArgumentParser
internal import Glibc
internal import Simulation

/// The simulator: whole clusters in one thread and virtual time, a seed each.
@main
struct BanderaSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bandera-sim",
        abstract: "Runs simulated clusters under faults and checks that every promise holds.",
        subcommands: [Run.self, CheckHistory.self, Mutants.self, SearchSeeds.self]
    )

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs one simulated cluster per seed; exits 0 only if all invariants held."
        )

        @Option(help: "The first seed.")
        var firstSeed: UInt64 = 1

        @Option(help: "How many seeds to run, each the successor of the one before.")
        var seeds: Int = 200

        @Option(help: "Stop after so many seconds, however many seeds were run.")
        var secondsMax: Int?

        func validate() throws {
            guard self.seeds > 0 else { throw ValidationError("--seeds must be at least 1") }
        }

        func run() throws {
            let start = ContinuousClock.now
            var failures = 0
            var finished = 0
            var simulated: UInt64 = 0
            for offset in 0..<UInt64(self.seeds) {
                if let limit = self.secondsMax, ContinuousClock.now - start > .seconds(limit) {
                    break
                }
                let seed = self.firstSeed &+ offset
                let result = SimulatedWorld(SimulationParameters(seed: seed)).run()
                finished += 1
                simulated += result.simulatedMilliseconds
                guard !result.violations.isEmpty else { continue }
                failures += 1
                print("seed \(seed) failed at \(result.simulatedMilliseconds) ms:")
                for violation in result.violations.prefix(5) { print("  \(violation)") }
                print("  replay: bandera-sim run --first-seed \(seed) --seeds 1")
            }
            let elapsed = ContinuousClock.now - start
            let seconds =
                Double(elapsed.components.seconds)
                + Double(elapsed.components.attoseconds) / 1e18
            let ratio = Double(simulated) / 1_000 / max(seconds, 0.001)
            print(
                "\(finished) seeds, \(failures) failed, \(simulated / 1_000) simulated seconds in "
                    + "\(Int(seconds)) s (\(Int(ratio)) times real time)"
            )
            if failures > 0 { throw ExitCode.failure }
        }
    }
}
