package import Flags

/// What an SDK counted since its last report.
package struct UsageReport: Hashable, Sendable {
    /// One combination of flag, variation and who it was for.
    package struct Entry: Hashable, Sendable {
        package var flag: FlagKey
        /// Empty for evaluations that gave none.
        package var variation: String
        package var company: String
        package var plan: String
        package var role: String
        package var region: String
        package var counts: UsageCounts

        package init(
            flag: FlagKey,
            variation: String,
            company: String = "",
            plan: String = "",
            role: String = "",
            region: String = "",
            counts: UsageCounts
        ) {
            self.flag = flag
            self.variation = variation
            self.company = company
            self.plan = plan
            self.role = role
            self.region = region
            self.counts = counts
        }
    }

    /// Where the flags live.
    package var environment: EnvironmentID
    /// When the first of it happened, by the SDK's clock.
    package var start: Timestamp
    package var entries: [Entry]
    /// Who used what; each `environment` is the report's.
    package var sketches: [UsageSketch]
    /// What the SDK had no room to count.
    package var dropped: UInt64
    /// Drawn at random by each client; 0 when it does not say.
    package var client: UInt64
    /// The client's number of the report, from 1: under the same number it is counted once.
    package var number: UInt64

    package init(
        environment: EnvironmentID,
        start: Timestamp,
        entries: [Entry] = [],
        sketches: [UsageSketch] = [],
        dropped: UInt64 = 0,
        client: UInt64 = 0,
        number: UInt64 = 0
    ) {
        self.environment = environment
        self.start = start
        self.entries = entries
        self.sketches = sketches
        self.dropped = dropped
        self.client = client
        self.number = number
    }
}

/// The node has counted a report.
package struct UsageReceipt: Hashable, Sendable {
    /// What the node had no room to count.
    package var dropped: UInt64

    package init(dropped: UInt64) { self.dropped = dropped }
}

/// Asks for what was used when.
package struct UsageQuery: Hashable, Sendable {
    package var environment: EnvironmentID
    /// The only flag; empty means all.
    package var flag: String
    /// The first period's beginning, inclusive.
    package var from: Timestamp
    /// Exclusive.
    package var to: Timestamp
    package var resolution: UsageResolution
    package var dimension: UsageDimension
    /// The only value of the dimension; empty means all.
    package var value: String
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(
        environment: EnvironmentID,
        flag: String = "",
        from: Timestamp,
        to: Timestamp,
        resolution: UsageResolution,
        dimension: UsageDimension = .total,
        value: String = "",
        atLeast: Revision = .zero
    ) {
        self.environment = environment
        self.flag = flag
        self.from = from
        self.to = to
        self.resolution = resolution
        self.dimension = dimension
        self.value = value
        self.atLeast = atLeast
    }
}

/// What was used when, sorted by start, flag, variation and value.
package struct UsageQueryResponse: Hashable, Sendable {
    package var revision: Revision
    package var rows: [UsageRow]
    /// Whether there was more than one answer may have: ask for less.
    package var isCut: Bool

    package init(revision: Revision, rows: [UsageRow], isCut: Bool) {
        self.revision = revision
        self.rows = rows
        self.isCut = isCut
    }
}

/// Asks how flags do.
package struct MetricsRequest: Hashable, Sendable {
    package var environment: EnvironmentID
    /// The only flag; empty means all that were ever used.
    package var flag: String
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// Flags whose keys come after this one.
    package var after: String

    package init(
        environment: EnvironmentID,
        flag: String = "",
        atLeast: Revision = .zero,
        after: String = ""
    ) {
        self.environment = environment
        self.flag = flag
        self.atLeast = atLeast
        self.after = after
    }
}

/// How flags do, sorted by key.
package struct MetricsResponse: Hashable, Sendable {
    package var revision: Revision
    package var metrics: [FeatureMetrics]
    /// Whether there are more flags than one answer may have: ask for those after the last.
    package var hasMore: Bool

    package init(revision: Revision, metrics: [FeatureMetrics], hasMore: Bool = false) {
        self.revision = revision
        self.metrics = metrics
        self.hasMore = hasMore
    }
}

/// Asks how everything is.
package struct OverviewRequest: Hashable, Sendable {
    /// The only organization; empty means all that the caller may see.
    package var organization: String
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(organization: String = "", atLeast: Revision = .zero) {
        self.organization = organization
        self.atLeast = atLeast
    }
}

/// How everything is.
package struct OverviewResponse: Hashable, Sendable {
    package var revision: Revision
    /// Flags that are active and enabled.
    package var activeFeatures: UInt64
    /// Releases that run or are paused.
    package var pendingReleases: UInt64
    /// Alerts of rollbacks that nobody has acknowledged.
    package var rollbackAlerts: UInt64
    /// Nodes that are healthy, and nodes in all.
    package var healthyNodes: UInt64
    package var nodes: UInt64
    package var companies: UInt64
    /// Distinct users of all flags, estimated.
    package var users: UInt64
    /// Of the node that answers.
    package var uptimeMilliseconds: UInt64
    /// Evaluations and events that nobody had room to count.
    package var droppedUsage: UInt64

    package init(
        revision: Revision,
        activeFeatures: UInt64,
        pendingReleases: UInt64,
        rollbackAlerts: UInt64,
        healthyNodes: UInt64,
        nodes: UInt64,
        companies: UInt64,
        users: UInt64,
        uptimeMilliseconds: UInt64,
        droppedUsage: UInt64
    ) {
        self.revision = revision
        self.activeFeatures = activeFeatures
        self.pendingReleases = pendingReleases
        self.rollbackAlerts = rollbackAlerts
        self.healthyNodes = healthyNodes
        self.nodes = nodes
        self.companies = companies
        self.users = users
        self.uptimeMilliseconds = uptimeMilliseconds
        self.droppedUsage = droppedUsage
    }
}
