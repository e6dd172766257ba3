package import Flags
internal import HashTreeCollections

/// The replicated state machine: the only judge of commands, and the flags as they are.
///
/// A value: a copy is a consistent snapshot and costs nothing. Deterministic: the same commands
/// with the same stamps give the same store and the same outcomes on every node.
package struct FlagStore: Sendable {
    /// A flag of the store, with what it is evaluated by.
    package struct StoredFlag: Sendable {
        package let compiled: CompiledFlag

        /// The flag as it is stored, listed and pushed.
        package var flag: Flag { self.compiled.flag }
    }

    /// A segment of the store, with what is asked whether a context is in it.
    package struct StoredSegment: Sendable {
        package let compiled: CompiledSegment

        /// The segment as it is stored, listed and pushed.
        package var segment: Segment { self.compiled.segment }
    }

    /// An environment with its flags and segments.
    struct Place: Sendable, EvaluationScope {
        var environment: Environment
        var flags: TreeDictionary<FlagKey, StoredFlag> = [:]
        var segments: TreeDictionary<String, StoredSegment> = [:]

        func compiledFlag(_ key: FlagKey) -> CompiledFlag? { self.flags[key]?.compiled }

        func compiledSegment(_ key: String) -> CompiledSegment? { self.segments[key]?.compiled }
    }

    /// An organization with what it owns.
    struct Tenant: Sendable {
        var organization: Organization
        var environmentCount = 0
        var plans: TreeDictionary<String, Plan> = [:]
        var companies: TreeDictionary<String, Company> = [:]
    }

    /// The last revision that was applied or skipped.
    package internal(set) var applied: Revision
    /// The latest time of any command: it never goes back, whatever the nodes' clocks do.
    package internal(set) var time: Timestamp
    /// What all nodes of the cluster agree on.
    package let limits: FlagStoreLimits
    var tenants: TreeDictionary<String, Tenant>
    var places: TreeDictionary<EnvironmentID, Place>
    var sessions: SessionTable

    /// Creates an empty store.
    package init(limits: FlagStoreLimits = FlagStoreLimits()) {
        self.applied = .zero
        self.time = Timestamp(milliseconds: 0)
        self.limits = limits
        self.tenants = [:]
        self.places = [:]
        self.sessions = SessionTable()
    }

    /// Notes that the log entries up to `revision` were not commands.
    package mutating func skip(to revision: Revision) {
        precondition(revision >= self.applied, "skipping back to \(revision) from \(self.applied)")
        self.applied = revision
    }
}
