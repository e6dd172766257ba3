internal import Flags
internal import HashTreeCollections
internal import Releases

extension FlagStore {
    mutating func startRelease(
        _ plan: ReleasePlan,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try plan.validate() }
        let started = Release.start(
            plan,
            of: key,
            in: environment,
            revision: stamp.revision,
            by: stamp.actor,
            at: self.time,
            evaluations: self.evaluations(of: key, in: environment)
        )
        let time = self.time
        let row = try self.change(key, in: environment, stamp, reason: stamp.reason) {
            (previous) throws(Refusal) in
            if let release = previous.release { throw .releaseRuns(release, key) }
            try previous.checkServing()
            try plan.checkSteps(of: previous, at: time)
            var flag = previous
            started.effect.apply(to: &flag)
            flag.release = started.release.id
            return (flag, .releaseStart)
        }
        guard let row else { return [] }
        return [.flag(row)] + self.keep(started.release, since: nil, .releaseStart, stamp)
    }

    mutating func control(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ action: ReleaseAction,
        step: UInt32,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        let before = try self.runningRelease(of: key, in: environment)
        try Self.checkBase(stamp, "the release of \(key)", changedAt: before.revision)
        if action == .resume, let flag = self.flag(environment, key)?.flag {
            try flag.checkServing()
        }
        let evaluations = self.evaluations(of: key, in: environment)
        var after = before
        let effect = try Refusal.releasing { () throws(ReleasesError) in
            try after.control(
                action,
                step: step,
                by: stamp.actor,
                at: self.time,
                evaluations: evaluations,
                revision: stamp.revision,
                person: { self.person(behind: $0) }
            )
        }
        let historyAction: HistoryAction =
            switch action {
            case .approve: .releaseApprove
            case .pause: .releasePause
            case .resume: .releaseResume
            case .skip: after.state == .completed ? .releaseComplete : .releaseSkip
            case .abort: .releaseAbort
            }
        return try self.proceed(from: before, to: after, effect, historyAction, stamp)
    }

    /// By the leader: begins the next step, or ends the release.
    ///
    /// Judged again here: proposed twice, or after a pause, it is refused.
    mutating func advance(
        _ id: Revision,
        of key: FlagKey,
        in environment: EnvironmentID,
        step: UInt32,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        let before = try self.runningRelease(of: key, in: environment)
        guard before.id == id else {
            throw Refusal(
                code: .illegalTransition,
                message: "another release of flag \(key) runs, \(before.id): release \(id) is over"
            )
        }
        let evaluations = self.evaluations(of: key, in: environment)
        var after = before
        let effect = try Refusal.releasing { () throws(ReleasesError) in
            try after.advance(
                from: step,
                at: self.time,
                evaluations: evaluations,
                revision: stamp.revision
            )
        }
        let action: HistoryAction = after.state == .completed ? .releaseComplete : .releaseStep
        return try self.proceed(from: before, to: after, effect, action, stamp)
    }

    /// Does to the flag and the release what a flag's change means for the release that ran.
    ///
    /// `alerts` is false when the command raises an alert of its own: there is one of a revision.
    mutating func followRelease(
        of row: HistoryRow,
        ending state: Release.State,
        alerts: Bool = true,
        _ stamp: CommandStamp
    ) -> [Effect] {
        guard let id = row.before?.release,
            let before = self.release(id, of: row.environment.organization)
        else { return [] }
        var after = before
        if row.after.release == nil {
            after.end(state, at: self.time, revision: stamp.revision)
            let action: HistoryAction = state == .rolledBack ? .rollback : .releaseAbort
            let effects = self.keep(after, since: before, action, stamp)
            guard alerts else { return effects }
            return effects
                + self.raise(
                    .releaseStopped,
                    of: row,
                    "the release of flag \(row.after.key) ended at step \(before.number), because "
                        + "\(stamp.actor) changed the flag (\(row.action.rawValue))",
                    stamp
                )
        }
        guard before.state == .running, !row.after.isServing else { return [] }
        after.pause(at: self.time, revision: stamp.revision)
        return self.keep(after, since: before, .releasePause, stamp)
    }

    /// Keeps a release as it is now, and forgets the oldest of too many that have ended.
    private mutating func keep(
        _ after: Release,
        since before: Release?,
        _ action: HistoryAction,
        _ stamp: CommandStamp
    ) -> [Effect] {
        var effects: [Effect] = [.release(after)]
        if let forgotten = self.store(after) { effects.append(.releaseForgotten(forgotten)) }
        effects.append(
            self.history(
                .release,
                after.id.description,
                of: after.environment.organization,
                in: after.environment,
                action,
                before: before?.document ?? .null,
                after: after.document,
                stamp
            )
        )
        return effects
    }

    /// Makes a step's change to the flag, and keeps the release.
    private mutating func proceed(
        from before: Release,
        to after: Release,
        _ effect: StepEffect,
        _ action: HistoryAction,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        // The command is based on the release; its flag may have changed since.
        let unbased = stamp.withoutBase
        let row = try self.change(
            after.flag,
            in: after.environment,
            unbased,
            reason: stamp.reason
        ) { (previous) in
            var flag = previous
            effect.apply(to: &flag)
            if !after.isUnfinished { flag.release = nil }
            return flag == previous ? nil : (flag, action)
        }
        let effects = self.keep(after, since: before, action, stamp)
        return row.map { [.flag($0)] + effects } ?? effects
    }
}
