internal import Flags
internal import HashTreeCollections

extension FlagStore {
    /// Replaces a flag by what `changed` makes of it; does nothing when that is `nil`.
    ///
    /// `namesOthers` MUST be true when it may change which flags and segments the flag names.
    mutating func change(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp,
        reason: String,
        namesOthers: Bool = false,
        _ changed: (Flag) throws(Refusal) -> (Flag, HistoryAction)?
    ) throws(Refusal) -> HistoryRow? {
        let time = self.time
        // Within one access: each further look at the flag would hash its names again.
        let row = try self.places[environment]?.change(key, stamp, time, reason: reason, changed)
        if let row {
            self.noteChange(from: row.before, to: row.after, in: environment)
            if namesOthers {
                self.places[environment]?.noteReferences(from: row.before, to: row.after)
            }
            return row
        }
        guard self.hasEnvironment(environment) else { throw Refusal.noEnvironment(environment) }
        return nil
    }

    /// Brings everything up to date that is found by what flags say, but for what they name.
    mutating func noteChange(from before: Flag?, to after: Flag, in environment: EnvironmentID) {
        self.agenda.move(
            .start,
            of: after.key,
            in: environment,
            from: before?.startToRecord,
            to: after.startToRecord
        )
        self.agenda.move(
            .end,
            of: after.key,
            in: environment,
            from: before?.endToRecord,
            to: after.endToRecord
        )
        let organization = environment.organization
        let (wasServing, isServing) = (before?.isServing == true, after.isServing)
        if wasServing != isServing {
            self.tenants[organization]?.servingCount += isServing ? 1 : -1
        }
        let (wasThere, isThere) = (before?.isArchived == false, !after.isArchived)
        if wasThere != isThere { self.tenants[organization]?.flagCount += isThere ? 1 : -1 }
    }
}

extension FlagStore.Place {
    fileprivate mutating func change(
        _ key: FlagKey,
        _ stamp: CommandStamp,
        _ time: Timestamp,
        reason: String,
        _ changed: (Flag) throws(Refusal) -> (Flag, HistoryAction)?
    ) throws(Refusal) -> HistoryRow? {
        let environment = self.environment.id
        return try Self.change(&self.flags[key]) { (stored) throws(Refusal) in
            guard let stored else {
                throw .missing("flag \(key)", in: environment)
            }
            let before = stored.flag
            guard !before.isArchived else {
                throw Refusal(
                    code: .illegalTransition,
                    message: "flag \(key) in \(environment) is archived and cannot change any more"
                )
            }
            try FlagStore.checkBase(
                stamp,
                "flag \(key)",
                changedAt: before.revision,
                by: before.updatedBy,
                at: before.updatedAt
            )
            guard case (var flag, let action)? = try changed(before) else { return nil }
            flag.updatedAt = time
            flag.updatedBy = stamp.actor
            flag.revision = stamp.revision
            let compiled = CompiledFlag(flag, previous: stored.compiled)
            let row = HistoryRow(
                environment: environment,
                revision: stamp.revision,
                time: time,
                actor: stamp.actor,
                action: action,
                reason: reason,
                before: before,
                after: flag
            )
            return (FlagStore.StoredFlag(compiled: compiled), row)
        }
    }

    private static func change(
        _ stored: inout FlagStore.StoredFlag?,
        _ body: (FlagStore.StoredFlag?) throws(Refusal) -> (FlagStore.StoredFlag, HistoryRow)?
    ) throws(Refusal) -> HistoryRow? {
        guard let (changed, row) = try body(stored) else { return nil }
        stored = changed
        return row
    }
}
