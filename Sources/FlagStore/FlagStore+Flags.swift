internal import Flags
internal import HashTreeCollections
internal import Releases

extension FlagStore {
    mutating func create(
        _ definition: FlagDefinition,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        // The environment is asked for piece by piece: holding it would make the store copy it.
        guard let count = self.places[environment]?.flags.count else {
            throw Refusal.noEnvironment(environment)
        }
        let complete = try Refusal.checking { () throws(FlagsError) in
            try definition.validated()
        }
        if let taken = self.flag(environment, complete.key)?.flag {
            let suffix = taken.isArchived ? " and is archived" : ""
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
        try self.checkFlagQuota(of: environment.organization)
        try self.checkReferences(complete.targeting, of: complete.key, in: environment)
        var flag = Flag(
            creating: complete,
            time: self.time,
            actor: stamp.actor,
            revision: stamp.revision
        )
        flag.settleDates(since: nil, at: self.time)
        self.places[environment]?.flags[flag.key] = StoredFlag(compiled: CompiledFlag(flag))
        self.noteChange(from: nil, to: flag, in: environment)
        self.places[environment]?.noteReferences(from: nil, to: flag)
        let row = HistoryRow(
            environment: environment,
            revision: stamp.revision,
            time: self.time,
            actor: stamp.actor,
            action: .create,
            reason: stamp.reason,
            before: nil,
            after: flag
        )
        return [.flag(row)]
    }

    mutating func update(
        _ key: FlagKey,
        in environment: EnvironmentID,
        with patch: FlagPatch,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        if patch.prerequisites != nil || patch.rules != nil || patch.variations != nil {
            try self.checkReferences(patch, of: key, in: environment)
        }
        let time = self.time
        let tenants = self.tenants
        let mayRelease = stamp.authority.permits(.release, in: environment)
        let reason = patch.reason.isEmpty ? stamp.reason : patch.reason
        let namesOthers = patch.prerequisites != nil || patch.rules != nil
        let row = try self.change(
            key,
            in: environment,
            stamp,
            reason: reason,
            namesOthers: namesOthers
        ) { (previous) throws(Refusal) in
            var flag = try Refusal.checking { () throws(FlagsError) in
                try patch.applied(to: previous)
            }
            try previous.status.checkTransition(to: flag.status)
            guard flag != previous else { return nil }
            if !mayRelease {
                try stamp.authority.demand(patch.accessAction(on: previous.status), in: environment)
            }
            if let release = previous.release {
                try flag.checkRelease(release, since: previous)
                if flag.status == .rolledBack { flag.release = nil }
                if flag.release != nil {
                    let running = tenants[environment.organization]?.releases[release]?.release
                    try running?.checkRest(of: flag, at: time)
                }
            }
            flag.settleDates(since: previous, at: time)
            return (flag, HistoryAction(from: previous, to: flag))
        }
        guard let row else { return [] }
        guard row.before?.release != nil else { return [.flag(row)] }
        return [.flag(row)] + self.followRelease(of: row, ending: .rolledBack, stamp)
    }

    mutating func archive(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        if let dependent = self.places[environment]?.dependents.firstUser(of: key) {
            throw Refusal(
                code: .invalid,
                message: "flag \(key) is a prerequisite of flag \(dependent): change that first"
            )
        }
        let row = try self.change(
            key,
            in: environment,
            stamp,
            reason: stamp.reason,
            namesOthers: true
        ) { (previous) throws(Refusal) in
            var flag = previous
            flag.isArchived = true
            flag.release = nil
            if previous.status != .draft { try stamp.authority.demand(.release, in: environment) }
            return (flag, .archive)
        }
        guard let row else { return [] }
        return [.flag(row)] + self.followRelease(of: row, ending: .aborted, stamp)
    }

    /// Makes a flag what it was; its key, salt and attribute to bucket by stay, so that nobody is
    /// moved, and so do overrides that the caller could not put.
    mutating func restore(
        _ key: FlagKey,
        in environment: EnvironmentID,
        to definition: FlagDefinition,
        from revision: Revision,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        var named = definition
        named.key = key
        let complete = try Refusal.checking { () throws(FlagsError) in
            try named.validatedInAnyStatus()
        }
        try self.checkReferences(complete.targeting, of: key, in: environment)
        try self.checkVariations(complete.variations, of: key, in: environment)
        guard revision < stamp.revision else {
            throw Refusal(
                code: .invalid,
                message: "revision \(revision) is in the future: name one that flag \(key) had"
            )
        }
        let time = self.time
        let reason = stamp.reason.isEmpty ? "restored from revision \(revision)" : stamp.reason
        let row = try self.change(
            key,
            in: environment,
            stamp,
            reason: reason,
            namesOthers: true
        ) { (previous) throws(Refusal) in
            guard previous.status != .completed || complete.status == .completed else {
                throw Refusal(
                    code: .illegalTransition,
                    message: "flag \(key) is completed and stays so: create another one"
                )
            }
            guard revision >= previous.createdRevision else {
                throw Refusal(
                    code: .invalid,
                    message: "flag \(key) was created at revision \(previous.createdRevision), "
                        + "after revision \(revision): name a later one"
                )
            }
            // What was rolled back may come back as it was; else its life goes on as it must.
            if previous.status != .rolledBack {
                try previous.status.checkTransition(to: complete.status)
            }
            var flag = previous
            try flag.restore(complete, stamp.authority, in: environment)
            flag.release = nil
            guard flag != previous else { return nil }
            try Refusal.checking { () throws(FlagsError) in
                _ = try FlagDefinition(flag).validatedInAnyStatus()
            }
            flag.settleDates(since: previous, at: time)
            return (flag, .rollback)
        }
        guard let row else { return [] }
        return [.flag(row)] + self.followRelease(of: row, ending: .rolledBack, alerts: false, stamp)
            + self.raise(
                .rollback,
                of: row,
                "\(stamp.actor) made flag \(key) in \(environment) what it was at revision "
                    + "\(revision)",
                stamp
            )
    }
}

extension Flag {
    /// Takes over what a definition says, as far as an earlier state can come back.
    ///
    /// Refused when an override that the caller could not remove would have to go, since the
    /// earlier state lacks its variation.
    fileprivate mutating func restore(
        _ definition: FlagDefinition,
        _ authority: Authority,
        in environment: EnvironmentID
    ) throws(Refusal) {
        self.name = definition.name
        self.description = definition.description
        self.enabled = definition.enabled
        self.status = definition.status
        self.rollout = definition.rollout
        self.audience = definition.audience
        self.start = definition.start
        self.end = definition.end
        self.variations = definition.variations
        self.onVariation = definition.onVariation
        self.offVariation = definition.offVariation
        self.labels = definition.labels
        func isKept(_ override: Override) -> Bool {
            !authority.permits(override.accessAction, in: environment)
        }
        let kept = self.targeting.overrides.filter { isKept($0) }
        for override in kept
        where !definition.variations.contains(where: { $0.name == override.variation }) {
            throw Refusal(
                code: .permissionDenied,
                message: "flag \(self.key) had no variation \(override.variation) then, but its "
                    + "override for \(override.level.rawValue) serves it, and you may not remove "
                    + "that: ask somebody who may"
            )
        }
        self.targeting = definition.targeting
        self.targeting.overrides.removeAll { override in
            isKept(override) || kept.contains { $0.hasPlace(of: override) }
        }
        self.targeting.overrides = (self.targeting.overrides + kept).sorted { $0.precedes($1) }
    }
}
