package import Flags
internal import HashTreeCollections
internal import Releases
internal import Usage

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
        /// Of flags that were ever used.
        var totals: TreeDictionary<FlagKey, UsageTotals> = [:]
        /// The flags, archived ones aside, that have a flag as a prerequisite.
        var dependents = ReferenceIndex<FlagKey, FlagKey>()
        /// The flags, archived ones aside, and segments whose rules name a segment.
        var segmentUsers = ReferenceIndex<String, SegmentUser>()

        func compiledFlag(_ key: FlagKey) -> CompiledFlag? { self.flags[key]?.compiled }

        func compiledSegment(_ key: String) -> CompiledSegment? { self.segments[key]?.compiled }
    }

    /// A release, with when it is on the agenda.
    struct StoredRelease: Sendable {
        var release: Release
        /// `nil` when it waits for more than time.
        var due: Timestamp?
    }

    /// An organization with what it owns.
    struct Tenant: Sendable {
        var organization: Organization
        var environmentCount = 0
        /// Flags of all environments, archived ones aside.
        var flagCount = 0
        /// Flags that are active and enabled.
        var servingCount = 0
        var plans: TreeDictionary<String, Plan> = [:]
        var companies: TreeDictionary<String, Company> = [:]
        var members: TreeDictionary<String, TeamMember> = [:]
        var releases = RecentItems<StoredRelease>()
        var alerts = RecentItems<Alert>()
        /// Who used any of its flags.
        var users = HyperLogLog()
        /// `nil` before the first write under a quota.
        var window: WriteWindow?
    }

    /// The last revision that was applied or skipped.
    package internal(set) var applied: Revision
    /// The latest time of any command: it never goes back, whatever the nodes' clocks do.
    package internal(set) var time: Timestamp
    /// What all nodes of the cluster agree on.
    package let limits: FlagStoreLimits
    /// Evaluations and events that nobody had room to count.
    package internal(set) var dropped: UInt64
    var tenants: TreeDictionary<String, Tenant>
    var places: TreeDictionary<EnvironmentID, Place>
    /// Which organization a host shows.
    var hosts: TreeDictionary<String, String>
    var tokens: TokenTable
    /// The organizations that the kept alerts are of.
    var alertHomes: TreeDictionary<Revision, String>
    var agenda: Agenda
    /// Organizations with a quota of writes: while there are none, no write looks for one.
    var writeQuotaCount: Int
    var sessions: SessionTable

    /// Creates an empty store.
    package init(limits: FlagStoreLimits = FlagStoreLimits()) {
        self.applied = .zero
        self.time = Timestamp(milliseconds: 0)
        self.limits = limits
        self.dropped = 0
        self.tenants = [:]
        self.places = [:]
        self.hosts = [:]
        self.tokens = TokenTable()
        self.alertHomes = [:]
        self.agenda = Agenda()
        self.writeQuotaCount = 0
        self.sessions = SessionTable()
    }

    /// Notes that the log entries up to `revision` were not commands.
    package mutating func skip(to revision: Revision) {
        precondition(revision >= self.applied, "skipping back to \(revision) from \(self.applied)")
        self.applied = revision
    }
}

extension Flag {
    /// Whether contexts are asked for at all.
    var isServing: Bool { self.status == .active && self.enabled && !self.isArchived }
}
