internal import PeerProtocol
package import Raft
internal import Wire

/// A write, as a client loop hands it over: already authenticated, authorised and validated.
package struct Submission: Sendable {
    package let call: CallID
    /// A packed `LogCommand`, stamped with this node's incarnation and the call.
    package let payload: [UInt8]
    /// Whether it belongs to a client session, so that a second copy does no harm.
    package let isRepeatable: Bool

    package init(call: CallID, payload: [UInt8], isRepeatable: Bool) {
        self.call = call
        self.payload = payload
        self.isRepeatable = isRepeatable
    }
}

extension Replica {
    /// Takes a write.
    ///
    /// It is answered by a `Reply` in this turn or a later one.
    package mutating func submit(_ submission: Submission, now: Tick) {
        if let haltReason {
            self.fail(submission.call, Status.halted(haltReason))
            return
        }
        let size = submission.payload.count
        guard self.pending.count < ReplicaLimits.pendingProposalsMax,
            self.pendingBytes + size <= ReplicaLimits.pendingBytesMax
        else {
            self.fail(submission.call, Status.overloaded("this node has too many writes waiting"))
            return
        }
        self.pending[submission.call] = PendingProposal(
            payload: submission.payload,
            isRepeatable: submission.isRepeatable,
            acceptedAt: now
        )
        self.pendingBytes += size
        self.waiting.append(submission.call)
    }

    /// Nobody waits for this call any more.
    ///
    /// The write may still commit.
    package mutating func abandon(_ call: CallID) {
        self.forget(call)
        self.routed[call] = nil
        self.reads.abandon(call)
        self.administrations[call] = nil
    }

    /// Gives waiting writes to whoever leads.
    mutating func handOverWaiting(_ now: Tick) {
        guard !self.waiting.isEmpty, !self.isLedgerBehind else { return }
        if self.raft.role == .leader {
            self.proposeWaiting(now)
        } else if let leader = self.leadership.leader, self.links.isUp(leader),
            now >= self.forwardNotBefore
        {
            for call in self.waiting {
                guard let proposal = self.pending[call] else { continue }
                self.outboxes.add(
                    Forward(proposal: self.proposalID(call), payload: proposal.payload),
                    to: leader
                )
                self.handedOver(call)
            }
            self.waiting.removeAll(keepingCapacity: true)
        }
    }

    /// Proposes what waits, a bounded lot at a time; what the log does not take now goes on waiting.
    private mutating func proposeWaiting(_ now: Tick) {
        var calls = self.waiting.filter { self.pending[$0] != nil }
        self.waiting.removeAll(keepingCapacity: true)
        while !calls.isEmpty {
            let lot = self.nextLot(of: calls)
            guard
                case .appended = self.raft.propose(
                    lot.compactMap { self.pending[$0]?.payload },
                    now: now
                )
            else { break }
            for call in lot { self.handedOver(call) }
            calls.removeFirst(lot.count)
        }
        self.waiting = calls
    }

    private func nextLot(of calls: [CallID]) -> ArraySlice<CallID> {
        var bytes = 0
        var count = 0
        for call in calls.prefix(ReplicaLimits.proposalLotMax) {
            bytes += self.pending[call]?.payload.count ?? 0
            guard count == 0 || bytes <= ReplicaLimits.proposalLotBytesMax else { break }
            count += 1
        }
        return calls.prefix(count)
    }

    private mutating func handedOver(_ call: CallID) {
        self.pending[call]?.isHandedOver = true
        self.pending[call]?.copies += 1
    }

    /// Another node gave this one its clients' writes, believing it to lead.
    mutating func proposeForwarded(_ forwards: [Forward], from peer: NodeID, now: Tick) {
        guard !forwards.isEmpty else { return }
        let result: ProposalResult =
            self.isLedgerBehind
            ? .overloaded : self.raft.propose(forwards.map(\.payload), now: now)
        switch result {
        case .appended:
            return
        case .notLeader(let leader):
            self.refuse(forwards, from: peer, leader: leader, overloaded: false)
        case .transferring(to: let target):
            // Not overloaded: within a moment somebody takes them, and nobody's write fails.
            self.refuse(forwards, from: peer, leader: target, overloaded: false)
        case .overloaded:
            self.refuse(forwards, from: peer, leader: nil, overloaded: true)
        }
    }

    private mutating func refuse(
        _ forwards: [Forward],
        from peer: NodeID,
        leader: NodeID?,
        overloaded: Bool
    ) {
        for forward in forwards {
            self.outboxes.add(
                ForwardRefusal(
                    proposal: forward.proposal,
                    leader: leader,
                    overloaded: overloaded
                ),
                to: peer
            )
        }
    }

