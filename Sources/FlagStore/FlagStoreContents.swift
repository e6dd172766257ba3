package import Flags

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
        sessions: [Session] = []
    ) {
        self.applied = applied
        self.time = time
        self.organizations = organizations
        self.environments = environments
        self.plans = plans
        self.companies = companies
        self.flags = flags
        self.sessions = sessions
    }
}
