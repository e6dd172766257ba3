internal import ArgumentParser
internal import Glibc
internal import Simulation

/// Runs simulated clusters.
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

    @Flag(help: "Print everything that happens, a line each.")
    var trace = false

    @Flag(help: "Print a line for every seed.")
    var each = false

    @Flag(help: "Stop at the first seed that fails.")
    var stopAtFailure = false

    func validate() throws {
        guard self.seeds > 0 else { throw ValidationError("--seeds must be at least 1") }
    }

    func run() throws {
        SeedReporter.install()
        let start = ContinuousClock.now
        var summary = RunSummary()
        for offset in 0..<UInt64(self.seeds) {
            if let limit = self.secondsMax, ContinuousClock.now - start > .seconds(limit) { break }
            let seed = self.firstSeed &+ offset
            SeedReporter.begin(seed)
            let log: ((String) -> Void)? = self.trace ? { self.say($0) } : nil
            let result = SimulatedWorld(SimulationParameters(seed: seed), log: log).run()
            summary.add(result)
            if self.each { self.say(RunSummary.line(result)) }
            guard !result.violations.isEmpty else { continue }
            self.report(result)
            if self.stopAtFailure { break }
        }
        let elapsed = (ContinuousClock.now - start).components
        self.say(
            summary.line(seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
        )
        if summary.failures > 0 { throw ExitCode.failure }
    }

    /// Prints at once: a trap would lose what is still in the buffer.
    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private func report(_ result: SimulationResult) {
        self.say(
            "seed \(result.seed) (\(result.profile.rawValue)) failed at "
                + "\(result.simulatedMilliseconds) ms:"
        )
        for violation in result.violations.prefix(5) { self.say("  \(violation)") }
        self.say("  replay: \(SeedReporter.replay(result.seed))")
    }
}
