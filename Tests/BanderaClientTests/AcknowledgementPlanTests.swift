import BanderaClient
import Flags
import Testing

@Suite struct AcknowledgementPlanTests {
    private var plan = AcknowledgementPlan(delay: 20)

    @Test mutating func manyRevisionsShareOneMessage() {
        #expect(self.plan.processed(Revision(5), now: Moment(0)) == .wait(until: Moment(20)))
        #expect(self.plan.processed(Revision(6), now: Moment(1)) == .none)
        #expect(self.plan.processed(Revision(9), now: Moment(19)) == .none)
        #expect(self.plan.tick(Moment(20)) == .acknowledge(Revision(9)))
        #expect(self.plan.tick(Moment(21)) == .none)
    }

    @Test mutating func aBurstDoesNotWaitForTheTimer() {
        var last = AcknowledgementPlan.Action.none
        for revision in 1...UInt64(ClientLimits.acknowledgementBatchMax) {
            last = self.plan.processed(Revision(revision), now: Moment(0))
        }
        let batch = Revision(UInt64(ClientLimits.acknowledgementBatchMax))
        #expect(last == .acknowledge(batch))
    }

    @Test mutating func theSameRevisionIsAcknowledgedOnce() {
        _ = self.plan.processed(Revision(5), now: Moment(0))
        _ = self.plan.tick(Moment(20))
        #expect(self.plan.processed(Revision(5), now: Moment(30)) == .none)
    }

    @Test mutating func anEarlyTickWaitsOn() {
        _ = self.plan.processed(Revision(5), now: Moment(0))
        #expect(self.plan.tick(Moment(10)) == .wait(until: Moment(20)))
    }

    @Test mutating func anotherNodeIsToldAgain() {
        _ = self.plan.processed(Revision(5), now: Moment(0))
        _ = self.plan.tick(Moment(20))
        self.plan.reopened()
        #expect(self.plan.processed(Revision(5), now: Moment(30)) == .wait(until: Moment(50)))
        #expect(self.plan.tick(Moment(50)) == .acknowledge(Revision(5)))
    }
}
