internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Wire

/// What a leader does on its own: record that a flag's date has come, and let releases advance.
///
/// Each is a command of its own in the log, which the state machine judges like any other: it
/// refuses what is recorded already, so that a step that two leaders propose happens once.
struct Duties: Sendable {
    /// The actor that the history names.
    static let actor = "system"
    /// No call has this number, so nobody is answered.
    static let proposal: UInt64 = 0

    /// The wall clock when it was last time to look; `nil` once it was looked.
    var dueAt: Timestamp?
    /// The last entry of what was proposed last, and the term in which it was.
    var proposed: (term: Term, through: LogIndex)?
}

extension Replica {
    /// Proposes what is due, if this node leads and its last proposals have been judged.
    ///
    /// A new leader first applies everything of its predecessors, so that it does not repeat what
    /// they have seen to.
    mutating func performDuties(_ now: Tick) {
        guard let wallTime = self.duties.dueAt else { return }
        self.duties.dueAt = nil
        let applied = self.raft.applied
        guard self.raft.role == .leader, !self.isLedgerBehind,
            self.raft.term(at: applied) == self.raft.term
        else { return }
        if let proposed = self.duties.proposed, proposed.term == self.raft.term,
            proposed.through > applied
        {
            return
        }
        // The replicated clock never goes back, whatever this node's own does.
        let time = max(wallTime, self.store.time)
        let commands = self.store.due(now: time, limit: ReplicaLimits.dutiesMax)
        guard !commands.isEmpty else { return }
        let payloads = commands.map { self.dutyPayload($0, time: time) }
        guard case .appended(let first, let term) = self.raft.propose(payloads, now: now) else {
            return
        }
        let last = first.rawValue + UInt64(commands.count) - 1
        self.duties.proposed = (term, LogIndex(last))
    }

    private func dutyPayload(_ command: Command, time: Timestamp) -> [UInt8] {
        LogCommand(
            origin: self.configuration.local.id,
            incarnation: self.configuration.incarnation,
            proposal: Duties.proposal,
            time: time.milliseconds,
            actor: Duties.actor,
            authority: .platform,
            request: WriteRequest(command: command).encode(using: self.arena)
        ).encode(using: self.arena)
    }
}
