internal import Flags
internal import HashTreeCollections

extension FlagStore {
    mutating func create(
        _ definition: FlagDefinition,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> Effect? {
        // The environment is asked for piece by piece: holding it would make the store copy it.
        guard let count = self.places[environment]?.flags.count else {
            throw Refusal.noEnvironment(environment)
        }
        let complete = try Refusal.checking { () throws(FlagsError) in
            try definition.validated()
        }
        if let taken = self.flag(environment, complete.key) {
            let suffix = taken.flag.isArchived ? " and is archived" : ""
            throw Refusal(
                code: .alreadyExists,
                message: "flag \(complete.key) already exists in \(environment)\(suffix)"
            )
        }
        guard count < FlagsLimits.flagsPerEnvironmentMax else {
            throw Refusal(
                code: .limitExceeded,
                message: "\(environment) has \(count) flags, the most there may be"
            )
        }
        let flag = Flag(complete, time: self.time, actor: stamp.actor, revision: stamp.revision)
        self.places[environment]?.flags[flag.key] = StoredFlag(compiled: CompiledFlag(flag))
        return .flag(
            HistoryRow(
                environment: environment,
                revision: stamp.revision,
                time: self.time,
                actor: stamp.actor,
                action: .create,
                reason: "",
                before: nil,
                after: flag
            )
        )
    }

    mutating func update(
        _ key: FlagKey,
        in environment: EnvironmentID,
        with patch: FlagPatch,
        _ stamp: CommandStamp
    ) throws(Refusal) -> Effect? {
        try self.change(key, in: environment, stamp, reason: patch.reason) {
            (previous) throws(Refusal) in
            let flag = try Refusal.checking { () throws(FlagsError) in
                try patch.applied(to: previous)
            }
            try previous.status.checkTransition(to: flag.status)
            guard flag != previous else { return nil }
            return (flag, HistoryAction(from: previous, to: flag))
        }
    }

    mutating func archive(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> Effect? {
        try self.change(key, in: environment, stamp, reason: "") { (previous) in
            var flag = previous
            flag.isArchived = true
            return (flag, .archive)
        }
    }

    /// Replaces a flag by what `changed` makes of it; does nothing when that is `nil`.
    private mutating func change(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp,
        reason: String,
        _ changed: (Flag) throws(Refusal) -> (Flag, HistoryAction)?
    ) throws(Refusal) -> Effect? {
        let time = self.time
        // Within one access: each further look at the flag would hash its names again.
        let row = try self.places[environment]?.change(key, stamp, time, reason: reason, changed)
        if let row { return .flag(row) }
        guard self.hasEnvironment(environment) else { throw Refusal.noEnvironment(environment) }
        return nil
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
                throw Refusal(code: .notFound, message: "no flag \(key) in \(environment)")
            }
            let before = stored.flag
            guard !before.isArchived else {
                throw Refusal(
                    code: .illegalTransition,
                    message: "flag \(key) in \(environment) is archived and cannot change any more"
                )
            }
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

extension Flag {
    /// A flag that has just been created.
    fileprivate init(
        _ definition: FlagDefinition,
        time: Timestamp,
        actor: String,
        revision: Revision
    ) {
        self.init(
            key: definition.key,
            name: definition.name,
            description: definition.description,
            enabled: definition.enabled,
            status: definition.status,
            isArchived: false,
            rollout: definition.rollout,
            audience: definition.audience,
            start: definition.start,
            end: definition.end,
            variations: definition.variations,
            onVariation: definition.onVariation,
            offVariation: definition.offVariation,
            salt: definition.salt,
            bucketBy: definition.bucketBy,
            createdAt: time,
            createdBy: actor,
            updatedAt: time,
            updatedBy: actor,
            revision: revision,
            createdRevision: revision
        )
    }
}
