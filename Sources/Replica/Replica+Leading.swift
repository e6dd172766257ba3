internal import PeerProtocol
internal import Raft
internal import Wire

/// A change of the cluster that this node, as the leader, is making: one at a time.
struct AdministrationJob: Sendable {
    /// Who asked.
    let origin: NodeID
    let request: AdministrationRequest
    /// The entry that must be committed; `nil` for a transfer of leadership.
    let index: LogIndex?

    /// Whether this is the same request, come again.
    func isFor(_ request: AdministrationRequest, from origin: NodeID) -> Bool {
        self.origin == origin && self.request.incarnation == request.incarnation
            && self.request.id == request.id
    }
}

/// A change of the cluster is not made, for this reason.
struct AdministrationRefusal: Error {
    let code: StatusCode
    let reason: String
    let message: String

    init(_ code: StatusCode, _ reason: String, _ message: String) {
        self.code = code
        self.reason = reason
        self.message = message
    }

    var outcome: AdministrationAnswer.Outcome {
        .refused(code: self.code, reason: self.reason, message: self.message)
    }
}

extension Replica {
    /// Begins a change that somebody asked for, or answers why not.
    mutating func carryOut(_ request: AdministrationRequest, from origin: NodeID, now: Tick) {
        guard self.raft.role == .leader, request.term == self.raft.term else {
            self.answer(request, from: origin, .again(leader: self.raft.leader), now: now)
            return
        }
        if let job, job.isFor(request, from: origin) { return }
        guard self.job == nil else {
            let refusal = AdministrationRefusal(
                .aborted,
                "CHANGE_IN_PROGRESS",
                "another change of the cluster is being made; wait for it and try again"
            )
            self.answer(request, from: origin, refusal.outcome, now: now)
            return
        }
        do throws(AdministrationRefusal) {
            if case .transfer(let target) = request.change {
                try self.beginTransfer(to: target, request, from: origin, now: now)
            } else {
                try self.beginChange(request, from: origin, now: now)
            }
        } catch {
            self.answer(request, from: origin, error.outcome, now: now)
        }
    }

    private mutating func beginChange(
        _ request: AdministrationRequest,
        from origin: NodeID,
        now: Tick
    ) throws(AdministrationRefusal) {
        self.followMembership()
        let configuration = self.cluster.membership.configuration
        if request.change.isInEffect(self.cluster.directory, configuration) {
            // Perhaps not committed yet: an earlier leader began it.
            let index = self.cluster.membership.index
            self.job = AdministrationJob(origin: origin, request: request, index: index)
            return
        }
        let plan = try self.plan(request.change, now: now)
        let result = self.raft.changeMembership(
            plan.change,
            context: plan.directory.encode(using: self.arena),
            now: now
        )
        switch result {
        case .appended(let index, _):
            self.job = AdministrationJob(origin: origin, request: request, index: index)
            self.followMembership()
        case .notLeader(let leader):
            self.answer(request, from: origin, .again(leader: leader), now: now)
        case .refused(let refusal):
            guard let words = AdministrationRefusal(refusal) else {
                self.answer(request, from: origin, .again(leader: self.raft.leader), now: now)
                return
            }
            throw words
        }
    }

    private mutating func beginTransfer(
        to target: NodeID,
        _ request: AdministrationRequest,
        from origin: NodeID,
        now: Tick
    ) throws(AdministrationRefusal) {
        guard target != self.configuration.local.id else {
            self.answer(request, from: origin, .done(self.raft.commit), now: now)
            return
        }
        try self.checkTransfer(to: target, now: now)
        switch self.raft.transferLeadership(to: target, now: now) {
        case .started:
            self.job = AdministrationJob(origin: origin, request: request, index: nil)
        case .notLeader(let leader):
            self.answer(request, from: origin, .again(leader: leader), now: now)
        case .refused:
            self.answer(request, from: origin, .again(leader: self.raft.leader), now: now)
        }
    }

    /// Answers the change that is being made, once it is decided.
    mutating func finishJob(_ now: Tick) {
        guard let job else { return }
        let outcome: AdministrationAnswer.Outcome?
        if let index = job.index {
            let committed = self.cluster.committed
            let isDone =
                committed.index >= index && !committed.configuration.isJoint
                && job.request.change.isInEffect(
                    self.cluster.committedDirectory,
                    committed.configuration
                )
            outcome = isDone ? .done(committed.index) : self.outcomeIfDeposed(job)
        } else {
            outcome = self.transferOutcome(job)
        }
        guard let outcome else { return }
        self.job = nil
        self.answer(job.request, from: job.origin, outcome, now: now)
    }

    /// The next leader knows whether the entry survived.
    private func outcomeIfDeposed(_ job: AdministrationJob) -> AdministrationAnswer.Outcome? {
        guard self.raft.role == .leader, self.raft.term == job.request.term else {
            return .again(leader: self.raft.leader)
        }
        return nil
    }

    private func transferOutcome(_ job: AdministrationJob) -> AdministrationAnswer.Outcome? {
        guard case .transfer(let target) = job.request.change else { return nil }
        if self.raft.role == .leader {
            guard self.raft.transferTarget == nil else { return nil }
            return AdministrationRefusal(
                .aborted,
                "TRANSFER_FAILED",
                "node \(target.rawValue) did not take over within an election timeout, and this "
                    + "node leads on; look at that node and try again"
            ).outcome
        }
        guard let leader = self.raft.leader else { return nil }
        return leader == target ? .done(self.raft.commit) : .again(leader: leader)
    }

    private mutating func answer(
        _ request: AdministrationRequest,
        from origin: NodeID,
        _ outcome: AdministrationAnswer.Outcome,
        now: Tick
    ) {
        let answer = AdministrationAnswer(
            incarnation: request.incarnation,
            id: request.id,
            outcome: outcome
        )
        if origin == self.configuration.local.id {
            self.take(answer, now: now)
        } else {
            self.outboxes.add(answer, to: origin)
        }
    }
}
