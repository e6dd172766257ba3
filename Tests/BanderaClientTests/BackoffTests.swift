import BanderaClient
import Testing

@Suite struct BackoffTests {
    let backoff = Backoff(millisecondsMin: 50, millisecondsMax: 5_000)

    @Test func doublesUpToItsMaximumAndNeverReturnsAtOnce() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for failures in 1...100 {
            let full = failures > 7 ? 5_000 : min(5_000, Int64(50) << (failures - 1))
            let delay = self.backoff.delay(after: failures, using: &generator)
            #expect((full / 2...full).contains(delay), "seed \(seed), failures \(failures)")
        }
    }

    @Test func doesNotWaitWithoutAFailure() {
        var generator = SeededGenerator(seed: 1)
        #expect(self.backoff.delay(after: 0, using: &generator) == 0)
    }

    @Test func spreadsThoseWhoFailedTogether() {
        var delays: Set<Int64> = []
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            delays.insert(self.backoff.delay(after: 8, using: &generator))
        }
        #expect(delays.count > 80)
    }

    @Test func staysWithinBoundsWhenTheMinimumIsHuge() {
        var generator = SeededGenerator(seed: 1)
        let backoff = Backoff(millisecondsMin: .max / 2, millisecondsMax: .max / 2)
        #expect(backoff.delay(after: 40, using: &generator) <= .max / 2)
    }
}
