// Only a debug build lets tests see inside a program.
#if DEBUG
import Flags
import Testing

@testable import bandera

@Suite struct PlanTextTests {
    @Test func aStepIsAShareATimeAndWhatElseItWaitsFor() throws {
        let plan = try PlanText.plan("5%:30m, 25%:1h30m:approvals=2:evaluations=500, 100%")
        #expect(plan.steps.map { $0.rollout?.thousandths } == [5_000, 25_000, 100_000])
        #expect(plan.steps.map(\.holdMilliseconds) == [1_800_000, 5_400_000, 0])
        #expect(plan.steps.map(\.approvals) == [0, 2, 0])
        #expect(plan.steps.map(\.evaluationsMin) == [0, 500, 0])
    }

    @Test func aWaveNamesItsRegionsAndAnAudienceItsLists() throws {
        let plan = try PlanText.plan("regions=MX+CO:1d, plans=PREMIUM:roles=ADMIN+OWNER:10%")
        #expect(plan.steps[0].regions == ["MX", "CO"])
        #expect(plan.steps[0].rollout == nil && plan.steps[0].audience == nil)
        #expect(plan.steps[1].audience == Audience(plans: ["PREMIUM"], roles: ["ADMIN", "OWNER"]))
    }

    @Test func aStepIsWrittenAsItIsRead() throws {
        let text = "5%:30m, 25%:1h:approvals=1, 2d:evaluations=7:regions=MX+CO, 100%:plans=A+B"
        let plan = try PlanText.plan(text)
        #expect(plan.steps.map(PlanText.text).joined(separator: ", ") == text)
    }

    @Test(arguments: ["", "5%,", "5%:", "5", "5%:soon", "101%", "5%:approvals=x", "5%:color=red"])
    func whatIsNotUnderstoodIsNamed(_ text: String) {
        #expect(throws: CommandFailure.self) { try PlanText.plan(text) }
    }

    @Test("The last wave opens every region to the audience that there is then")
    func allRegions() throws {
        let flag = makeFlag()
        let plan = try PlanText.plan("regions=MX:10%, plans=FREE, 100%:regions=*")
        #expect(plan.opensAllRegions)
        let open = plan.openingRegions(of: flag)
        #expect(!open.opensAllRegions && open.steps.dropLast() == plan.steps.dropLast())
        #expect(open.steps.last?.audience == Audience(plans: ["FREE"]))
        #expect(open.steps.last?.rollout == .all && open.steps.last?.regions == [])

        var audience = flag.audience
        audience.regions = []
        let waves = try PlanText.plan("regions=MX, regions=*").openingRegions(of: flag)
        #expect(waves.steps.last?.audience == audience)
    }

    @Test func aMomentIsADateOrADistance() throws {
        let now = Timestamp(milliseconds: 1_000_000_000)
        let ago = try MomentText.checked("2h", .ago, from: "--at", now: now)
        #expect(ago.milliseconds == 992_800_000)
        let ahead = try MomentText.checked("90d", .ahead, from: "--expires", now: now)
        #expect(ahead.milliseconds == 1_000_000_000 + 90 * 86_400_000)
        let date = try MomentText.checked("2026-01-01T00:00:00Z", .ago, from: "--at", now: now)
        #expect(date.milliseconds == 1_767_225_600_000)
        #expect(throws: CommandFailure.self) {
            try MomentText.checked("yesterday", .ago, from: "--at", now: now)
        }
    }

    @Test func secretsDifferAndOnlyTheirHashIsTold() {
        let (first, second) = (TokenSecret.random(), TokenSecret.random())
        #expect(first != second)
        #expect(first.text.count == 52 && first.sha256.count == 64)
        #expect(!first.sha256.contains(first.text))
    }
}
#endif
