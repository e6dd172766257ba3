internal import ArgumentParser
internal import Flags

/// Evaluations on a compiled ruleset, as the SDK and the nodes make them.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measures evaluations in this process: nanoseconds and allocations for each."
    )

    @Option(help: "Evaluations per round.")
    var iterations = 20_000

    @Option(help: "Rounds; the median and the fastest are reported.")
    var rounds = 200

    @Option(help: "Flags in the environment.")
    var flags = 1_000

    @Option(help: "Measure this kind alone; may be given again.")
    var only: [EvaluationFixture] = []

    /// The time that evaluations are made for: within every flag's window.
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    private static let burst = 8

    func validate() throws {
        guard (Self.burst...100_000_000).contains(self.iterations),
            (1...1_000).contains(self.rounds),
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
        let kinds = self.only.isEmpty ? EvaluationFixture.allCases : self.only
        for (kind, result) in zip(kinds, try self.measure(kinds, ruleset)) {
            report.add("\(kind.rawValue)_ns", result.median, digits: 1)
            report.add("\(kind.rawValue)_fastest_ns", result.fastest, digits: 1)
            allocations = allocations.map { $0 + result.allocations }
            allocationsByKind.add(kind.rawValue, Int(clamping: result.allocations))
        }
        let evaluations = self.iterations * self.rounds * kinds.count
        report.add(
            "allocations_per_evaluation",
            allocations.map { Double($0) / Double(evaluations) }
        )
        report.add("allocations", allocations.map { .integer(Int(clamping: $0)) } ?? .null)
        if allocations != nil { report.add("allocations_by_kind", .object(allocationsByKind)) }
        report.add("allocations_counted_by", AllocationCount.method)
        print(report.json())
    }

    private struct Measured {
        /// Nanoseconds for each evaluation, by round.
        var times: [Double] = []
        var allocations: UInt64 = 0

        var median: Double { self.times.sorted()[self.times.count / 2] }
        /// What the machine can do when nothing else has it.
        var fastest: Double { self.times.min() ?? 0 }
    }

    /// Every round measures every kind: what disturbs the machine for a while disturbs them all.
    private func measure(
        _ kinds: [EvaluationFixture],
        _ ruleset: Ruleset
    ) throws -> [Measured] {
        var measured: [Measured] = []
        for kind in kinds {
            try kind.check(ruleset, now: Self.now)
            var empty = Measured()
            empty.times.reserveCapacity(self.rounds)
            measured.append(empty)
        }
        let iterations = self.iterations / Self.burst * Self.burst
        for _ in 0..<self.rounds {
            for (index, kind) in kinds.enumerated() {
                let key = kind.key
                let contexts = kind.contexts
                _ = self.round(ruleset, key, contexts, iterations / 10)
                let before = AllocationCount.now
                let start = BenchProcess.nanoseconds()
                let count = self.round(ruleset, key, contexts, iterations)
                let time = BenchProcess.nanoseconds() - start
                measured[index].allocations += AllocationCount.now - before
                guard count > 0 else { throw BenchError("\(kind): no evaluation gave a value") }
                measured[index].times.append(Double(time) / Double(iterations))
            }
        }
        return measured
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
        for _ in 0..<(iterations / Self.burst) {
            values += self.burst(ruleset, key, contexts[index])
            index = index + 1 == contexts.count ? 0 : index + 1
        }
        return values
    }

    /// Evaluates several times for one context: a caller has a context of its own, and one read out
    /// of an array is copied first, which takes half as long as an evaluation.
    @inline(never)
    private func burst(
        _ ruleset: borrowing Ruleset,
        _ key: FlagKey,
        _ context: borrowing EvaluationContext
    ) -> Int {
        var values = 0
        for _ in 0..<Self.burst
        where ruleset.evaluate(key, context, now: Self.now).value != nil { values += 1 }
        return values
    }
}

extension EvaluationFixture: ExpressibleByArgument {}
