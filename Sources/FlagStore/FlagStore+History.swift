internal import Flags

extension FlagStore {
    /// A row of history about something that is not a flag.
    func history(
        _ kind: ObjectHistoryRow.Kind,
        _ subject: String,
        of organization: String,
        in environment: EnvironmentID? = nil,
        _ action: HistoryAction,
        before: Value = .null,
        after: Value = .null,
        _ stamp: CommandStamp
    ) -> Effect {
        .history(
            ObjectHistoryRow(
                organization: organization,
                environment: environment?.environment ?? "",
                kind: kind,
                subject: subject,
                revision: stamp.revision,
                time: self.time,
                actor: stamp.actor,
                action: action,
                reason: stamp.reason,
                before: before,
                after: after
            )
        )
    }

    /// A row about a thing that was created, changed or removed.
    func history<Item: Documented>(
        _ kind: ObjectHistoryRow.Kind,
        _ subject: String,
        of organization: String,
        in environment: EnvironmentID? = nil,
        from before: Item?,
        to after: Item?,
        _ stamp: CommandStamp
    ) -> Effect {
        self.history(
            kind,
            subject,
            of: organization,
            in: environment,
            before == nil ? .create : after == nil ? .remove : .update,
            before: before?.document ?? .null,
            after: after?.document ?? .null,
            stamp
        )
    }

    /// Refuses a command that is based on an older state of `what`, or on one that is gone.
    ///
    /// `revision` is `nil` when there is no such thing.
    static func checkBase(
        _ stamp: CommandStamp,
        _ what: @autoclosure () -> String,
        changedAt revision: Revision?,
        by who: String = "",
        at time: Timestamp? = nil
    ) throws(Refusal) {
        guard let basedOn = stamp.basedOn else { return }
        guard let revision else {
            guard basedOn > .zero else { return }
            throw Refusal(
                code: .stale,
                message: "\(what()) was removed, or never there, but this is based on what it was "
                    + "at revision \(basedOn): look again"
            )
        }
        guard revision > basedOn else { return }
        let actor = who.isEmpty ? "" : " by \(who)"
        let moment = time.map { " at \($0.rfc3339)" } ?? ""
        throw Refusal(
            code: .stale,
            message: "\(what()) was changed\(actor)\(moment), at revision \(revision), after "
                + "revision \(basedOn) that this is based on: look at it again"
        )
    }
}
