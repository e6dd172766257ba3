package import Flags
package import Releases
package import Usage

/// Everything in a `FlagStore`, in a form that can be stored and restored.
///
/// Each list is sorted.
package struct FlagStoreContents: Hashable, Sendable {
    /// A flag and where it lives.
    package struct PlacedFlag: Hashable, Sendable {
        package let environment: EnvironmentID
        package let flag: Flag

        /// Places a flag.
        package init(environment: EnvironmentID, flag: Flag) {
            self.environment = environment
            self.flag = flag
        }
    }

    /// A segment and where it lives.
    package struct PlacedSegment: Hashable, Sendable {
        package let environment: EnvironmentID
        package let segment: Segment

        /// Places a segment.
        package init(environment: EnvironmentID, segment: Segment) {
            self.environment = environment
            self.segment = segment
        }
    }

    /// How far an organization has used up its writes of a second.
    package struct TenantWindow: Hashable, Sendable {
        package let organization: String
        package let window: WriteWindow

        /// Notes a window.
        package init(organization: String, window: WriteWindow) {
            self.organization = organization
            self.window = window
        }
    }

    /// The last revision that is in it.
    package var applied: Revision
    /// The store's clock: the latest time of any command.
    package var time: Timestamp
    package var organizations: [Organization]
    package var environments: [Environment]
    package var plans: [Plan]
    package var companies: [Company]
    /// Archived flags too.
    package var flags: [PlacedFlag]
    /// Sorted by organization and name.
    package var members: [TeamMember]
    /// Sorted by organization and id; revoked and expired ones too.
    package var tokens: [AccessToken]
    /// Sorted by environment and key.
    package var segments: [PlacedSegment]
    /// Sorted by id: those that run, and the last ones that ended.
    package var releases: [Release]
    /// Sorted by id: the last ones.
    package var alerts: [Alert]
    /// Sorted by environment and flag.
    package var totals: [UsageTotals]
    /// Sorted by organization: those with a quota of writes that have written.
    package var windows: [TenantWindow]
    /// Evaluations and events that were not counted.
    package var dropped: UInt64
    /// Sorted by id.
    package var sessions: [Session]

    /// Gathers contents; by default there are none.
    package init(
        applied: Revision = .zero,
        time: Timestamp = Timestamp(milliseconds: 0),
        organizations: [Organization] = [],
        environments: [Environment] = [],
        plans: [Plan] = [],
        companies: [Company] = [],
        flags: [PlacedFlag] = [],
        members: [TeamMember] = [],
        tokens: [AccessToken] = [],
        segments: [PlacedSegment] = [],
        releases: [Release] = [],
        alerts: [Alert] = [],
        totals: [UsageTotals] = [],
        windows: [TenantWindow] = [],
        dropped: UInt64 = 0,
        sessions: [Session] = []
    ) {
        self.applied = applied
        self.time = time
        self.organizations = organizations
        self.environments = environments
        self.plans = plans
        self.companies = companies
        self.flags = flags
        self.members = members
        self.tokens = tokens
        self.segments = segments
        self.releases = releases
        self.alerts = alerts
        self.totals = totals
        self.windows = windows
        self.dropped = dropped
        self.sessions = sessions
    }
}
