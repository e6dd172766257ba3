package import Flags

/// Each of these gives what is to be done to the flag, or throws and leaves the release as it was.
extension Release {
    /// Begins a plan, which has at least one step.
    ///
    /// `evaluations` are those of the flag that were reported so far.
    package static func start(
        _ plan: ReleasePlan,
        of flag: FlagKey,
        in environment: EnvironmentID,
        revision: Revision,
        by actor: String,
        at now: Timestamp,
        evaluations: UInt64
    ) -> (release: Release, effect: StepEffect) {
        precondition(!plan.steps.isEmpty, "a release of \(flag) without a step")
        let release = Release(
            id: revision,
            environment: environment,
            flag: flag,
            plan: plan,
            stepStartedAt: now,
            evaluationsBefore: evaluations,
            startedBy: actor,
            startedAt: now,
            revision: revision
        )
        return (release, StepEffect(plan.steps[0]))
    }

    /// Begins the step after `step`, whose gate is open, or ends with the last one.
    ///
    /// Further steps are folded into it as long as a hold is all that they wait for and it would be
    /// over by now, had each step begun when the hold before it ended: a leader that was away makes
    /// up for it with one change.
    package mutating func advance(
        from step: UInt32,
        at now: Timestamp,
        evaluations: UInt64,
        revision: Revision
    ) throws(ReleasesError) -> StepEffect {
        try self.check(step: step)
        guard self.state == .running else { throw self.wrongState("advance", resumable: true) }
        let gate = self.gate(evaluations: evaluations)
        guard gate.isOpen(at: now) else {
            throw ReleasesError(
                .notDue,
                "step \(self.number) of the release of \(self.flag) waits for "
                    + gate.description(at: now)
            )
        }
        return self.proceed(at: now, evaluations: evaluations, revision: revision)
    }

    /// Does what somebody says, who saw it at `step`.
    ///
    /// `person` gives who acts in an actor's name, as far as that is known: two actors of one person
    /// are one where nobody may do a thing alone.
    package mutating func control(
        _ action: ReleaseAction,
        step: UInt32,
        by actor: String,
        at now: Timestamp,
        evaluations: UInt64,
        revision: Revision,
        person: (String) -> String = { $0 }
    ) throws(ReleasesError) -> StepEffect {
        try self.check(step: step)
        switch action {
        case .approve: try self.approve(by: actor, at: now, person)
        case .pause:
            guard self.state == .running else { throw self.wrongState("pause", resumable: true) }
            self.pause(at: now, revision: revision)
        case .resume:
            guard self.state == .paused else { throw self.wrongState("resume", resumable: false) }
            let paused = max(0, now.milliseconds(since: self.pausedAt ?? now))
            self.stepStartedAt = self.stepStartedAt.advanced(by: paused)
            self.state = .running
            self.pausedAt = nil
        case .skip:
            guard self.state == .running else { throw self.wrongState("skip", resumable: true) }
            try self.checkSkip(by: actor, evaluations: evaluations, person)
            return self.begin(
                Int(self.step) + 1,
                startedAt: now,
                at: now,
                evaluations: evaluations,
                revision: revision
            )
        case .abort:
            guard self.isUnfinished else { throw self.wrongState("abort", resumable: false) }
            self.finish(.aborted, at: now)
        }
        self.revision = revision
        return .none
    }

    /// Stops its clock; does nothing when it does not run.
    package mutating func pause(at now: Timestamp, revision: Revision) {
        guard self.state == .running else { return }
        self.state = .paused
        self.pausedAt = now
        self.revision = revision
    }

    /// Ends it for a reason that is not its own: its flag was rolled back, or is gone.
    ///
    /// Does nothing when it has ended before.
    package mutating func end(_ state: State, at now: Timestamp, revision: Revision) {
        guard self.isUnfinished else { return }
        self.finish(state, at: now)
        self.revision = revision
    }
}

extension Release {
    /// The step that it is at as people count, from 1.
    package var number: String { "\(UInt64(self.step) + 1) of \(self.plan.steps.count)" }

    private func check(step: UInt32) throws(ReleasesError) {
        guard self.isUnfinished else { throw self.wrongState("change", resumable: false) }
        guard step == self.step else {
            throw ReleasesError(
                .wrongStep,
                "the release of \(self.flag) is at step \(self.number) by now, not at "
                    + "\(UInt64(step) + 1): look at it again"
            )
        }
    }

