/// What a release will do, step by step.
public struct ReleasePlan: Hashable, Sendable {
    /// In order, at least one.
    public var steps: [ReleaseStep]

    /// Creates a plan, unchecked.
    public init(steps: [ReleaseStep]) { self.steps = steps }
}

/// A step of a release: what it sets when it begins, and what must be so before the next begins.
public struct ReleaseStep: Hashable, Sendable {
    /// The share that gets the flag from here on; `nil` leaves it.
    public var rollout: RolloutPercentage?
    /// Who the flag is for from here on; `nil` leaves it.
    ///
    /// Of a wave, its regions are added to those of the steps before.
    public var audience: Audience?
    /// Regions that this step opens: a wave.
    ///
    /// They are added to those of the steps before; empty leaves the audience's regions as they are.
    public var regions: [String]
    /// How long the step lasts at least.
    public var holdMilliseconds: Int64
    /// How many people must approve before the next step, none of them who started the release.
    public var approvals: UInt32
    /// How many evaluations of the flag must be reported during the step.
    public var evaluationsMin: UInt64

    /// Creates a step, unchecked; by default it does nothing and waits for nothing.
    public init(
        rollout: RolloutPercentage? = nil,
        audience: Audience? = nil,
        regions: [String] = [],
        holdMilliseconds: Int64 = 0,
        approvals: UInt32 = 0,
        evaluationsMin: UInt64 = 0
    ) {
        self.rollout = rollout
        self.audience = audience
        self.regions = regions
        self.holdMilliseconds = holdMilliseconds
        self.approvals = approvals
        self.evaluationsMin = evaluationsMin
    }
}

/// What somebody does to a release that runs.
public enum ReleaseAction: String, Hashable, Sendable, CaseIterable {
    /// Approves the step that it is at.
    case approve
    /// Stops its clock; the flag stays as it is.
    case pause
    /// Goes on; the hold of the step goes on where it was.
    case resume
    /// Begins the next step whatever the current one waits for.
    case skip
    /// Ends it; the flag stays as it is.
    case abort
}

/// One of a flag's dates.
public enum ScheduleEdge: String, Hashable, Sendable, CaseIterable {
    case start
    case end
}
