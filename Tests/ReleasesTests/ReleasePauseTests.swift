import Flags
import Releases
import Testing

@Suite struct ReleasePauseTests {
    private let minute: Int64 = 60_000

    @Test func aPauseMovesTheClockOfTheStep() {
        var bench = Bench([.percent(10, minutes: 30), .percent(20, minutes: 30)])
        #expect(bench.control(.pause, after: 10 * self.minute) == nil)
        #expect(bench.release.nextDue(evaluations: 0) == nil)
        #expect(bench.advance(after: 60 * self.minute) == .wrongState)
        #expect(bench.control(.resume) == nil)
        #expect(bench.advance(after: 20 * self.minute - 1) == .notDue)
        #expect(bench.advance(after: 1) == nil && bench.release.step == 1)
    }

    @Test func severalPausesAddUp() {
        var bench = Bench([.percent(10, minutes: 30), .percent(20)])
        for _ in 0..<5 {
            bench.control(.pause, after: self.minute)
            bench.control(.resume, after: 7 * self.minute)
        }
        let due = Timestamp(milliseconds: Bench.start + (30 + 5 * 7) * self.minute)
        #expect(bench.release.nextDue(evaluations: 0) == due)
    }

    @Test func aPauseAfterTheHoldIsOverLeavesItOver() {
        var bench = Bench([.percent(10, minutes: 1, approvals: 1), .percent(20)])
        bench.control(.pause, after: 2 * self.minute)
        bench.control(.resume, after: 5 * self.minute)
        #expect(bench.control(.approve) == nil && bench.isDue)
    }

    @Test func aClockThatGoesBackDoesNotShortenAHold() {
        var bench = Bench([.percent(10, minutes: 30), .percent(20)])
        bench.control(.pause, after: 10 * self.minute)
        bench.control(.resume, after: -5 * self.minute)
        let due = Timestamp(milliseconds: Bench.start + 30 * self.minute)
        #expect(bench.release.nextDue(evaluations: 0) == due)
    }
}

@Suite struct ReleaseApprovalTests {
    @Test func nobodyApprovesWhatTheyStarted() {
        var bench = Bench([.percent(10, approvals: 1), .percent(20)])
        #expect(bench.control(.approve, by: "ana") == .ownApproval)
        #expect(bench.release.approvals.isEmpty)
        #expect(bench.control(.approve, by: "ben") == nil && bench.isDue)
    }

    @Test func severalApprovalsAreOfDifferentPeople() {
        var bench = Bench([.percent(10, approvals: 3), .percent(20)])
        for (actor, code) in [
            ("ben", nil), ("ben", .approvedAlready), ("cem", nil), ("ana", .ownApproval),
            ("ben", .approvedAlready), ("dee", nil), ("eva", .approvedAlready),
        ] as [(String, ReleasesError.Code?)] {
            #expect(!bench.isDue || actor == "eva")
            #expect(bench.control(.approve, by: actor) == code, "\(actor)")
        }
        #expect(bench.isDue && bench.release.approvals.map(\.actor) == ["ben", "cem", "dee"])
    }

    @Test func anApprovalIsOfOneStep() {
        var bench = Bench([.percent(10, approvals: 1), .percent(20, approvals: 1), .percent(30)])
        bench.control(.approve, by: "ben")
        bench.advance()
        #expect(bench.release.step == 1 && !bench.isDue)
        #expect(bench.control(.approve, by: "ben") == nil && bench.isDue)
        #expect(bench.release.approvals.map(\.step) == [0, 1])
    }

    @Test func aStepThatNeedsNoApprovalTakesNone() {
        var bench = Bench([.percent(10), .percent(20)])
        #expect(bench.control(.approve) == .approvedAlready)
    }
}
