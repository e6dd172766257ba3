package import Flags

extension FlagStore {
    /// Judges `command` and does it: the one way that anything changes.
    ///
    /// `stamp.revision` MUST be greater than `applied`. In this order: the caller's right, the
    /// quota of writes, what the command is based on, the command itself. A refused command changes
    /// nothing but its session and its organization's count of writes. A patch that leaves a flag
    /// as it was is done without an effect: the flag keeps its revision, and there is no history
    /// row and nothing to push.
    package mutating func apply(_ command: Command, stamp: CommandStamp) -> Applied {
        precondition(
            stamp.revision > self.applied,
            "revision \(stamp.revision) applied after \(self.applied)"
        )
        self.applied = stamp.revision
        self.time = max(self.time, stamp.time)
        var expired = self.expireIdleSessions()
        if case .openSession = command {
            do {
                try self.authorize(command, stamp)
            } catch {
                return self.refused(error.code, error.message, expired)
            }
            return self.openSession(stamp, expired: expired)
        }

        guard let sessionStamp = stamp.session else {
            return self.judged(self.perform(command, stamp), session: nil, expired)
        }
        guard let slot = self.sessions.slot(of: sessionStamp.id), var session = self.sessions[slot],
            session.actor == stamp.actor
        else {
            let message = "session \(sessionStamp.id) has expired or is another's: open a new one"
            return self.refused(.sessionExpired, message, expired)
        }
        if self.isIdle(session) {
            self.sessions.remove(session.id)
            expired.append(session.id)
            let message = "session \(session.id) was idle for too long: open a new one"
            return self.refused(.sessionExpired, message, expired)
        }
        guard sessionStamp.sequence >= session.lastSequence, sessionStamp.sequence > 0 else {
            let message =
                "sequence \(sessionStamp.sequence) came after \(session.lastSequence), "
                + "whose outcome is the only one remembered"
            return self.refused(.sequenceTooOld, message, expired)
        }
        session.lastUsedAt = self.time
        session.lastUsed = stamp.revision
        if sessionStamp.sequence == session.lastSequence, let outcome = session.lastOutcome {
            self.sessions.use(session, in: slot)
            return self.duplicate(outcome, session, expired)
        }
        let judgement = self.perform(command, stamp)
        if judgement.outcome.isFinal {
            session.lastSequence = sessionStamp.sequence
            session.lastOutcome = judgement.outcome
        }
        self.sessions.use(session, in: slot)
        return self.judged(judgement, session: session, expired)
    }

    /// A judgement with what it changed.
    private struct Judgement {
        let outcome: Outcome
        let effects: [Effect]
    }

    private mutating func perform(_ command: Command, _ stamp: CommandStamp) -> Judgement {
        // Counted even when the command is refused: a client that is always wrong uses it up too.
        var window: Effect?
        do {
            try self.authorize(command, stamp)
            if !stamp.reason.isEmpty {
                try Refusal.checking { () throws(FlagsError) in
                    try Command.checkReason(stamp.reason)
                }
            }
            window = try self.countWrite(command)
            var effects = try self.effects(of: command, stamp)
            if let window { effects.append(window) }
            return Judgement(outcome: .done(stamp.revision), effects: effects)
        } catch {
            return Judgement(outcome: .refused(error), effects: window.map { [$0] } ?? [])
        }
    }

    /// Does the command, or throws before anything has changed.
    private mutating func effects(
        of command: Command,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        switch command {
        case .openSession:
            preconditionFailure("a session is opened before commands are judged")
        case .putOrganization(let organization): try self.put(organization, stamp)
        case .putEnvironment(let environment): try self.put(environment, stamp)
        case .putPlan(let plan): try self.put(plan, stamp)
        case .putCompany(let company): try self.put(company, stamp)
        case .removePlan(let organization, let id):
            try self.removePlan(id, of: organization, stamp)
        case .removeCompany(let organization, let id):
            try self.removeCompany(id, of: organization, stamp)
        case .putMember(let member): try self.put(member, stamp)
        case .removeMember(let organization, let name):
            try self.removeMember(name, of: organization, stamp)
        case .createToken(let token): try self.create(token, stamp)
        case .revokeToken(let organization, let id):
            try self.revokeToken(id, of: organization, stamp)
        case .acknowledgeAlert(let organization, let id):
            try self.acknowledge(id, of: organization, stamp)
        case .recordUsage(let batch): self.record(batch)
        case .putSegment(let environment, let definition):
            try self.put(definition, in: environment, stamp)
        case .removeSegment(let environment, let key):
            try self.removeSegment(key, in: environment, stamp)
        default: try self.flagEffects(of: command, stamp)
        }
    }

