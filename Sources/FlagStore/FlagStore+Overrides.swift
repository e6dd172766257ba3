internal import Flags

extension FlagStore {
    /// Puts an override in the place of the one of the same level and subject.
    mutating func set(
        _ override: Override,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        let row = try self.change(key, in: environment, stamp, reason: stamp.reason) {
            (previous) throws(Refusal) in
            var flag = previous
            let before = previous.targeting.overrides.first { $0.hasPlace(of: override) }
            if let before { try stamp.authority.demand(before.accessAction, in: environment) }
            flag.targeting.overrides.removeAll { $0.hasPlace(of: override) }
            flag.targeting.overrides.append(override)
            flag.targeting.overrides.sort { $0.precedes($1) }
            guard flag != previous else { return nil }
            try Refusal.checking { () throws(FlagsError) in
                _ = try FlagDefinition(flag).validatedInAnyStatus()
            }
            return (flag, .overrideSet)
        }
        return row.map { [.flag($0)] } ?? []
    }

    mutating func removeOverride(
        _ level: OverrideLevel,
        _ subject: String,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        let row = try self.change(key, in: environment, stamp, reason: stamp.reason) {
            (previous) throws(Refusal) in
            var flag = previous
            let place = Override(level: level, subject: subject, variation: "")
            let before = previous.targeting.overrides.first { $0.hasPlace(of: place) }
            guard let before else {
                let whose = subject.isEmpty ? "" : " \(subject)"
                throw Refusal(
                    code: .notFound,
                    message: "flag \(key) has no override for \(level.rawValue)\(whose)"
                )
            }
            try stamp.authority.demand(before.accessAction, in: environment)
            flag.targeting.overrides.removeAll { $0.hasPlace(of: place) }
            return (flag, .overrideRemove)
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
