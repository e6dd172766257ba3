internal import ArgumentParser
internal import Flags

/// Compiling an environment's flags, as an SDK and a node do when they start.
struct RulesetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ruleset",
        abstract: "Measures compiling a ruleset in this process: milliseconds and memory."
    )

    @Option(help: "Flags in the environment.")
    var flags = 10_000

    @Option(help: "Segments in the environment, of 1,000 users each.")
    var segments = 20

    @Option(help: "Rounds; the median is reported.")
    var rounds = 9

    func validate() throws {
        guard (1...FlagsLimits.flagsPerEnvironmentMax).contains(self.flags),
            (0...1_000).contains(self.segments), (1...1_000).contains(self.rounds)
        else { throw ValidationError("--flags, --segments or --rounds is out of range") }
    }

    func run() async throws {
        let flags = (0..<self.flags).map { BenchFlag.realistic($0) }
        let segments = (0..<self.segments).map { index in
            BenchFlag.segment("segment-\(index)", (0..<1_000).map { "user-\(index)-\($0)" })
        }
        var compileTimes: [UInt64] = []
        var bytes: [Int] = []
        var changeTimes: [UInt64] = []
        for round in 0..<self.rounds {
            let before = AllocationCount.bytesInUse
            let start = BenchProcess.nanoseconds()
            var ruleset = Ruleset(
                environment: EvaluationFixture.environment,
                revision: Revision(1),
                flags: flags,
                segments: segments
            )
            compileTimes.append(BenchProcess.nanoseconds() - start)
            bytes.append(AllocationCount.bytesInUse - before)
            guard ruleset.count == self.flags else { throw BenchError("flags are missing") }
            changeTimes.append(Self.changeTime(&ruleset, flags[round % flags.count]))
        }
        var report = Report()
        report.add("bench", "ruleset")
        var parameters = Report()
        parameters.add("flags", self.flags)
        parameters.add("segments", self.segments)
        parameters.add("rounds", self.rounds)
        report.add("parameters", .object(parameters))
        report.add("compile_ms", Self.median(compileTimes) / 1e6)
        report.add("compile_us_per_flag", Self.median(compileTimes) / 1e3 / Double(self.flags))
        let heap = Double(bytes.sorted()[bytes.count / 2])
        report.add("memory_bytes", Int(heap))
        report.add("memory_bytes_per_flag", heap / Double(self.flags), digits: 1)
        report.add("change_us", Self.median(changeTimes) / 1e3)
        print(report.json())
    }

    /// How long it takes to apply a change of one flag's percentage.
    private static func changeTime(_ ruleset: inout Ruleset, _ flag: Flags.Flag) -> UInt64 {
        var changed = flag
        changed.rollout = .all
        changed.revision = Revision(2)
        let change = Change(
            revision: Revision(2),
            environment: EvaluationFixture.environment,
            flag: changed
        )
        let start = BenchProcess.nanoseconds()
        ruleset.apply([change])
        return BenchProcess.nanoseconds() - start
    }

    private static func median(_ times: [UInt64]) -> Double {
        Double(times.sorted()[times.count / 2])
    }
}
