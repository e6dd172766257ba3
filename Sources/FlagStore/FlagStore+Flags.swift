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
        return self.store(
            CompiledFlag(flag),
            in: environment,
            stamp,
            action: .create,
            reason: "",
            before: nil
        )
    }

    mutating func update(
        _ key: FlagKey,
        in environment: EnvironmentID,
        with patch: FlagPatch,
        _ stamp: CommandStamp
    ) throws(Refusal) -> Effect? {
        let previous = try self.liveFlag(key, in: environment)
        var flag = try Refusal.checking { () throws(FlagsError) in
            try patch.applied(to: previous.flag)
        }
        try previous.flag.status.checkTransition(to: flag.status)
        guard flag != previous.flag else { return nil }
        flag.updatedAt = self.time
        flag.updatedBy = stamp.actor
        flag.revision = stamp.revision
        return self.store(
            CompiledFlag(flag, previous: previous),
            in: environment,
            stamp,
            action: HistoryAction(from: previous.flag, to: flag),
            reason: patch.reason,
            before: previous.flag
        )
    }

    mutating func archive(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> Effect? {
        let previous = try self.liveFlag(key, in: environment)
        var flag = previous.flag
        flag.isArchived = true
        flag.updatedAt = self.time
        flag.updatedBy = stamp.actor
        flag.revision = stamp.revision
        return self.store(
            CompiledFlag(flag, previous: previous),
            in: environment,
            stamp,
            action: .archive,
            reason: "",
            before: previous.flag
        )
    }

    private func liveFlag(
        _ key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) -> CompiledFlag {
        guard let flag = self.places[environment]?.flags[key]?.compiled else {
            guard self.hasEnvironment(environment) else {
                throw Refusal.noEnvironment(environment)
            }
            throw Refusal(code: .notFound, message: "no flag \(key) in \(environment)")
        }
        guard !flag.flag.isArchived else {
            throw Refusal(
                code: .illegalTransition,
                message: "flag \(key) in \(environment) is archived and cannot change any more"
            )
        }
        return flag
    }

    private mutating func store(
        _ compiled: CompiledFlag,
        in environment: EnvironmentID,
        _ stamp: CommandStamp,
        action: HistoryAction,
        reason: String,
        before: Flag?
    ) -> Effect {
        let key = compiled.flag.key
        self.places[environment]?.flags[key] = StoredFlag(compiled: compiled)
        return .flag(
            HistoryRow(
                environment: environment,
                revision: stamp.revision,
                time: self.time,
                actor: stamp.actor,
                action: action,
                reason: reason,
                before: before,
                after: compiled.flag
            )
        )
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
