internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Wire

extension Replica {
    /// Applies committed entries, in order, and answers the calls among them.
    mutating func apply(_ entries: [Entry], now: Tick) {
        for entry in entries {
            let revision = Revision(entry.index.rawValue)
            precondition(
                entry.index.rawValue == self.store.applied.rawValue + 1,
                "entry \(entry.index) follows revision \(self.store.applied)"
            )
            self.compactor.applied(entry)
            switch entry.kind {
            case .noOp, .configuration:
                self.store.skip(to: revision)
            case .command:
                self.applyCommand(entry.payload, at: revision)
            }
        }
        self.raft.applied(through: LogIndex(self.store.applied.rawValue))
    }

    private mutating func applyCommand(_ payload: [UInt8], at revision: Revision) {
        guard let command = try? LogCommand.decode(payload, using: self.arena),
            let request = try? WriteRequest.decode(command.request, using: self.arena),
            !request.isDryRun
        else {
            // Every node reads the same bytes and comes to the same conclusion: nothing changes.
            self.store.skip(to: revision)
            return
        }
        let stamp = CommandStamp(
            revision: revision,
            time: Timestamp(milliseconds: command.time),
            actor: command.actor,
            authority: command.authority,
            token: command.token.isEmpty ? nil : command.token,
            reason: request.reason,
            basedOn: request.basedOn,
            session: request.session == .zero
                ? nil
                : CommandStamp.SessionStamp(
                    id: request.session,
                    sequence: request.sequence
                )
        )
        let applied = self.store.apply(request.command, stamp: stamp)
        if let change = applied.change { self.changes.append(change) }
        self.unrecorded.append(AppliedRecord(revision: revision, applied: applied))
        guard command.origin == self.configuration.local.id,
            command.incarnation == self.configuration.incarnation
        else { return }
        let call = CallID(command.proposal)
        guard self.pending[call] != nil else { return }
        self.forget(call)
        self.replies.append(Reply(call: call, result: .judged(applied.outcome)))
    }
}