    /// The node that was given a write did not append it, so it may be given to another.
    mutating func refused(_ refusal: ForwardRefusal, by peer: NodeID, now: Tick) {
        let call = CallID(refusal.proposal.number)
        guard refusal.proposal == self.proposalID(call), self.pending[call] != nil else { return }
        self.pending[call]?.copies -= 1
        if refusal.overloaded {
            self.giveUp(
                call,
                Status.overloaded("the leader, node \(peer), has too many writes waiting")
            )
        } else {
            self.pending[call]?.isHandedOver = false
            self.waiting.append(call)
            self.forwardNotBefore = now + ReplicaLimits.forwardPauseMilliseconds
        }
    }

    /// Notices a new term or leader and hands over again what the old one was given.
    mutating func followLeadership() {
        let current = Leadership(term: self.raft.term, leader: self.raft.leader)
        guard current != self.leadership else { return }
        self.leadership = current
        self.forwardNotBefore = Tick(0)
        guard current.leader != nil else { return }
        self.takeBackHandedOver(onlyRepeatable: false)
    }

    /// Writes given to a leader that is gone: those in a session are given to the next one, where a
    /// second copy is recognised.
    ///
    /// For the others nobody can tell, and the caller is told just that (never "failed": checklist
    /// item 48).
    mutating func takeBackHandedOver(onlyRepeatable: Bool) {
        let calls = self.pending.filter { $0.value.isHandedOver }.keys.sorted()
        var again: [CallID] = []
        for call in calls {
            guard let proposal = self.pending[call] else { continue }
            if proposal.isRepeatable {
                self.pending[call]?.isHandedOver = false
                again.append(call)
            } else if !onlyRepeatable {
                self.fail(call, Status.outcomeUnknown)
            }
        }
        self.waiting = again + self.waiting
    }

    /// Tells the callers of writes that have waited too long that there is no leader.
    mutating func expireWaiting(_ now: Tick) {
        let status = self.leadership.leader == nil ? Status.noLeader : Status.noWay
        var kept: [CallID] = []
        for call in self.waiting {
            guard let proposal = self.pending[call] else { continue }
            let limit = proposal.acceptedAt + ReplicaLimits.leaderWaitMillisecondsMax
            if limit <= now {
                self.giveUp(call, status)
            } else {
                kept.append(call)
            }
        }
        self.waiting = kept
    }

    /// Fails a write with `status`, unless a copy of it may be in some log: then nobody can tell.
    mutating func giveUp(_ call: CallID, _ status: Status) {
        let mayBeLogged = (self.pending[call]?.copies ?? 0) > 0
        self.fail(call, mayBeLogged ? Status.outcomeUnknown : status)
    }

    private func proposalID(_ call: CallID) -> ProposalID {
        ProposalID(
            origin: self.configuration.local.id,
            incarnation: self.configuration.incarnation,
            number: call.rawValue
        )
    }

    mutating func fail(_ call: CallID, _ status: Status) {
        self.forget(call)
        self.replies.append(Reply(call: call, result: .failed(status)))
    }

    mutating func forget(_ call: CallID) {
        guard let proposal = self.pending.removeValue(forKey: call) else { return }
        self.pendingBytes -= proposal.payload.count
    }
}

extension Status {
    /// The limit that was reached is named; the caller should slow down and try again.
    static func overloaded(_ what: String) -> Status {
        Status(
            code: .resourceExhausted,
            message: "\(what); slow down and try again",
            detail: ErrorDetail(
                reason: "OVERLOADED",
                retryAfterMilliseconds: ReplicaLimits.overloadedRetryMilliseconds
            )
        )
    }

    static let noLeader = Status(
        code: .unavailable,
        message: "the cluster has no leader: fewer than a majority of its nodes can reach each "
            + "other; nothing was written",
        detail: ErrorDetail(reason: "NO_LEADER")
    )

    static let noWay = Status(
        code: .unavailable,
        message: "this node cannot hand the write to the leader: its link to it is down, or its "
            + "record store is far behind; nothing was written; try another node",
        detail: ErrorDetail(reason: "NOT_LEADER")
    )

    static let outcomeUnknown = Status(
        code: .unknown,
        message: "the leader was lost before it answered: the write may or may not have been "
            + "made; read before you repeat it, or write within a session",
        detail: ErrorDetail(reason: "OUTCOME_UNKNOWN")
    )
}
