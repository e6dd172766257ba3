import Flags
import Releases
import Testing

@Suite struct ReleaseFoldingTests {
    private let minute: Int64 = 60_000

    @Test func overdueStepsAreFoldedIntoOneChange() {
        var bench = Bench([
            .percent(10, minutes: 10), .percent(20, minutes: 10), .percent(30, minutes: 10),
            .percent(40, minutes: 10),
        ])
        #expect(bench.advance(after: 25 * self.minute) == nil)
        #expect(bench.release.step == 2 && bench.flag.rollout.thousandths == 30_000)
        // The step counts from when it should have begun.
        #expect(bench.release.stepStartedAt.milliseconds == Bench.start + 20 * self.minute)
        #expect(bench.advance(after: 5 * self.minute) == nil && bench.release.step == 3)
    }

    @Test func foldingStopsWhereMoreThanTimeIsWaitedFor() {
        for gate: ReleaseStep in [
            .percent(30, minutes: 1, approvals: 1), .percent(30, minutes: 1, evaluations: 5),
        ] {
            var bench = Bench([
                .percent(10, minutes: 10), .percent(20, minutes: 10), gate, .percent(40),
            ])
            #expect(bench.advance(after: 1_000 * self.minute) == nil)
            #expect(bench.release.step == 2 && bench.flag.rollout.thousandths == 30_000)
            #expect(!bench.isDue)
        }
    }

    @Test func aStepAfterOneThatWaitedForPeopleIsNotFolded() {
        var bench = Bench([
            .percent(10, minutes: 1, approvals: 1), .percent(20, minutes: 10), .percent(30),
        ])
        bench.control(.approve, after: 1_000 * self.minute)
        #expect(bench.advance() == nil && bench.release.step == 1 && !bench.isDue)
    }

    @Test func foldingReachesTheEnd() {
        var bench = Bench([
            .percent(10, minutes: 10), .percent(20, minutes: 10), .percent(100, minutes: 10),
        ])
        #expect(bench.advance(after: 30 * self.minute) == nil)
        #expect(bench.release.state == .completed && bench.release.step == 2)
        #expect(bench.flag.rollout == .all)
    }

    @Test func stepsThatWaitForNothingAreFolded() {
        var bench = Bench([.percent(10), .percent(20), .percent(30), .percent(40, minutes: 1)])
        #expect(bench.advance() == nil)
        #expect(bench.release.step == 3 && bench.flag.rollout.thousandths == 40_000)
    }

    @Test func aFoldedAudienceIsThatOfAllTheSteps() {
        var bench = Bench(
            [
                .percent(10, minutes: 1),
                ReleaseStep(audience: Audience(plans: ["PRO"]), holdMilliseconds: 60_000),
                ReleaseStep(regions: ["MX"], holdMilliseconds: 60_000),
                ReleaseStep(
                    rollout: RolloutPercentage(thousandths: 50_000),
                    regions: ["ES", "MX"],
                    holdMilliseconds: 60_000
                ),
            ]
        )
        #expect(bench.advance(after: 3 * self.minute) == nil)
        #expect(bench.release.step == 3 && bench.flag.rollout.thousandths == 50_000)
        #expect(bench.flag.audience == Audience(plans: ["PRO"], regions: ["MX", "ES"]))
    }
}
