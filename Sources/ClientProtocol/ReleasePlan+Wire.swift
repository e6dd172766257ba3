internal import CMessages
internal import Flags
internal import Wire

typealias RawReleaseStep = Bandera__Flags__V1__ReleaseStep

extension ReleasePlan {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Flags__V1__ReleasePlan> {
        arena.message(bandera__flags__v1__release_plan__init) { message in
            message.n_steps = self.steps.count
            message.steps = arena.messages(self.steps, bandera__flags__v1__release_step__init) {
                $0.fill(&$1, in: arena)
            }
        }
    }

    /// Reads the C form, which must be there.
    init(
        _ message: UnsafeMutablePointer<Bandera__Flags__V1__ReleasePlan>?
    ) throws(WireError) {
        let raw = try require(message, "plan").pointee
        let max = ClientProtocolLimits.releaseStepsMax
        self.init(
            steps: try readMessages(raw.n_steps, raw.steps, max: max, "steps") {
                (step) throws(WireError) -> ReleaseStep in try ReleaseStep(step)
            }
        )
    }
}

extension ReleaseStep {
    fileprivate func fill(_ message: inout RawReleaseStep, in arena: Arena) {
        if let rollout = self.rollout {
            message.set_rollout_case = BANDERA__FLAGS__V1__RELEASE_STEP__SET_ROLLOUT_ROLLOUT
            message.rollout = rollout.thousandths
        }
        // An audience of everybody is something else than none.
        message.audience = self.audience.map { audience in
            arena.message(bandera__flags__v1__audience__init) { audience.fill(&$0, in: arena) }
        }
        message.n_regions = self.regions.count
        message.regions = arena.strings(self.regions)
        message.hold_ms = self.holdMilliseconds
        message.approvals = self.approvals
        message.evaluations_min = self.evaluationsMin
    }

    fileprivate init(_ message: UnsafePointer<RawReleaseStep>) throws(WireError) {
        let raw = message.pointee
        var rollout: RolloutPercentage?
        if raw.set_rollout_case == BANDERA__FLAGS__V1__RELEASE_STEP__SET_ROLLOUT_ROLLOUT {
            rollout = try RolloutPercentage(received: raw.rollout)
        }
        self.init(
            rollout: rollout,
            audience: raw.audience == nil ? nil : try Audience(raw.audience),
            regions: try readIdentifiers(
                raw.n_regions,
                raw.regions,
                max: ClientProtocolLimits.audienceMax,
                "regions"
            ),
            holdMilliseconds: raw.hold_ms,
            approvals: raw.approvals,
            evaluationsMin: raw.evaluations_min
        )
    }
}

extension ReleaseAction: WireEnum {
    /// The C form.
    var raw: Bandera__V1__ReleaseAction {
        switch self {
        case .approve: BANDERA__V1__RELEASE_ACTION__RELEASE_ACTION_APPROVE
        case .pause: BANDERA__V1__RELEASE_ACTION__RELEASE_ACTION_PAUSE
        case .resume: BANDERA__V1__RELEASE_ACTION__RELEASE_ACTION_RESUME
        case .skip: BANDERA__V1__RELEASE_ACTION__RELEASE_ACTION_SKIP
        case .abort: BANDERA__V1__RELEASE_ACTION__RELEASE_ACTION_ABORT
        }
    }
}

extension ScheduleEdge: WireEnum {
    /// The C form.
    var raw: Bandera__V1__ScheduleEdge {
        switch self {
        case .start: BANDERA__V1__SCHEDULE_EDGE__SCHEDULE_EDGE_START
        case .end: BANDERA__V1__SCHEDULE_EDGE__SCHEDULE_EDGE_END
        }
    }
}
