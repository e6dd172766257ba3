extension ConnectionPlan {
    /// What the shell is to do next.
    package enum Action: Equatable, Sendable {
        /// Nothing before `until`; `nil` means nothing until the next input.
        case wait(until: Moment?)
        /// Open the connection that is to carry the watch, then report `connected` or `failed`.
        case dial(Endpoint)
        /// Open a connection, ask for the topology, close it, then report `probed`.
        case probe(Endpoint)
        /// Close the connection to this endpoint: another one has taken over.
        case close(Endpoint)
    }

    /// The numbers that the plan works with.
    package struct Settings: Hashable, Sendable {
        /// The preferred region; empty for none.
        package var region: String
        /// How long an endpoint that failed is left alone.
        package var backoff: Backoff
        /// How often home is looked at while away.
        package var homeProbeInterval: Int64
        /// How long home must have been healthy before the client goes back.
        package var homeStableFor: Int64

        /// The settings of a configuration.
        package init(region: String, timing: ClientTiming) {
            self.region = region
            self.backoff = Backoff(
                millisecondsMin: max(1, timing.backoffMin.wholeMilliseconds),
                millisecondsMax: max(1, timing.backoffMax.wholeMilliseconds)
            )
            self.homeProbeInterval = max(1, timing.homeProbeInterval.wholeMilliseconds)
            self.homeStableFor = timing.homeStableFor.wholeMilliseconds
        }
    }

    /// A node as the topology tells of it.
    package struct Neighbour: Hashable, Sendable {
        /// Where it listens, in which region.
        package var endpoint: Endpoint
        /// Whether the cluster has heard from it lately.
        package var isHealthy: Bool
        /// The round trip from the home region to it in microseconds, if the nodes measured one.
        package var roundTripFromHome: Int64?

        /// One node.
        package init(endpoint: Endpoint, isHealthy: Bool, roundTripFromHome: Int64? = nil) {
            self.endpoint = endpoint
            self.isHealthy = isHealthy
            self.roundTripFromHome = roundTripFromHome
        }
    }

    /// An endpoint and what experience with it says.
    struct Candidate: Sendable {
        var endpoint: Endpoint
        /// Position in the configuration; what the topology adds comes after.
        var order: Int
        /// Whether the topology calls it healthy.
        ///
        /// Advice for the order only: the client finds out itself.
        var isReportedHealthy = true
        /// Microseconds, as this client measured.
        var measuredRoundTrip: Int64?
        /// Microseconds from the home region, as the nodes measured.
        var estimatedRoundTrip: Int64?
        /// Failures in a row; a connection that lasted clears it.
        var failures = 0
        /// Left alone before this moment.
        var notBefore = Moment(.min)
        /// Since when every look at it succeeded.
        var healthySince: Moment?
        var lastProbe = Moment(.min)
    }
}
