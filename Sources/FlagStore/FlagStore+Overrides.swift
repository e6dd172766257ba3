internal import Flags
internal import HashTreeCollections
internal import Releases

extension FlagStore {
    /// Puts an override in the place of the one of the same level and subject.
    mutating func set(
        _ override: Override,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        try self.changeOverride(at: override, of: key, in: environment, stamp, .overrideSet) {
            (overrides, _) in
            overrides.append(override)
            overrides.sort { $0.precedes($1) }
        }
    }

    mutating func removeOverride(
        _ level: OverrideLevel,
        _ subject: String,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        let place = Override(level: level, subject: subject, variation: "")
        return try self.changeOverride(at: place, of: key, in: environment, stamp, .overrideRemove)
        {
            (_, before) throws(Refusal) in
            guard before == nil else { return }
            let whose = subject.isEmpty ? "" : " \(subject)"
            throw Refusal(
                code: .notFound,
                message: "flag \(key) has no override for \(level.rawValue)\(whose)"
            )
        }
    }

    /// Takes away what is at the place of `place`, if the caller may, and lets `finish` do the rest
    /// with the others and with what was there.
    private mutating func changeOverride(
        at place: Override,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp,
        _ action: HistoryAction,
        _ finish: (inout [Override], Override?) throws(Refusal) -> Void
    ) throws(Refusal) -> [Effect] {
        let time = self.time
        let tenants = self.tenants
        let row = try self.change(key, in: environment, stamp, reason: stamp.reason) {
            (previous) throws(Refusal) in
            var flag = previous
            let before = previous.targeting.overrides.first { $0.hasPlace(of: place) }
            if let before { try stamp.authority.demand(before.accessAction, in: environment) }
            flag.targeting.overrides.removeAll { $0.hasPlace(of: place) }
            try finish(&flag.targeting.overrides, before)
            guard flag != previous else { return nil }
            try Refusal.checking { () throws(FlagsError) in
                _ = try FlagDefinition(flag).validatedInAnyStatus()
            }
            if let release = flag.release {
                let running = tenants[environment.organization]?.releases[release]?.release
                try running?.checkRest(of: flag, at: time)
            }
            return (flag, action)
        }
        return row.map { [.flag($0)] } ?? []
    }
}

extension Override {
    /// Whether both are of the same level and subject: a flag has one for each.
    func hasPlace(of other: Override) -> Bool {
        self.level == other.level && self.subject == other.subject
    }

    /// The order in which a flag has its overrides: by level and subject.
    func precedes(_ other: Override) -> Bool {
        (self.level.depth, self.subject) < (other.level.depth, other.subject)
    }
}
