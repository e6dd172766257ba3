package import Flags
package import Releases

/// Asks for the segments of an environment.
package struct SegmentsRequest: Hashable, Sendable {
    /// Where they live.
    package var environment: EnvironmentID
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(environment: EnvironmentID, atLeast: Revision = .zero) {
        self.environment = environment
        self.atLeast = atLeast
    }
}

/// The segments of an environment, sorted by key.
package struct SegmentsResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    package var segments: [Segment]

    package init(revision: Revision, segments: [Segment]) {
        self.revision = revision
        self.segments = segments
    }
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

    package init(
        environment: EnvironmentID,
        flag: String = "",
        includeFinished: Bool = false,
        atLeast: Revision = .zero
    ) {
        self.environment = environment
        self.flag = flag
        self.includeFinished = includeFinished
        self.atLeast = atLeast
    }
}

/// Releases, newest first.
package struct ReleasesResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    package var releases: [Release]

    package init(revision: Revision, releases: [Release]) {
        self.revision = revision
        self.releases = releases
    }
}

/// Asks for the alerts of an organization.
package struct AlertsRequest: Hashable, Sendable {
    /// Whose; empty means of all that the caller may see.
    package var organization: String
    /// Those that somebody has acknowledged too.
    package var includeAcknowledged: Bool
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(
        organization: String = "",
        includeAcknowledged: Bool = false,
        atLeast: Revision = .zero
    ) {
        self.organization = organization
        self.includeAcknowledged = includeAcknowledged
        self.atLeast = atLeast
    }
}

/// Alerts, newest first.
package struct AlertsResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    package var alerts: [Alert]

    package init(revision: Revision, alerts: [Alert]) {
        self.revision = revision
        self.alerts = alerts
    }
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
