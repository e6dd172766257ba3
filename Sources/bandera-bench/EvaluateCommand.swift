internal import ArgumentParser
internal import Flags

/// Evaluations on a compiled ruleset, as the SDK and the nodes make them.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measures evaluations in this process: nanoseconds and allocations for each."
    )

    @Option(help: "Evaluations per round.")
    var iterations = 200_000

    @Option(help: "Rounds; the median is reported.")
    var rounds = 9

    @Option(help: "Flags in the environment.")
    var flags = 1_000

    /// The time that evaluations are made for: within every flag's window.
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    func validate() throws {
        guard (1...100_000_000).contains(self.iterations), (1...1_000).contains(self.rounds),
            (1...FlagsLimits.flagsPerEnvironmentMax).contains(self.flags)
        else { throw ValidationError("--iterations, --rounds or --flags is out of range") }
    }

    func run() async throws {
        let ruleset = EvaluationFixture.ruleset(fillers: self.flags)
        // Zero is only worth something from a counter that counts.
        var allocations: UInt64? = AllocationCount.isCounting ? 0 : nil
        var allocationsByKind = Report()
        var report = Report()
        report.add("bench", "evaluate")
        var parameters = Report()
        parameters.add("iterations", self.iterations)
        parameters.add("rounds", self.rounds)
        parameters.add("flags", self.flags)
        report.add("parameters", .object(parameters))
        for kind in EvaluationFixture.allCases {
            let result = try self.measure(kind, ruleset)
            report.add("\(kind.rawValue)_ns", result.nanoseconds, digits: 1)
            allocations = allocations.map { $0 + result.allocations }
            allocationsByKind.add(kind.rawValue, Int(clamping: result.allocations))
        }
        let evaluations = self.iterations * self.rounds * EvaluationFixture.allCases.count
        report.add(
            "allocations_per_evaluation",
            allocations.map { Double($0) / Double(evaluations) }
        )
        report.add("allocations", allocations.map { .integer(Int(clamping: $0)) } ?? .null)
        if allocations != nil { report.add("allocations_by_kind", .object(allocationsByKind)) }
        report.add("allocations_counted_by", AllocationCount.method)
        print(report.json())
    }

    private func measure(
        _ kind: EvaluationFixture,
        _ ruleset: Ruleset
    ) throws -> (nanoseconds: Double, allocations: UInt64) {
        let key = kind.key
        let contexts = kind.contexts
        try kind.check(ruleset, now: Self.now)
        _ = self.round(ruleset, key, contexts, self.iterations / 10)
        var times: [Double] = []
        times.reserveCapacity(self.rounds)
        let before = AllocationCount.now
        for _ in 0..<self.rounds {
            let start = BenchProcess.nanoseconds()
            let count = self.round(ruleset, key, contexts, self.iterations)
            let time = BenchProcess.nanoseconds() - start
            guard count > 0 else { throw BenchError("\(kind): no evaluation gave a value") }
            times.append(Double(time) / Double(self.iterations))
        }
        let allocations = AllocationCount.now - before
        times.sort()
        return (times[times.count / 2], allocations)
    }

    /// Evaluates again and again.
    ///
    /// Returns how often there was a value, so that nothing is optimised away.
    @inline(never)
    private func round(
        _ ruleset: borrowing Ruleset,
        _ key: FlagKey,
        _ contexts: [EvaluationContext],
        _ iterations: Int
    ) -> Int {
        var values = 0
        var index = 0
        for _ in 0..<iterations {
            if ruleset.evaluate(key, contexts[index], now: Self.now).value != nil { values += 1 }
            index = index + 1 == contexts.count ? 0 : index + 1
        }
        return values
    }
}
