extension [Clause] {
    /// The keys of the segments that clauses name, in order, perhaps repeated.
    fileprivate var segmentKeys: [String] {
        var keys: [String] = []
        for clause in self where clause.comparison == .segment {
            for case .string(let key) in clause.values { keys.append(key) }
        }
        return keys
    }
}

extension SegmentDefinition {
    /// The keys of the segments that its rules name, in order, perhaps repeated.
    public var segmentKeys: [String] { self.rules.flatMap(\.segmentKeys) }

    /// Requires that the segments that it names exist, do not lead back to it, and do not nest too
    /// deep, counted from the outermost segment that names it.
    ///
    /// `segment` gives what is there, without this definition; `users` gives the segments that name
    /// one.
    public func checkDependencies(
        _ segment: (String) -> SegmentDefinition?,
        users: (String) -> [String] = { _ in [] }
    ) throws(FlagsError) {
        guard !self.segmentKeys.isEmpty else { return }
        try withoutActuallyEscaping(segment) { (segment) throws(FlagsError) in
            // A segment is itself one level of what an evaluation goes down.
            var walk = DependencyWalk<String>(
                "segments",
                depthMax: FlagsLimits.segmentDepthMax - 1
            ) { (key) throws(FlagsError) in
                if key == self.key { return self.segmentKeys }
                guard let found = segment(key) else { throw Targeting.noSegment(key) }
                return found.segmentKeys
            }
            let height = try walk.check(from: self.key)
            try DependencyWalk.checkUsers(
                "segments",
                of: self.key,
                height: height,
                depthMax: FlagsLimits.segmentDepthMax - 1,
                users
            )
        }
    }
}

extension Targeting {
    /// The keys of the segments that the rules name, in order, perhaps repeated.
    public var segmentKeys: [String] { self.rules.flatMap(\.clauses.segmentKeys) }

    /// Requires that the segments that the rules name exist.
    public func checkSegments(_ exists: (String) -> Bool) throws(FlagsError) {
        for key in self.segmentKeys where !exists(key) { throw Self.noSegment(key) }
    }

    /// Requires that the prerequisites of the flag `key` exist, have the variations that are asked
    /// for, do not lead back to it, and do not follow each other too long, counted from the last flag
    /// that depends on it.
    ///
    /// `flag` gives what is there; what it gives for `key` itself is not looked at. `users` gives the
    /// flags that a flag is a prerequisite of.
    public func checkPrerequisites(
        of key: FlagKey,
        _ flag: (FlagKey) -> Flag?,
        users: (FlagKey) -> [FlagKey] = { _ in [] }
    ) throws(FlagsError) {
        guard !self.prerequisites.isEmpty else { return }
        for prerequisite in self.prerequisites where prerequisite.flag != key {
            guard let other = flag(prerequisite.flag), !other.isArchived else {
                throw FlagsError(
                    .invalidTargeting,
                    "the prerequisite \(prerequisite.flag) is no flag of this environment"
                )
            }
            for name in prerequisite.variations {
                try Flag.checkHas(name, other.variations) {
                    "of the prerequisite \(prerequisite.flag)"
                }
            }
        }
        let own = self.prerequisites.map(\.flag)
        try withoutActuallyEscaping(flag) { (flag) throws(FlagsError) in
            var walk = DependencyWalk<FlagKey>(
                "prerequisites",
                depthMax: FlagsLimits.prerequisiteDepthMax
            ) { (other) throws(FlagsError) in
                other == key ? own : flag(other)?.targeting.prerequisites.map(\.flag) ?? []
            }
            let height = try walk.check(from: key)
            try DependencyWalk.checkUsers(
                "prerequisites",
                of: key,
                height: height,
                depthMax: FlagsLimits.prerequisiteDepthMax,
                users
            )
        }
    }

    fileprivate static func noSegment(_ key: String) -> FlagsError {
        FlagsError(
            .invalidTargeting,
            "there is no segment \(TextRules.quoted(key)) in this environment"
        )
    }
}
