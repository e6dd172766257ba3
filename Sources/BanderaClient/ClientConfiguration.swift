public import Flags

/// What a ``BanderaClient`` needs to know: where the nodes are, where home is, whose flags, and how
/// it proves who it is.
public struct ClientConfiguration: Sendable {
    /// How the client proves who it is.
    ///
    /// Paths name PEM files.
    public enum Credentials: Hashable, Sendable {
        /// Mutual TLS.
        case certificate(authority: String, certificate: String, key: String)
        /// TLS that verifies the server only, and a bearer token.
        case token(String, authority: String)
    }

    /// Nodes to begin with, nearest first.
    ///
    /// The topology adds the others after the first connection.
    public var endpoints: [Endpoint]
    /// The region whose nodes are preferred.
    ///
    /// Empty means none is home.
    public var region: String
    /// Whose flags are evaluated.
    public var environment: EnvironmentID
    /// How the client proves who it is.
    public var credentials: Credentials
    /// The cluster's name.
    ///
    /// Empty accepts whichever cluster the certificate authority vouches for.
    public var cluster: String
    /// Where the last ruleset that was received is kept for a start without the cluster.
    ///
    /// `nil` keeps none.
    public var lastKnownGoodPath: String?
    /// Who this client is, when it is only ever one: an app or a browser with the credential of a
    /// client SDK, which is not given rules but values.
    ///
    /// The node evaluates for this context and pushes a value when it changes; the client answers
    /// every evaluation with these values. Change it with ``BanderaClient/setContext(_:timeout:)``.
    /// `nil`, for servers, keeps the rules here and evaluates for any context.
    public var context: EvaluationContext?
    /// Whether evaluations and events are counted and reported.
    public var usage: UsageReporting
    /// What runs around every evaluation.
    public var hooks: [any EvaluationHook]
    /// How long things may take.
    public var timing: ClientTiming

    /// A configuration with the default timing and no last-known-good file.
    public init(
        endpoints: [Endpoint],
        region: String = "",
        environment: EnvironmentID,
        credentials: Credentials,
        cluster: String = "",
        lastKnownGoodPath: String? = nil,
        context: EvaluationContext? = nil,
        usage: UsageReporting = .standard,
        hooks: [any EvaluationHook] = [],
        timing: ClientTiming = ClientTiming()
    ) {
        self.endpoints = endpoints
        self.region = region
        self.environment = environment
        self.credentials = credentials
        self.cluster = cluster
        self.lastKnownGoodPath = lastKnownGoodPath
        self.context = context
        self.usage = usage
        self.hooks = hooks
        self.timing = timing
    }

    /// Refuses what cannot work, naming the field.
    package func validated() throws(BanderaError) -> ClientConfiguration {
        func refuse(_ message: String) -> BanderaError {
            BanderaError(.invalidConfiguration, message)
        }
        guard !self.endpoints.isEmpty else {
            throw refuse("endpoints is empty: name at least one node as host:port")
        }
        guard self.endpoints.count <= ClientLimits.endpointsMax else {
            throw refuse("endpoints has more than \(ClientLimits.endpointsMax) entries")
        }
        guard !self.environment.organization.isEmpty, !self.environment.environment.isEmpty else {
            throw refuse("environment must be written organization/environment")
        }
        if case .on(let interval) = self.usage, interval < ClientLimits.usageIntervalMin {
            throw refuse("usage.interval must be at least \(ClientLimits.usageIntervalMin)")
        }
        try self.timing.validate()
        return self
    }
}

/// How long a client waits, and for what.
public struct ClientTiming: Hashable, Sendable {
    /// From the first packet to the end of the handshake.
    public var connectTimeout = Duration.seconds(3)
    /// One call, all its attempts included.
    public var callTimeout = Duration.seconds(5)
    /// The first wait before an endpoint that failed is tried again; doubles at each failure.
    public var backoffMin = Duration.milliseconds(50)
    /// The longest such wait.
    public var backoffMax = Duration.seconds(5)
    /// How often a client that is away from home looks whether home is back.
    public var homeProbeInterval = Duration.seconds(1)
    /// How long home must have been healthy before the client goes back to it.
    public var homeStableFor = Duration.seconds(5)
    /// Without a connection for this long, evaluations are marked `STALE`.
    public var staleAfter = Duration.seconds(60)
    /// How long an acknowledgement may wait for more revisions to share its message.
    public var acknowledgementDelay = Duration.milliseconds(20)
    /// How long after a change the last-known-good file is written; later changes share the write.
    public var saveDelay = Duration.seconds(1)

    /// The defaults.
    public init() {}

    func validate() throws(BanderaError) {
        let positive: [(String, Duration)] = [
            ("connectTimeout", self.connectTimeout), ("callTimeout", self.callTimeout),
            ("backoffMin", self.backoffMin), ("homeProbeInterval", self.homeProbeInterval),
        ]
        for (name, duration) in positive where duration <= .zero {
            throw BanderaError(.invalidConfiguration, "timing.\(name) must be longer than zero")
        }
        guard self.backoffMax >= self.backoffMin else {
            throw BanderaError(
                .invalidConfiguration,
                "timing.backoffMax must not be shorter than backoffMin"
            )
        }
    }
}

extension Duration {
    /// Whole milliseconds, rounded down, never negative.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        guard seconds >= 0, seconds < Int64.max / 2_000 else { return seconds < 0 ? 0 : .max / 4 }
        return max(0, seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }
}
