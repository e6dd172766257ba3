import Simulation
import Testing

/// Whole clusters under faults.
///
/// `bandera-sim` runs many more seeds in release.
struct SimulationTests {
    @Test func invariantsHoldUnderFaults() {
        let first = UInt64.random(in: 1...1_000_000_000)
        print("simulation: first seed \(first), 16 seeds")
        for seed in first..<first + 16 {
            let result = SimulatedWorld(SimulationParameters(seed: seed)).run()
            #expect(
                result.violations.isEmpty,
                "replay with: bandera-sim run --first-seed \(seed) --seeds 1 --trace"
            )
            #expect(result.counts.committed > 0)
        }
    }

    @Test("item 50: one seed gives one history, whether anybody listens or not")
    func oneSeedGivesOneHistory() {
        for seed in UInt64(1)...8 {
            let first = SimulatedWorld(SimulationParameters(seed: seed)).run()
            var lines = 0
            let second = SimulatedWorld(SimulationParameters(seed: seed)) { _ in lines += 1 }.run()
            #expect(first == second, "seed \(seed)")
            #expect(lines > 0)
        }
    }

    @Test("item 50: another process comes to the same history")
    func anotherProcessGivesTheSameHistory() async {
        let traces = (UInt64(1)...8).map {
            SimulatedWorld(SimulationParameters(seed: $0)).run().trace
        }
        // Sets and dictionaries have another order there.
        await #expect(processExitsWith: .success) { [traces = traces as [UInt64]] in
            for (offset, trace) in traces.enumerated() {
                let seed = UInt64(offset) + 1
                let own = SimulatedWorld(SimulationParameters(seed: seed)).run().trace
                precondition(own == trace, "seed \(seed) gave \(own), not \(trace)")
            }
        }
    }

    @Test func differentSeedsGiveDifferentHistories() {
        let traces = (1...8).map { SimulatedWorld(SimulationParameters(seed: $0)).run().trace }
        #expect(Set(traces).count == traces.count)
    }

    @Test func theProfilesTakeTurns() {
        let profiles = (1...8).map { SimulationParameters(seed: $0).profile }
        #expect(Set(profiles).count == SimulationProfile.allCases.count)
    }
}
