internal import ClientProtocol
internal import Flags
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
    /// Whether it goes before all that waits: an emergency rollback.
    package let isUrgent: Bool

    package init(call: CallID, payload: [UInt8], isRepeatable: Bool, isUrgent: Bool = false) {
        self.call = call
        self.payload = payload
        self.isRepeatable = isRepeatable
        self.isUrgent = isUrgent
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
        // An entry that peers refuse would stop the log for ever.
        guard size <= PeerProtocolLimits.payloadBytesMax else {
            self.fail(submission.call, Status.tooLarge(size))
            return
        }
        let reserve = submission.isUrgent ? ReplicaLimits.pendingUrgentMax : 0
        guard self.pending.count < ReplicaLimits.pendingProposalsMax + reserve,
            submission.isUrgent || self.pendingBytes + size <= ReplicaLimits.pendingBytesMax
        else {
            self.fail(submission.call, Status.overloaded("this node has too many writes waiting"))
            return
        }
        self.pending[submission.call] = PendingProposal(
            payload: submission.payload,
            isRepeatable: submission.isRepeatable,
            isUrgent: submission.isUrgent,
            acceptedAt: now
        )
        self.pendingBytes += size
        self.wait(submission.call)
    }

    /// Queues a write: an urgent one behind the other urgent ones, all others at the end.
    private mutating func wait(_ call: CallID) {
        guard self.pending[call]?.isUrgent == true else {
            self.waiting.append(call)
            return
        }
        let place = self.waiting.firstIndex { self.pending[$0]?.isUrgent != true }
        self.waiting.insert(call, at: place ?? self.waiting.count)
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
        guard !self.waiting.isEmpty else { return }
        // Urgent ones are few, and what is applied and not recorded is bounded all the same.
        let isHeldBack = self.isLedgerBehind
        guard !isHeldBack || self.pending[self.waiting[0]]?.isUrgent == true else { return }
        if self.raft.role == .leader {
            self.proposeWaiting(now, onlyUrgent: isHeldBack)
        } else if let leader = self.leadership.leader, self.links.isUp(leader),
            now >= self.forwardNotBefore
        {
            var kept: [CallID] = []
            for call in self.waiting {
                guard let proposal = self.pending[call] else { continue }
                guard !isHeldBack || proposal.isUrgent else {
                    kept.append(call)
                    continue
                }
                self.outboxes.add(
                    Forward(proposal: self.proposalID(call), payload: proposal.payload),
                    to: leader
                )
                self.handedOver(call)
            }
            self.waiting = kept
        }
    }

    /// Proposes what waits, a bounded lot at a time; what the log does not take now goes on waiting.
    private mutating func proposeWaiting(_ now: Tick, onlyUrgent: Bool) {
        var calls = self.waiting.filter { self.pending[$0] != nil }
        var rest: [CallID] = []
        if onlyUrgent {
            let place = calls.firstIndex { self.pending[$0]?.isUrgent != true } ?? calls.count
            rest = Array(calls[place...])
            calls.removeLast(rest.count)
        }
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
        self.waiting = calls + rest
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
    mutating func proposeForwarded(
        _ forwards: [Forward],
        from peer: NodeID,
        now: Tick,
        wallTime: Timestamp
    ) {
        guard !forwards.isEmpty else { return }
        var forwards = forwards
        if self.raft.role == .leader {
            forwards.removeAll { forward in
                guard let ahead = self.ahead(forward, of: wallTime) else { return false }
                self.refuse([forward], from: peer, leader: nil, overloaded: true, ahead: ahead)
                return true
            }
        }
        guard !forwards.isEmpty else { return }
        guard self.isLedgerBehind else {
            self.propose(forwards, from: peer, now: now)
            return
        }
        let urgent = forwards.filter { self.isUrgent($0) }
        if !urgent.isEmpty { self.propose(urgent, from: peer, now: now) }
        let others = forwards.filter { !self.isUrgent($0) }
        self.refuse(others, from: peer, leader: nil, overloaded: true)
    }

    /// How many milliseconds a write's time is ahead of this node's clock; `nil` when that is
    /// within bounds.
    private func ahead(_ forward: Forward, of wallTime: Timestamp) -> UInt64? {
        guard let command = try? LogCommand.decode(forward.payload, using: self.arena) else {
            return nil
        }
        let (ahead, isOver) = command.time.subtractingReportingOverflow(wallTime.milliseconds)
        let isAhead =
            isOver ? command.time > 0 : ahead > ReplicaLimits.clockAheadMillisecondsMax
        return isAhead ? (isOver ? .max : UInt64(ahead)) : nil
    }

    /// Whether a forwarded write goes through although the record store is behind.
    private func isUrgent(_ forward: Forward) -> Bool {
        guard let command = try? LogCommand.decode(forward.payload, using: self.arena),
            let request = try? WriteRequest.decode(command.request, using: self.arena)
        else { return false }
        return request.command.isUrgent
    }

    private mutating func propose(_ forwards: [Forward], from peer: NodeID, now: Tick) {
        switch self.raft.propose(forwards.map(\.payload), now: now) {
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
        overloaded: Bool,
        ahead: UInt64 = 0
    ) {
        for forward in forwards {
            self.outboxes.add(
                ForwardRefusal(
                    proposal: forward.proposal,
                    leader: leader,
                    overloaded: overloaded,
                    aheadMilliseconds: ahead
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
        if refusal.aheadMilliseconds > 0 {
            let local = self.configuration.local.id
            self.giveUp(call, Status.clockAhead(local, by: refusal.aheadMilliseconds, of: peer))
        } else if refusal.overloaded {
            self.giveUp(
                call,
                Status.overloaded("the leader, node \(peer), has too many writes waiting")
            )
        } else {
            self.pending[call]?.isHandedOver = false
            self.wait(call)
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
        // Oldest first, but for those that go before all others.
        let all = again + self.waiting
        let urgent = all.filter { self.pending[$0]?.isUrgent == true }
        let others = all.filter { self.pending[$0]?.isUrgent != true }
        self.waiting = urgent + others
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

    /// The clocks of two nodes disagree.
    static func clockAhead(_ node: NodeID, by milliseconds: UInt64, of leader: NodeID) -> Status {
        Status(
            code: .failedPrecondition,
            message: "the clock of node \(node) is \(milliseconds / 1_000) s ahead of that of the "
                + "leader, node \(leader); nothing was written; set both right (NTP), or write "
                + "through another node",
            detail: ErrorDetail(reason: "CLOCK_AHEAD")
        )
    }

    /// The write is larger than an entry of the log can be.
    static func tooLarge(_ bytes: Int) -> Status {
        Status(
            code: .invalidArgument,
            message: "the write has \(bytes) bytes, but no more than "
                + "\(PeerProtocolLimits.payloadBytesMax) can be replicated at once; nothing was "
                + "written; write less at a time",
            detail: ErrorDetail(reason: "TOO_LARGE")
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
