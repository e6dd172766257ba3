package import Flags
package import Releases

/// Asks for the segments of an environment.
package struct SegmentsRequest: Hashable, Sendable {
    /// Where they live.
    package var environment: EnvironmentID
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// The key after which segments are wanted; empty means from the first on.
    package var after: String

    package init(environment: EnvironmentID, atLeast: Revision = .zero, after: String = "") {
        self.environment = environment
        self.atLeast = atLeast
        self.after = after
    }
}

/// The segments of an environment, sorted by key, as many as one answer holds.
package struct SegmentsResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    package var segments: [Segment]
    /// Whether there are more after the last.
    package var hasMore: Bool

    package init(revision: Revision, segments: [Segment], hasMore: Bool = false) {
        self.revision = revision
        self.segments = segments
        self.hasMore = hasMore
    }

    /// What the next ones are asked for after; `nil` when there are none.
    package var next: String? { self.hasMore ? self.segments.last?.key : nil }
}

/// Asks for the releases of an environment, or of one flag.
package struct ReleasesRequest: Hashable, Sendable {
    /// Where they run.
    package var environment: EnvironmentID
    /// The only flag whose releases are wanted; empty means all.
    package var flag: String
    /// Those that ended too.
    package var includeFinished: Bool
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// The id before which releases were started that are wanted; zero means from the newest on.
    package var after: Revision

    package init(
        environment: EnvironmentID,
        flag: String = "",
        includeFinished: Bool = false,
        atLeast: Revision = .zero,
        after: Revision = .zero
    ) {
        self.environment = environment
        self.flag = flag
        self.includeFinished = includeFinished
        self.atLeast = atLeast
        self.after = after
    }
}

/// Releases, newest first, as many as one answer holds.
package struct ReleasesResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    package var releases: [Release]
    /// Whether there are more after the last.
    package var hasMore: Bool

    package init(revision: Revision, releases: [Release], hasMore: Bool = false) {
        self.revision = revision
        self.releases = releases
        self.hasMore = hasMore
    }

    /// What the next ones are asked for after; `nil` when there are none.
    package var next: Revision? { self.hasMore ? self.releases.last?.id : nil }
}

/// Asks for the alerts of an organization.
package struct AlertsRequest: Hashable, Sendable {
    /// Whose; empty means of all that the caller may see.
    package var organization: String
    /// The only environment of the organization; empty means all that the caller may see.
    package var environment: String
    /// Those that somebody has acknowledged too.
    package var includeAcknowledged: Bool
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// The id before which alerts were raised that are wanted; zero means from the newest on.
    package var after: Revision

    package init(
        organization: String = "",
        environment: String = "",
        includeAcknowledged: Bool = false,
        atLeast: Revision = .zero,
        after: Revision = .zero
    ) {
        self.organization = organization
        self.environment = environment
        self.includeAcknowledged = includeAcknowledged
        self.atLeast = atLeast
        self.after = after
    }
}

/// Alerts, newest first, as many as one answer holds.
package struct AlertsResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    package var alerts: [Alert]
    /// Whether there are more after the last.
    package var hasMore: Bool

    package init(revision: Revision, alerts: [Alert], hasMore: Bool = false) {
        self.revision = revision
        self.alerts = alerts
        self.hasMore = hasMore
    }

    /// What the next ones are asked for after; `nil` when there are none.
    package var next: Revision? { self.hasMore ? self.alerts.last?.id : nil }
}

/// Asks who the caller is, as the node sees it.
package struct WhoAmIRequest: Hashable, Sendable {
    package init() {}
}

/// Who the caller is.
package struct WhoAmIResponse: Hashable, Sendable {
    /// As in the history.
    package var actor: String
    /// What it may do, and where.
    package var authority: Authority

    package init(actor: String, authority: Authority) {
        self.actor = actor
        self.authority = authority
    }
}
