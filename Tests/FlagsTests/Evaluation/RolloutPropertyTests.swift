import Flags
import Testing

@Suite("Percentages and weights")
struct RolloutPropertyTests {
    private static let arms = ["on", "blue", "green"]

    private static func flag(
        _ thousandths: UInt32,
        _ weights: [UInt32],
        salt: String
    ) -> CompiledFlag {
        CompiledFlag(
            Fixture.flag { flag in
                flag.salt = salt
                flag.rollout = RolloutPercentage(thousandths: thousandths) ?? .all
                flag.variations += Self.arms.dropFirst().map {
                    Variation(name: $0, value: .bool(true))
                }
                flag.targeting.weights = zip(Self.arms, weights).map {
                    WeightedVariation(variation: $0, weight: $1)
                }
            }
        )
    }

    private let nothing = Ruleset(environment: Fixture.environment)

    private func variation(_ flag: CompiledFlag, _ user: Int) -> String? {
        let context = EvaluationContext(targetingKey: "user-\(user)")
        return flag.evaluate(context, now: Fixture.now, in: self.nothing).variation
    }

    @Test("Raising a percentage never removes a user, nor changes a variation")
    func raising() {
        var random = SeededGenerator(seed: PropertyCases.seed("raising"))
        for _ in 0..<PropertyCases.count(200) {
            let salt = "salt-\(random.next())"
            let first = UInt32(random.below(100_001))
            let weights = random.isOne(in: 3) ? [] : [first, (100_000 - first) / 2]
            let padded = weights.isEmpty ? [] : weights + [100_000 - weights[0] - weights[1]]
            let low = UInt32(random.below(100_001))
            let high = low + UInt32(random.below(Int(100_001 - low)))
            let before = Self.flag(low, padded, salt: salt)
            let after = Self.flag(high, padded, salt: salt)
            for user in 0..<500 {
                let given = self.variation(before, user)
                guard given != "off", given != self.variation(after, user) else { continue }
                Issue.record("user-\(user) had \(given ?? "nothing") at \(low), not at \(high)")
                return
            }
        }
    }

    @Test("A thousandth of a percent is a share too")
    func smallest() {
        let flag = Self.flag(1, [], salt: "tiny")
        let users = PropertyCases.count(1_000_000)
        let count = (0..<users).count { self.variation(flag, $0) == "on" }
        // A Poisson variable with a mean of 10 is above 30 once in ten million.
        #expect(count <= 30)
        #expect(self.nothing.count == 0)
    }

    @Test("Weights hold within 3 sigma over 1,000,000 users, within any rollout")
    func weights() {
        let users = PropertyCases.count(1_000_000)
        let weights: [UInt32] = [50_000, 30_000, 20_000]
        for (thousandths, salt) in [(100_000, "all"), (40_000, "some")] as [(UInt32, String)] {
            let flag = Self.flag(thousandths, weights, salt: salt)
            var counts: [String: Int] = [:]
            for user in 0..<users { counts[self.variation(flag, user) ?? "", default: 0] += 1 }
            for (arm, weight) in zip(Self.arms, weights) {
                let share = Double(weight) / 100_000 * Double(thousandths) / 100_000
                let sigma = (Double(users) * share * (1 - share)).squareRoot()
                let off = Double(counts[arm, default: 0]) - Double(users) * share
                #expect(off.magnitude <= 3 * sigma, "\(arm) of \(salt): \(off / sigma) sigma")
            }
        }
    }

    @Test("Which variation a unit gets tells nothing of whether it is in")
    func independence() {
        let users = PropertyCases.count(1_000_000)
        let flag = Self.flag(50_000, [50_000, 50_000], salt: "apart")
        let on = (0..<users).count { self.variation(flag, $0) == "on" }
        let sigma = (Double(users) * 0.25 * 0.75).squareRoot()
        #expect((Double(on) - Double(users) * 0.25).magnitude <= 3 * sigma)
    }

    @Test("A rule's share grows without taking from those who have it")
    func ruleSplits() {
        func flag(_ share: UInt32) -> CompiledFlag {
            CompiledFlag(
                Fixture.flag { flag in
                    let weights = [
                        WeightedVariation(variation: "on", weight: share),
                        WeightedVariation(variation: "off", weight: 100_000 - share),
                    ]
                    flag.targeting.rules = [
                        Rule(id: "r", clauses: [], serve: .split(Split(weights: weights)))
                    ]
                }
            )
        }
        let before = flag(10_000)
        let after = flag(25_000)
        for user in 0..<20_000 where self.variation(before, user) == "on" {
            #expect(self.variation(after, user) == "on")
        }
    }
}
