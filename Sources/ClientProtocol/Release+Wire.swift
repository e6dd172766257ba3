internal import CMessages
internal import Flags
internal import Releases
internal import Wire

typealias RawRelease = Bandera__Flags__V1__Release

extension Release {
    /// Sets the fields of the C form.
    func fill(_ message: inout RawRelease, in arena: Arena) {
        message.id = self.id.rawValue
        message.flag = arena.flagID(self.environment, self.flag)
        message.plan = self.plan.build(in: arena)
        message.state = self.state.raw
        message.step = self.step
        message.step_started_at_ms = self.stepStartedAt.milliseconds
        if let pausedAt = self.pausedAt {
            message.paused_case = BANDERA__FLAGS__V1__RELEASE__PAUSED_PAUSED_AT_MS
            message.paused_at_ms = pausedAt.milliseconds
        }
        message.n_approvals = self.approvals.count
        message.approvals = arena.messages(
            self.approvals,
            bandera__flags__v1__release_approval__init
        ) {
            $1.step = $0.step
            $1.actor = arena.bytes($0.actor)
            $1.time_ms = $0.time.milliseconds
        }
        message.evaluations_before = self.evaluationsBefore
        message.started_by = arena.bytes(self.startedBy)
        message.started_at_ms = self.startedAt.milliseconds
        if let finishedAt = self.finishedAt {
            message.finished_case = BANDERA__FLAGS__V1__RELEASE__FINISHED_FINISHED_AT_MS
            message.finished_at_ms = finishedAt.milliseconds
        }
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<RawRelease>) throws(WireError) {
        let raw = message.pointee
        let flag = try readFlagID(raw.flag)
        let isPaused = raw.paused_case == BANDERA__FLAGS__V1__RELEASE__PAUSED_PAUSED_AT_MS
        let isFinished = raw.finished_case == BANDERA__FLAGS__V1__RELEASE__FINISHED_FINISHED_AT_MS
        self.init(
            id: Revision(raw.id),
            environment: flag.environment,
            flag: flag.key,
            plan: try ReleasePlan(raw.plan),
            state: try State(raw.state),
            step: raw.step,
            stepStartedAt: Timestamp(milliseconds: raw.step_started_at_ms),
            pausedAt: isPaused ? Timestamp(milliseconds: raw.paused_at_ms) : nil,
            approvals: try readMessages(
                raw.n_approvals,
                raw.approvals,
                max: ClientProtocolLimits.approvalsMax,
                "approvals"
            ) { (approval) throws(WireError) -> Approval in
                Approval(
                    step: approval.pointee.step,
                    actor: try approval.pointee.actor.identifier("actor"),
                    time: Timestamp(milliseconds: approval.pointee.time_ms)
                )
            },
            evaluationsBefore: raw.evaluations_before,
            startedBy: try raw.started_by.identifier("started by"),
            startedAt: Timestamp(milliseconds: raw.started_at_ms),
            finishedAt: isFinished ? Timestamp(milliseconds: raw.finished_at_ms) : nil,
            revision: Revision(raw.revision)
        )
    }
}

extension Release.State: WireEnum {
    /// The C form.
    var raw: Bandera__Flags__V1__ReleaseState {
        switch self {
        case .running: BANDERA__FLAGS__V1__RELEASE_STATE__RELEASE_STATE_RUNNING
        case .paused: BANDERA__FLAGS__V1__RELEASE_STATE__RELEASE_STATE_PAUSED
        case .completed: BANDERA__FLAGS__V1__RELEASE_STATE__RELEASE_STATE_COMPLETED
        case .aborted: BANDERA__FLAGS__V1__RELEASE_STATE__RELEASE_STATE_ABORTED
        case .rolledBack: BANDERA__FLAGS__V1__RELEASE_STATE__RELEASE_STATE_ROLLED_BACK
        }
    }
}