    /// The same for commands that are about one flag.
    private mutating func flagEffects(
        of command: Command,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        switch command {
        case .createFlag(let environment, let definition):
            try self.create(definition, in: environment, stamp)
        case .updateFlag(let environment, let key, let patch):
            try self.update(key, in: environment, with: patch, stamp)
        case .archiveFlag(let environment, let key):
            try self.archive(key, in: environment, stamp)
        case .restoreFlag(let environment, let key, let definition, let from):
            try self.restore(key, in: environment, to: definition, from: from, stamp)
        case .setOverride(let environment, let key, let override):
            try self.set(override, of: key, in: environment, stamp)
        case .removeOverride(let environment, let key, let level, let subject):
            try self.removeOverride(level, subject, of: key, in: environment, stamp)
        case .emergencyRollback(let environment, let key):
            try self.rollBack(key, in: environment, stamp)
        case .startRelease(let environment, let key, let plan):
            try self.startRelease(plan, of: key, in: environment, stamp)
        case .controlRelease(let environment, let key, let action, let step):
            try self.control(key, in: environment, action, step: step, stamp)
        case .recordSchedule(let environment, let key, let edge, let date):
            try self.recordSchedule(edge, date, of: key, in: environment, stamp)
        case .advanceRelease(let environment, let key, let release, let step):
            try self.advance(release, of: key, in: environment, step: step, stamp)
        case .openSession, .putOrganization, .putEnvironment, .putPlan, .putCompany, .putMember,
            .removePlan, .removeCompany, .removeMember, .createToken, .revokeToken,
            .acknowledgeAlert, .recordUsage, .putSegment, .removeSegment:
            preconditionFailure("a command about no flag was taken for one")
        }
    }
}

extension FlagStore {
    private mutating func openSession(_ stamp: CommandStamp, expired: [Revision]) -> Applied {
        var expired = expired
        // Nobody takes the room of others: whoever opens many ends their own.
        while self.sessions.count(of: stamp.actor) >= self.limits.sessionsPerActorMax,
            let oldest = self.sessions.leastRecentlyUsed(of: stamp.actor)
        {
            self.sessions.remove(oldest.id)
            expired.append(oldest.id)
        }
        while self.sessions.count >= self.limits.sessionsMax,
            let oldest = self.sessions.leastRecentlyUsed
        {
            self.sessions.remove(oldest.id)
            expired.append(oldest.id)
        }
        let session = Session(
            id: stamp.revision,
            actor: stamp.actor,
            openedAt: self.time,
            lastUsedAt: self.time,
            lastUsed: stamp.revision
        )
        self.sessions.insert(session)
        let opened = Judgement(outcome: .done(stamp.revision), effects: [])
        return self.judged(opened, session: session, expired)
    }

    /// Ends sessions from the longest idle on, up to the limit of one command; the rest end later.
    private mutating func expireIdleSessions() -> [Revision] {
        var expired: [Revision] = []
        while expired.count < self.limits.sessionsExpiredPerCommandMax,
            let oldest = self.sessions.leastRecentlyUsed, self.isIdle(oldest)
        {
            self.sessions.remove(oldest.id)
            expired.append(oldest.id)
        }
        return expired
    }

    private func isIdle(_ session: Session) -> Bool {
        let (idle, isOver) = self.time.milliseconds.subtractingReportingOverflow(
            session.lastUsedAt.milliseconds
        )
        return isOver || idle >= self.limits.sessionIdleMilliseconds
    }

    private func judged(
        _ judgement: Judgement,
        session: Session?,
        _ expired: [Revision]
    ) -> Applied {
        Applied(
            outcome: judgement.outcome,
            isDuplicate: false,
            effects: judgement.effects,
            session: session,
            expiredSessions: expired,
            time: self.time
        )
    }

    private func duplicate(
        _ outcome: Outcome,
        _ session: Session,
        _ expired: [Revision]
    ) -> Applied {
        Applied(
            outcome: outcome,
            isDuplicate: true,
            effects: [],
            session: session,
            expiredSessions: expired,
            time: self.time
        )
    }

    private func refused(
        _ code: Refusal.Code,
        _ message: String,
        _ expired: [Revision]
    ) -> Applied {
        let refusal = Refusal(code: code, message: message)
        let judgement = Judgement(outcome: .refused(refusal), effects: [])
        return self.judged(judgement, session: nil, expired)
    }
}
