import Flags
import Releases
import Testing

@Suite struct ReleaseMachineTests {
    private let minute: Int64 = 60_000

    @Test func aReleaseBeginsWithItsFirstStep() {
        let bench = Bench([.percent(10, minutes: 30), .percent(50)])
        #expect(bench.release.state == .running && bench.release.step == 0)
        #expect(bench.release.id == Revision(50) && bench.release.startedBy == "ana")
        #expect(bench.flag.rollout.thousandths == 10_000)
    }

    @Test func aHoldIsWaitedForToTheMillisecond() {
        var bench = Bench([.percent(10, minutes: 30), .percent(50, minutes: 30)])
        let due = Timestamp(milliseconds: Bench.start + 30 * self.minute)
        #expect(bench.release.nextDue(evaluations: 0) == due)
        #expect(bench.advance(after: 30 * self.minute - 1) == .notDue)
        #expect(!bench.isDue && bench.flag.rollout.thousandths == 10_000)
        #expect(bench.advance(after: 1) == nil)
        #expect(bench.release.step == 1 && bench.flag.rollout.thousandths == 50_000)
    }

    @Test func theLastStepsGateEndsIt() {
        var bench = Bench([.percent(100, minutes: 10)])
        #expect(bench.advance() == .notDue)
        #expect(bench.advance(after: 10 * self.minute) == nil)
        #expect(bench.release.state == .completed && bench.release.finishedAt == bench.time)
        #expect(bench.release.revision == Revision(52) && bench.release.step == 0)
        #expect(bench.advance(after: self.minute) == .wrongState)
        #expect(bench.release.nextDue(evaluations: 0) == nil && !bench.isDue)
    }

    @Test func evaluationsAreCountedFromTheBeginningOfTheStep() {
        var bench = Bench([
            .percent(10, evaluations: 100), .percent(20, evaluations: 100), .percent(30),
        ])
        bench.evaluations = 1_099
        #expect(bench.advance() == .notDue && bench.release.nextDue(evaluations: 1_099) == nil)
        bench.evaluations = 1_150
        #expect(bench.advance() == nil && bench.release.evaluationsBefore == 1_150)
        bench.evaluations = 1_249
        #expect(bench.advance() == .notDue)
        bench.evaluations = 1_250
        #expect(bench.advance() == nil && bench.flag.rollout.thousandths == 30_000)
        bench.evaluations = 0
        let gate = bench.release.gate(evaluations: 0)
        #expect(gate.evaluationsMissing == 0)
    }

    @Test func aGateOpensOnlyWhenAllItsPartsAreThere() {
        var bench = Bench([
            .percent(10, minutes: 5, approvals: 1, evaluations: 10), .percent(20, minutes: 1),
        ])
        bench.evaluations += 10
        #expect(bench.advance(after: 5 * self.minute) == .notDue)
        #expect(bench.control(.approve) == nil)
        #expect(bench.isDue && bench.advance() == nil)
        // When people opened the gate, the next step begins when that is seen.
        #expect(bench.release.stepStartedAt == bench.time)
    }

    @Test func aStepThatTheCallerDidNotSeeIsRefused() {
        var bench = Bench([.percent(10, approvals: 1), .percent(20)])
        for action in ReleaseAction.allCases {
            #expect(bench.control(action, step: 1) == .wrongStep, "\(action)")
        }
        #expect(bench.control(.approve, step: .max) == .wrongStep)
    }

    @Test func whoeverSkipsAStepStandsForOneApprovalAndNoMore() {
        var bench = Bench([.percent(10, minutes: 30, approvals: 2), .percent(20, minutes: 30)])
        #expect(bench.control(.skip, by: "ana") == .ownApproval)
        #expect(bench.control(.skip, by: "ben") == .approvalsMissing)
        #expect(bench.control(.approve, by: "ben") == nil)
        #expect(bench.control(.skip, by: "ben") == .approvedAlready)
        #expect(bench.control(.skip, by: "cem", after: 5) == nil)
        #expect(bench.release.step == 1 && bench.flag.rollout.thousandths == 20_000)
        #expect(bench.release.stepStartedAt == bench.time)
        #expect(bench.control(.skip, by: "ana") == nil)
        #expect(bench.release.state == .completed)
    }

    @Test func abortingLeavesTheFlagAsItIs() {
        for pausedFirst in [false, true] {
            var bench = Bench([.percent(10, minutes: 30), .percent(20)])
            if pausedFirst { bench.control(.pause) }
            let flag = bench.flag
            #expect(bench.control(.abort) == nil)
            #expect(bench.release.state == .aborted && bench.flag == flag)
            #expect(bench.release.pausedAt == nil && bench.release.finishedAt == bench.time)
        }
    }

    @Test func onlyTheTransitionsOfAStateAreMade() {
        let legal: [Release.State: Set<ReleaseAction>] = [
            .running: [.approve, .pause, .skip, .abort], .paused: [.approve, .resume, .abort],
            .completed: [], .aborted: [], .rolledBack: [],
        ]
        for state in Release.State.allCases {
            for action in ReleaseAction.allCases {
                var bench = Bench([.percent(10, approvals: 1), .percent(20)])
                bench.release.state = state
                if state == .paused { bench.release.pausedAt = bench.time }
                let before = bench.release
                let code = bench.control(action)
                let isLegal = legal[state]?.contains(action) == true
                #expect((code == nil) == isLegal, "\(state) \(action)")
                if !isLegal { #expect(code == .wrongState && bench.release == before) }
            }
        }
    }

    @Test func endingForTheFlagsSakeHappensOnce() {
        var bench = Bench([.percent(10), .percent(20)])
        bench.control(.pause)
        bench.release.end(.rolledBack, at: bench.time, revision: Revision(99))
        let ended = bench.release
        #expect(ended.state == .rolledBack && ended.revision == Revision(99))
        #expect(ended.pausedAt == nil && ended.finishedAt == bench.time)
        bench.release.end(.aborted, at: bench.time, revision: Revision(100))
        #expect(bench.release == ended)
    }

    @Test func whatAStepWaitsForIsSaid() {
        let bench = Bench([.percent(10, minutes: 30, approvals: 1, evaluations: 2)])
        let text = bench.release.gate(evaluations: 1_000).description(at: bench.time)
        #expect(
            text == "its hold, until 2026-02-02T03:10:00Z and 1 more approval and "
                + "2 more evaluations"
        )
    }

    @Test func aReleaseWhoseStepIsNotInItsPlanEndsWithoutATrap() {
        var bench = Bench([.percent(10)])
        bench.release.step = .max
        #expect(bench.isDue && bench.advance() == nil)
        #expect(bench.release.state == .completed)
        var skipped = Bench([.percent(10)])
        skipped.release.step = .max
        #expect(skipped.control(.approve) == .approvedAlready)
        #expect(skipped.control(.skip) == nil && skipped.release.state == .completed)
    }

    @Test func aHoldBeyondAllTimeIsNeverOver() {
        var bench = Bench([.percent(10), .percent(20)])
        bench.release.plan.steps[0].holdMilliseconds = .max
        #expect(bench.advance(after: 1_000_000) == .notDue)
        bench.release.plan.steps[0].holdMilliseconds = .min
        #expect(bench.advance() == nil)
    }
}
