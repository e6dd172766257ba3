import Simulation
import Testing

/// Whole clusters under faults.
///
/// `bandera-sim` runs many more seeds in release.
struct SimulationTests {
    @Test func invariantsHoldUnderFaults() {
        let first = UInt64.random(in: 1...1_000_000_000)
        print("simulation: first seed \(first), 12 seeds")
        for seed in first..<first + 12 {
            let result = SimulatedWorld(SimulationParameters(seed: seed)).run()
            #expect(
                result.violations.isEmpty,
                "replay with: bandera-sim run --first-seed \(seed) --seeds 1"
            )
            #expect(result.committed > 0)
        }
    }

    @Test func oneSeedGivesOneHistory() {
        for seed: UInt64 in [3, 14, 159] {
            let first = SimulatedWorld(SimulationParameters(seed: seed)).run()
            let second = SimulatedWorld(SimulationParameters(seed: seed)).run()
            #expect(first == second)
        }
    }

    @Test func differentSeedsGiveDifferentHistories() {
        let traces = (1...8).map { SimulatedWorld(SimulationParameters(seed: $0)).run().trace }
        #expect(Set(traces).count == traces.count)
    }
}
