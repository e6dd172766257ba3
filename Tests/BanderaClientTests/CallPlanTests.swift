import BanderaClient
import Testing
import Wire

@Suite struct CallPlanTests {
    private var generator = SeededGenerator(seed: 3)

    private func plan(_ isWrite: Bool, endpoints: Int = 3, deadline: Int64 = 5_000) -> CallPlan {
        CallPlan(
            isWrite: isWrite,
            endpointCount: endpoints,
            first: 0,
            deadline: Moment(deadline)
        )
    }

    private func unavailable(_ reason: String = "", retryAfter: UInt32 = 0) -> CallFailure {
        let detail = ErrorDetail(reason: reason, retryAfterMilliseconds: retryAfter)
        return .ended(Status(code: .unavailable, message: "no leader", detail: detail))
    }

    @Test mutating func asksTheOtherNodesAtOnceAndPausesAfterARound() {
        var plan = self.plan(false)
        let failure = CallFailure.unreachable("refused")
        #expect(
            plan.failed(failure, now: Moment(0), using: &self.generator)
                == .retry(endpoint: 1, at: Moment(0))
        )
        #expect(
            plan.failed(failure, now: Moment(1), using: &self.generator)
                == .retry(endpoint: 2, at: Moment(1))
        )
        let round = plan.failed(failure, now: Moment(2), using: &self.generator)
        guard case .retry(endpoint: 0, let moment) = round else {
            Issue.record("must begin the next round: \(round)")
            return
        }
        #expect(moment > Moment(2))
    }

    @Test mutating func aReadThatRunsOutOfTimeIsUnavailable() {
        var plan = self.plan(false, deadline: 10)
        #expect(
            plan.failed(.unreachable("refused"), now: Moment(11), using: &self.generator)
                == .giveUp(BanderaError(.unavailable, "refused"))
        )
    }

    @Test mutating func aWriteThatMayHaveHappenedIsUnknownNotFailed() {
        var plan = self.plan(true, deadline: 10)
        _ = plan.failed(self.unavailable(), now: Moment(0), using: &self.generator)
        #expect(
            plan.failed(.unreachable("refused"), now: Moment(11), using: &self.generator)
                == .giveUp(BanderaError(.outcomeUnknown, ""))
        )
        #expect(plan.cancelled() == BanderaError(.outcomeUnknown, ""))
    }

    @Test mutating func aWriteThatNeverLeftIsMerelyUnavailable() {
        var plan = self.plan(true, deadline: 10)
        _ = plan.failed(.unreachable("refused"), now: Moment(0), using: &self.generator)
        _ = plan.failed(self.unavailable("NO_LEADER"), now: Moment(1), using: &self.generator)
        #expect(
            plan.failed(.unreachable("refused"), now: Moment(11), using: &self.generator)
                == .giveUp(BanderaError(.unavailable, ""))
        )
    }

    @Test(arguments: [
        (StatusCode.invalidArgument, BanderaError.Code.refused),
        (.alreadyExists, .alreadyExists), (.failedPrecondition, .refused), (.notFound, .notFound),
        (.permissionDenied, .unauthorized), (.unauthenticated, .unauthorized),
        (.unimplemented, .protocolViolation), (.resourceExhausted, .refused),
    ])
    func aJudgementIsNotRepeated(_ status: StatusCode, _ code: BanderaError.Code) {
        var generator = SeededGenerator(seed: 3)
        var plan = self.plan(true)
        let failure = CallFailure.ended(Status(code: status, message: "no"))
        #expect(
            plan.failed(failure, now: Moment(0), using: &generator)
                == .giveUp(BanderaError(code, "no"))
        )
    }

    @Test mutating func anOverloadedNodeIsGivenTheTimeThatItAsksFor() {
        var plan = self.plan(true)
        let detail = ErrorDetail(reason: "OVERLOADED", retryAfterMilliseconds: 300)
        let failure = CallFailure.ended(Status(code: .resourceExhausted, detail: detail))
        #expect(
            plan.failed(failure, now: Moment(0), using: &self.generator)
                == .retry(endpoint: 1, at: Moment(300))
        )
    }

    @Test mutating func nodesThatDoNotAcceptUsAreAskedOnceEach() {
        var plan = self.plan(false)
        let failure = CallFailure.rejected("unknown authority")
        _ = plan.failed(failure, now: Moment(0), using: &self.generator)
        _ = plan.failed(failure, now: Moment(0), using: &self.generator)
        #expect(
            plan.failed(failure, now: Moment(0), using: &self.generator)
                == .giveUp(BanderaError(.unauthorized, ""))
        )
    }

    @Test mutating func aNodeThatIsDownDoesNotHideThatTheOthersRefuseUs() {
        var plan = self.plan(false)
        _ = plan.failed(.rejected("authority"), now: Moment(0), using: &self.generator)
        _ = plan.failed(.rejected("authority"), now: Moment(0), using: &self.generator)
        #expect(
            plan.failed(.unreachable("down"), now: Moment(0), using: &self.generator)
                == .giveUp(BanderaError(.unauthorized, ""))
        )
    }

    @Test mutating func aSessionThatIsGoneAfterADoubtfulAttemptMakesTheOutcomeUnknown() {
        var plan = self.plan(true)
        _ = plan.failed(self.unavailable(), now: Moment(0), using: &self.generator)
        let lost = Status(
            code: .failedPrecondition,
            detail: ErrorDetail(reason: "session_expired")
        )
        #expect(
            plan.failed(.ended(lost), now: Moment(1), using: &self.generator)
                == .giveUp(BanderaError(.outcomeUnknown, ""))
        )
    }

    @Test func anAttemptLeavesTimeToAskAnotherNode() {
        #expect(self.plan(false).attemptTimeout(now: Moment(0)) == 2_500)
        #expect(self.plan(false).attemptTimeout(now: Moment(4_500)) == 500)
        #expect(self.plan(false, endpoints: 1).attemptTimeout(now: Moment(0)) == 5_000)
    }

    @Test mutating func endsAfterABoundedNumberOfAttempts() {
        var plan = self.plan(false, endpoints: 1, deadline: .max)
        var now = Moment(0)
        for _ in 0..<ClientLimits.attemptsMax {
            switch plan.failed(.unreachable(""), now: now, using: &self.generator) {
            case .retry(_, let moment): now = moment
            case .giveUp: return
            }
        }
        Issue.record("never gave up")
    }
}
