import Flags
import Releases
import Testing

@Suite struct StepEffectTests {
    @Test func wavesAddTheirRegionsToThoseOpenedBefore() {
        var bench = Bench([
            ReleaseStep(regions: ["MX"]),
            ReleaseStep(audience: Audience(plans: ["PRO"], regions: ["PT"]), regions: ["ES"]),
            ReleaseStep(rollout: .all), ReleaseStep(audience: Audience(), holdMilliseconds: 1),
        ])
        #expect(bench.flag.audience.regions == ["MX"])
        bench.control(.skip)
        #expect(bench.flag.audience == Audience(plans: ["PRO"], regions: ["MX", "PT", "ES"]))
        bench.control(.skip)
        #expect(bench.flag.rollout == .all && bench.flag.audience.regions.count == 3)
        bench.control(.skip)
        #expect(bench.flag.audience.isEverybody)
    }

    @Test func effectsOneAfterTheOtherAreTheSameAsTogether() {
        for seed: UInt64 in 1...2_000 {
            var generator = Generator(state: seed)
            var flag = Bench.flag(audience: generator.audience())
            var together = StepEffect.none
            var folded = flag
            for _ in 0..<4 {
                let effect = StepEffect(generator.step())
                effect.apply(to: &flag)
                together.append(effect)
            }
            together.apply(to: &folded)
            #expect(folded == flag, "seed \(seed)")
        }
    }

    private struct Generator {
        var state: UInt64

        mutating func pick(_ count: UInt64) -> UInt64 {
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (self.state >> 33) % count
        }

        mutating func regions() -> [String] {
            (0..<self.pick(3)).map { _ in ["MX", "ES", "AR", "US"][Int(self.pick(4))] }
        }

        mutating func audience() -> Audience {
            Audience(
                plans: self.pick(2) == 0 ? [] : ["PRO"],
                regions: Array(Set(self.regions())).sorted()
            )
        }

        mutating func step() -> ReleaseStep {
            ReleaseStep(
                rollout: self.pick(2) == 0
                    ? nil : RolloutPercentage(thousandths: UInt32(self.pick(100_001))),
                audience: self.pick(2) == 0 ? nil : self.audience(),
                regions: self.pick(2) == 0 ? [] : self.regions()
            )
        }
    }
}

@Suite struct ReleasePreviewTests {
    @Test func aPreviewSaysWhatHappensAndWhen() {
        let plan = ReleasePlan(steps: [
            .percent(10, minutes: 30),
            ReleaseStep(regions: ["MX"], holdMilliseconds: 60_000, approvals: 2),
            .percent(100, evaluations: 7),
        ])
        let start = Timestamp(milliseconds: Bench.start)
        let previews = plan.preview(from: Bench.flag(), startingAt: start)
        #expect(previews.map(\.step) == [0, 1, 2])
        #expect(previews.map(\.rollout.thousandths) == [10_000, 10_000, 100_000])
        #expect(previews.map(\.audience.regions) == [[], ["MX"], ["MX"]])
        let minutes = previews.map { ($0.earliestStart.milliseconds - Bench.start) / 60_000 }
        #expect(minutes == [0, 30, 31])
        #expect(previews[2].earliestEnd == previews[2].earliestStart)
        #expect(previews.map(\.approvals) == [0, 2, 0])
        #expect(previews.map(\.evaluationsMin) == [0, 0, 7])
    }

    @Test func aPreviewIsWhatARunDoesWhenNothingIsLate() {
        let steps: [ReleaseStep] = [
            .percent(5, minutes: 1), ReleaseStep(regions: ["MX"], holdMilliseconds: 5),
            ReleaseStep(rollout: .all, audience: Audience(roles: ["r"]), holdMilliseconds: 9),
        ]
        let start = Timestamp(milliseconds: Bench.start)
        let previews = ReleasePlan(steps: steps).preview(from: Bench.flag(), startingAt: start)
        var bench = Bench(steps)
        for preview in previews {
            #expect(bench.release.stepStartedAt == preview.earliestStart)
            #expect(bench.flag.rollout == preview.rollout)
            #expect(bench.flag.audience == preview.audience)
            bench.now = preview.earliestEnd.milliseconds
            #expect(bench.advance() == nil)
        }
        #expect(bench.release.state == .completed && bench.release.finishedAt == bench.time)
    }
}
