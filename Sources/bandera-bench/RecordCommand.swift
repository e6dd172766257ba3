internal import ArgumentParser
internal import BanderaClient
internal import Flags

/// What counting an evaluation costs the thread that evaluates.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Measures evaluations that are counted for usage, against those that are not."
    )

    @Option(help: "Evaluations per round.")
    var iterations = 200_000

    @Option(help: "Rounds; the median is reported.")
    var rounds = 9

    @Option(help: "Threads that count at one time in the last measurement.")
    var threads = 2

    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    func validate() throws {
        guard (1...100_000_000).contains(self.iterations), (1...1_000).contains(self.rounds),
            (1...64).contains(self.threads)
        else { throw ValidationError("--iterations, --rounds or --threads is out of range") }
    }

    func run() async throws {
        let fixture = EvaluationFixture.percentage
        let ruleset = EvaluationFixture.ruleset(fillers: 1_000)
        let recorder = UsageRecorder()
        let (key, contexts) = (fixture.key, fixture.contexts)
        let plain = self.measure { Self.round(ruleset, key, contexts, self.iterations, nil) }
        let counted = self.measure { Self.round(ruleset, key, contexts, self.iterations, recorder) }
        let start = BenchProcess.nanoseconds()
        var combinations = 0
        recorder.drain { combinations += $0.counts.count }
        let drain = BenchProcess.nanoseconds() - start
        let together = await self.together(ruleset, key, contexts, recorder)
        var report = Report()
        report.add("bench", "record")
        var parameters = Report()
        parameters.add("iterations", self.iterations)
        parameters.add("rounds", self.rounds)
        parameters.add("threads", self.threads)
        report.add("parameters", .object(parameters))
        report.add("evaluate_ns", plain.nanoseconds, digits: 1)
        report.add("evaluate_and_record_ns", counted.nanoseconds, digits: 1)
        report.add("record_ns", counted.nanoseconds - plain.nanoseconds, digits: 1)
        report.add("evaluate_and_record_by_threads_ns", together.nanoseconds, digits: 1)
        report.add("dropped_by_threads", Int(clamping: together.dropped))
        report.add("combinations", combinations)
        report.add("drain_us", Double(drain) / 1_000, digits: 1)
        let allocations = AllocationCount.isCounting ? Int(clamping: counted.allocations) : nil
        report.add("allocations", allocations.map { .integer($0) } ?? .null)
        report.add("allocations_counted_by", AllocationCount.method)
        print(report.json())
    }

    private func measure(_ round: () -> Int) -> (nanoseconds: Double, allocations: UInt64) {
        // The first round finds the combinations; after that there is nothing new.
        _ = round()
        var times: [Double] = []
        times.reserveCapacity(self.rounds)
        let before = AllocationCount.now
        for _ in 0..<self.rounds {
            let start = BenchProcess.nanoseconds()
            let values = round()
            precondition(values == self.iterations, "an evaluation gave no value")
            times.append(Double(BenchProcess.nanoseconds() - start) / Double(self.iterations))
        }
        let allocations = AllocationCount.now - before
        times.sort()
        return (times[times.count / 2], allocations)
    }

    /// Nanoseconds of each thread's own processor time, and what they could not count.
    private func together(
        _ ruleset: Ruleset,
        _ key: FlagKey,
        _ contexts: [EvaluationContext],
        _ recorder: UsageRecorder
    ) async -> (nanoseconds: Double, dropped: UInt64) {
        let iterations = self.iterations * self.rounds
        let times = await withTaskGroup(of: UInt64.self) { group in
            for _ in 0..<self.threads {
                group.addTask {
                    let start = BenchProcess.threadNanoseconds()
                    _ = Self.round(ruleset, key, contexts, iterations, recorder)
                    return BenchProcess.threadNanoseconds() - start
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var dropped: UInt64 = 0
        recorder.drain { dropped += $0.dropped }
        return (Double(times.reduce(0, +)) / Double(iterations * times.count), dropped)
    }

    /// Evaluates again and again, and counts each when there is a recorder.
    ///
    /// Returns how often there was a value, so that nothing is optimised away.
    @inline(never)
    private static func round(
        _ ruleset: borrowing Ruleset,
        _ key: FlagKey,
        _ contexts: [EvaluationContext],
        _ iterations: Int,
        _ recorder: UsageRecorder?
    ) -> Int {
        var values = 0
        var index = 0
        for _ in 0..<iterations {
            let evaluation = ruleset.evaluate(key, contexts[index], now: Self.now)
            recorder?.evaluated(key, evaluation.variation, contexts[index])
            if evaluation.value != nil { values += 1 }
            index = index + 1 == contexts.count ? 0 : index + 1
        }
        return values
    }
}