    private func wrongState(_ verb: String, resumable: Bool) -> ReleasesError {
        let state = self.state.rawValue
        let hint = resumable && self.state == .paused ? ": resume it first" : ""
        return ReleasesError(
            .wrongState,
            "the release of \(self.flag) is \(state), so there is nothing to \(verb)\(hint)"
        )
    }

    private mutating func approve(
        by actor: String,
        at now: Timestamp,
        _ person: (String) -> String
    ) throws(ReleasesError) {
        guard person(actor) != person(self.startedBy) else {
            throw ReleasesError(
                .ownApproval,
                "\(self.naming(actor, person)) started the release of \(self.flag): somebody "
                    + "else must approve it"
            )
        }
        try self.checkApprovesOnce(actor, person)
        guard self.gate(evaluations: self.evaluationsBefore).approvalsMissing > 0 else {
            throw ReleasesError(
                .approvedAlready,
                "step \(self.number) of the release of \(self.flag) needs no more approvals"
            )
        }
        self.approvals.append(Approval(step: self.step, actor: actor, time: now))
    }

    /// To skip a step is to approve it, too: it stands for one approval and for no more.
    private func checkSkip(
        by actor: String,
        evaluations: UInt64,
        _ person: (String) -> String
    ) throws(ReleasesError) {
        let missing = self.gate(evaluations: evaluations).approvalsMissing
        guard missing > 0 else { return }
        guard person(actor) != person(self.startedBy) else {
            throw ReleasesError(
                .ownApproval,
                "\(self.naming(actor, person)) started the release of \(self.flag): somebody "
                    + "else must approve or skip step \(self.number)"
            )
        }
        try self.checkApprovesOnce(actor, person)
        guard missing == 1 else {
            throw ReleasesError(
                .approvalsMissing,
                "step \(self.number) of the release of \(self.flag) lacks \(missing) approvals: "
                    + "whoever skips it stands for one, so others must approve it first"
            )
        }
    }

    private func checkApprovesOnce(
        _ actor: String,
        _ person: (String) -> String
    ) throws(ReleasesError) {
        for approval in self.approvals
        where approval.step == self.step && person(approval.actor) == person(actor) {
            throw ReleasesError(
                .approvedAlready,
                "\(self.naming(actor, person)) has approved step \(self.number) of the release of "
                    + "\(self.flag) before"
            )
        }
    }

    /// An actor, and who is behind it when that is another name.
    private func naming(_ actor: String, _ person: (String) -> String) -> String {
        let name = person(actor)
        return name == actor ? actor : "\(name), as \(actor),"
    }

    /// Begins steps until one has something to wait for, or all have been begun.
    private mutating func proceed(
        at now: Timestamp,
        evaluations: UInt64,
        revision: Revision
    ) -> StepEffect {
        var effect = StepEffect.none
        repeat {
            let startsAt = self.currentStep.flatMap { step -> Timestamp? in
                // When people or evaluations opened a gate is not known: it is now.
                guard step.approvals == 0, step.evaluationsMin == 0 else { return nil }
                return self.gate(evaluations: evaluations).holdsUntil
            }
            let step = self.begin(
                Int(self.step) + 1,
                startedAt: startsAt ?? now,
                at: now,
                evaluations: evaluations,
                revision: revision
            )
            effect.append(step)
        } while self.isDue(now: now, evaluations: evaluations)
        return effect
    }

    /// Begins step `next`, or ends when there is none.
    private mutating func begin(
        _ next: Int,
        startedAt: Timestamp,
        at now: Timestamp,
        evaluations: UInt64,
        revision: Revision
    ) -> StepEffect {
        self.revision = revision
        guard next < self.plan.steps.count else {
            self.finish(.completed, at: now)
            return .none
        }
        self.step = UInt32(next)
        self.stepStartedAt = startedAt
        self.evaluationsBefore = evaluations
        return StepEffect(self.plan.steps[next])
    }

    private mutating func finish(_ state: State, at now: Timestamp) {
        self.state = state
        self.pausedAt = nil
        self.finishedAt = now
    }
}
