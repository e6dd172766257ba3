internal import Flags
internal import HashTreeCollections

/// What flags and segments of an environment name of one another.
extension FlagStore {
    /// Refuses targeting of `key` that names what is not there, or leads in a circle.
    func checkReferences(
        _ targeting: Targeting,
        of key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) {
        try self.checkPrerequisites(targeting.prerequisites, of: key, in: environment)
        try self.checkSegments(targeting.rules.segmentKeys, in: environment)
    }

    /// The same for what a patch names.
    func checkReferences(
        _ patch: FlagPatch,
        of key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) {
        if let prerequisites = patch.prerequisites {
            try self.checkPrerequisites(prerequisites, of: key, in: environment)
        }
        if let rules = patch.rules {
            try self.checkSegments(rules.segmentKeys, in: environment)
        }
        if let variations = patch.variations {
            try self.checkVariations(variations, of: key, in: environment)
        }
    }

    /// Refuses to take away a variation that another flag's prerequisite asks for.
    func checkVariations(
        _ variations: [Variation],
        of key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) {
        for user in self.places[environment]?.dependents.users(of: key) ?? [] {
            let flag = self.places[environment]?.flags[user]?.flag
            for prerequisite in flag?.targeting.prerequisites ?? [] where prerequisite.flag == key {
                for name in prerequisite.variations
                where !variations.contains(where: { $0.name == name }) {
                    throw Refusal(
                        code: .invalid,
                        message: "flag \(user) has variation \(name) of flag \(key) as a "
                            + "prerequisite: change that first"
                    )
                }
            }
        }
    }

    func checkSegments(_ keys: [String], in environment: EnvironmentID) throws(Refusal) {
        for key in keys where self.places[environment]?.segments[key] == nil {
            throw Refusal(
                code: .notFound,
                message: "no segment \(key) in \(environment): put it first"
            )
        }
    }

    private func checkPrerequisites(
        _ prerequisites: [Prerequisite],
        of key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) {
        guard !prerequisites.isEmpty, let flags = self.places[environment]?.flags else { return }
        for prerequisite in prerequisites {
            guard let flag = flags[prerequisite.flag]?.flag, !flag.isArchived else {
                throw Refusal(
                    code: .notFound,
                    message: "no flag \(prerequisite.flag) in \(environment) that flag \(key) "
                        + "could have as a prerequisite"
                )
            }
            for name in prerequisite.variations where flag.variation(named: name) == nil {
                throw Refusal(
                    code: .invalid,
                    message: "flag \(prerequisite.flag) has no variation \(name); there are: "
                        + flag.variations.map(\.name).joined(separator: ", ")
                )
            }
        }
        let circle = Circle.find(from: key) { flag in
            flag == key
                ? prerequisites.map(\.flag)
                : flags[flag]?.flag.targeting.prerequisites.map(\.flag) ?? []
        }
        if let circle {
            throw Refusal(
                code: .invalid,
                message: "prerequisites may not lead in a circle: "
                    + circle.map(\.rawValue).joined(separator: ", then ")
            )
        }
    }
}

extension FlagStore.Place {
    mutating func noteReferences(from before: Flag?, to after: Flag) {
        self.dependents.replace(
            before?.livePrerequisites.map(\.flag) ?? [],
            by: after.livePrerequisites.map(\.flag),
            of: after.key
        )
        self.segmentUsers.replace(
            before?.liveRules.segmentKeys ?? [],
            by: after.liveRules.segmentKeys,
            of: .flag(after.key.rawValue)
        )
    }
}

extension Flag {
    /// Whether it may name other flags and segments than `before`.
    func namesOthers(than before: Flag?) -> Bool {
        guard let before else {
            return !self.livePrerequisites.isEmpty || !self.liveRules.isEmpty
        }
        return self.isArchived != before.isArchived
            || self.targeting.prerequisites != before.targeting.prerequisites
            || self.targeting.rules != before.targeting.rules
    }

    /// None of an archived flag: it asks for nothing any more.
    fileprivate var livePrerequisites: [Prerequisite] {
        self.isArchived ? [] : self.targeting.prerequisites
    }

    /// None of an archived flag.
    fileprivate var liveRules: [Rule] { self.isArchived ? [] : self.targeting.rules }
}

extension [Rule] {
    /// The segments that the rules name, sorted, each once.
    var segmentKeys: [String] { self.flatMap(\.clauses).segmentKeys }
}

extension SegmentDefinition {
    /// The segments that the rules name, sorted, each once.
    var segmentKeys: [String] { self.rules.flatMap { $0 }.segmentKeys }
}

extension [Clause] {
    fileprivate var segmentKeys: [String] {
        var keys: [String] = []
        for clause in self where clause.comparison == .segment {
            for case .string(let key) in clause.values { keys.append(key) }
        }
        keys.sort()
        var unique: [String] = []
        for key in keys where key != unique.last { unique.append(key) }
        return unique
    }
}
