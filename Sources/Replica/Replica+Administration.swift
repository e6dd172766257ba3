internal import Flags
package import PeerProtocol
package import Raft
internal import Wire

/// A change of the cluster that somebody waits for.
struct PendingAdministration: Sendable {
    let change: AdministrationChange
    let acceptedAt: Tick
    /// The leadership under which it was sent last.
    var sentUnder: Leadership?
    var nextSend = Tick(0)
}

extension Replica {
    /// Asks for a change of the cluster, at any node.
    ///
    /// Answered by `.administered` once it is committed and, if it went through a joint
    /// configuration, that has been left; otherwise by `.failed` with the reason and what to do.
    /// Asking for what is so already succeeds, so a change with an unknown outcome may be repeated.
    package mutating func administer(_ call: CallID, _ change: AdministrationChange, now: Tick) {
        if let haltReason {
            self.fail(call, Status.halted(haltReason))
            return
        }
        guard self.administrations.count < ReplicaLimits.administrationMax else {
            self.fail(call, Status.overloaded("this node has too many changes waiting"))
            return
        }
        self.administrations[call] = PendingAdministration(change: change, acceptedAt: now)
    }

    /// Sends what waits to whoever leads, and answers what is known to be so.
    ///
    /// A request names the leader's term, and a leader of another term does nothing. So when a
    /// later leader finds the change undone, no copy that is still under way can do it: repeating
    /// it is safe, and what the last leader says is final.
    mutating func driveAdministration(_ now: Tick) {
        guard !self.administrations.isEmpty else { return }
        for call in self.administrations.keys.sorted() {
            guard let pending = self.administrations[call] else { continue }
            if let since = self.inEffectSince(pending.change) {
                self.administered(call, .done(since), now: now)
            } else if pending.acceptedAt + ReplicaLimits.administrationWaitMillisecondsMax <= now {
                self.administrations[call] = nil
                let status =
                    pending.sentUnder == nil ? Status.noLeader : Status.administrationUnknown
                self.replies.append(Reply(call: call, result: .failed(status)))
            } else if pending.nextSend <= now || pending.sentUnder != self.leadership {
                self.send(call, pending, now: now)
            }
        }
    }

    private mutating func send(_ call: CallID, _ pending: PendingAdministration, now: Tick) {
        guard let leader = self.leadership.leader else { return }
        let isHere = leader == self.configuration.local.id
        guard isHere || self.links.isUp(leader) else { return }
        self.administrations[call]?.sentUnder = self.leadership
        self.administrations[call]?.nextSend = now + ReplicaLimits.administrationRepeatMilliseconds
        let request = AdministrationRequest(
            incarnation: self.configuration.incarnation,
            id: call.rawValue,
            term: self.leadership.term,
            change: pending.change
        )
        if isHere {
            self.carryOut(request, from: leader, now: now)
        } else {
            self.outboxes.add(request, to: leader)
        }
    }

    /// Takes an answer of the leader, which may be this node.
    mutating func take(_ answer: AdministrationAnswer, now: Tick) {
        guard answer.incarnation == self.configuration.incarnation else { return }
        self.administered(CallID(answer.id), answer.outcome, now: now)
    }

    private mutating func administered(
        _ call: CallID,
        _ outcome: AdministrationAnswer.Outcome,
        now: Tick
    ) {
        guard self.administrations[call] != nil else { return }
        switch outcome {
        case .again:
            self.administrations[call]?.nextSend =
                now + ReplicaLimits.administrationPauseMilliseconds
        case .done(let index):
            self.administrations[call] = nil
            let revision = Revision(index.rawValue)
            self.replies.append(Reply(call: call, result: .administered(at: revision)))
        case .refused(let code, let reason, let message):
            self.administrations[call] = nil
            let detail = ErrorDetail(reason: reason)
            let status = Status(code: code, message: message, detail: detail)
            self.replies.append(Reply(call: call, result: .failed(status)))
        }
    }

    /// Since when a change is so, by what is committed here; `nil` if it is not.
    private func inEffectSince(_ change: AdministrationChange) -> LogIndex? {
        if case .transfer(let target) = change {
            return self.leadership.leader == target ? self.raft.commit : nil
        }
        let committed = self.cluster.committed
        guard !committed.configuration.isJoint,
            change.isInEffect(self.cluster.committedDirectory, committed.configuration)
        else { return nil }
        return committed.index
    }
}

extension AdministrationChange {
    /// Whether a configuration is what the change asks for.
    func isInEffect(_ directory: Directory, _ configuration: Configuration) -> Bool {
        switch self {
        case .add(let member):
            guard let known = directory[member.id], configuration.contains(member.id) else {
                return false
            }
            // The node may have described itself anew since. Its name proves nothing: it is made from
            // the id unless somebody chose one.
            return known.peerAddress == member.peerAddress
                || known.clientAddress == member.clientAddress
        case .promote(let node): return configuration.quorum.incoming.voters.contains(node)
        case .remove(let node): return directory.isRetired(node)
        case .replace(let old, let new):
            return directory.isRetired(old) && configuration.quorum.incoming.voters.contains(new)
        case .transfer: return false
        }
    }
}

extension Status {
    static let administrationUnknown = Status(
        code: .unknown,
        message: "the leader did not say in time what became of the change: it may or may not be "
            + "made; `bandera cluster status` shows what is so, and asking again is safe",
        detail: ErrorDetail(reason: "OUTCOME_UNKNOWN")
    )
}
