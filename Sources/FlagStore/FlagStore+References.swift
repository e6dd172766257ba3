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
        guard let place = self.places[environment] else { return }
        try Refusal.checking { () throws(FlagsError) in
            try targeting.checkPrerequisites(
                of: key,
                { place.flags[$0]?.flag },
                users: { place.dependents.users(of: $0) }
            )
            try targeting.checkSegments { place.segments[$0] != nil }
        }
    }

    /// The same for what a patch names.
    func checkReferences(
        _ patch: FlagPatch,
        of key: FlagKey,
        in environment: EnvironmentID
    ) throws(Refusal) {
        let targeting = Targeting(
            prerequisites: patch.prerequisites ?? [],
            rules: patch.rules ?? []
        )
        try self.checkReferences(targeting, of: key, in: environment)
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
}

extension FlagStore.Place {
    /// Brings up to date who names what.
    mutating func noteReferences(from before: Flag?, to after: Flag) {
        self.dependents.replace(
            before?.livePrerequisites.map(\.flag) ?? [],
            by: after.livePrerequisites.map(\.flag),
            of: after.key
        )
        self.segmentUsers.replace(
            before?.liveSegmentKeys ?? [],
            by: after.liveSegmentKeys,
            of: .flag(after.key.rawValue)
        )
    }
}

extension Flag {
    /// None of an archived flag: it asks for nothing any more.
    fileprivate var livePrerequisites: [Prerequisite] {
        self.isArchived ? [] : self.targeting.prerequisites
    }

    /// None of an archived flag.
    fileprivate var liveSegmentKeys: [String] {
        self.isArchived ? [] : self.targeting.segmentKeys
    }
}
