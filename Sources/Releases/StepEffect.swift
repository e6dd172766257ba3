package import Flags

/// What a step of a release sets when it begins, or several steps one after the other.
package struct StepEffect: Hashable, Sendable {
    /// The share that gets the flag; `nil` leaves it.
    package private(set) var rollout: RolloutPercentage?
    /// Who the flag is for; `nil` leaves it, but for `regions`.
    package private(set) var audience: Audience?
    /// Regions that are added to the flag's; when there are any, those of `audience` are too.
    package private(set) var regions: [String]

    /// Changes nothing.
    package static let none = StepEffect()

    private init() {
        self.rollout = nil
        self.audience = nil
        self.regions = []
    }

    /// What `step` sets.
    package init(_ step: ReleaseStep) {
        self.rollout = step.rollout
        self.audience = step.audience
        self.regions = step.regions
    }

    /// Does it to `flag`.
    package func apply(to flag: inout Flag) {
        if let rollout = self.rollout { flag.rollout = rollout }
        guard self.audience != nil || !self.regions.isEmpty else { return }
        flag.audience = self.audience(after: flag.audience)
    }

    /// Adds what a later step sets: the same as doing one after the other.
    package mutating func append(_ later: StepEffect) {
        self.rollout = later.rollout ?? self.rollout
        if let audience = self.audience, self.regions.isEmpty {
            self.audience = later.audience(after: audience)
        } else if later.audience != nil, later.regions.isEmpty {
            self.audience = later.audience
            self.regions = []
        } else {
            // Both add to regions that only the flag knows.
            self.regions = Self.union(self.audience?.regions ?? [], self.regions)
            self.regions = Self.union(self.regions, later.audience?.regions ?? [])
            self.regions = Self.union(self.regions, later.regions)
            if self.regions.isEmpty { return }
            self.audience = later.audience ?? self.audience
            self.audience?.regions = []
        }
    }

    private func audience(after before: Audience) -> Audience {
        var after = self.audience ?? before
        guard !self.regions.isEmpty else { return after }
        after.regions = Self.union(before.regions, self.audience?.regions ?? [])
        after.regions = Self.union(after.regions, self.regions)
        return after
    }

    /// The entries of both, those of `lhs` first, each once.
    private static func union(_ lhs: [String], _ rhs: [String]) -> [String] {
        var union = lhs
        for entry in rhs where !union.contains(entry) { union.append(entry) }
        return union
    }
}
