/// What part a node plays in consensus, as far as the answering node knows.
package enum NodeRole: String, Hashable, Sendable, CaseIterable {
    case unknown
    case follower
    case candidate
    case leader
    case learner
}

/// Whether a node can be used, as far as the answering node knows.
package enum NodeHealth: String, Hashable, Sendable, CaseIterable {
    case unknown
    case healthy
    /// Reachable, but behind the leader.
    case lagging
    case unreachable
}

/// Asks how the cluster is.
package struct StatusRequest: Hashable, Sendable {
    package init() {}
}

/// One node, as operators see it.
package struct NodeStatus: Hashable, Sendable {
    /// Never 0.
    package var id: UInt64
    /// The configured name.
    package var name: String
    /// Where the node is.
    package var region: String
    /// Where in the region.
    package var zone: String
    /// Its part in consensus.
    package var role: NodeRole
    /// Its current term.
    package var term: UInt64
    /// The last index that it knows to be committed.
    package var commit: UInt64
    /// The last index that it applied.
    package var applied: UInt64
    /// Whether it can be used.
    package var health: NodeHealth
    /// Where it takes clients, as `host:port`.
    package var clientAddress: String
    /// Where it takes nodes, as `host:port`.
    package var peerAddress: String
    /// How long ago the answering node last heard of it, 0 for itself.
    package var lastHeardMilliseconds: UInt64

    package init(
        id: UInt64,
        name: String,
        region: String,
        zone: String,
        role: NodeRole,
        term: UInt64,
        commit: UInt64,
        applied: UInt64,
        health: NodeHealth,
        clientAddress: String,
        peerAddress: String,
        lastHeardMilliseconds: UInt64
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.zone = zone
        self.role = role
        self.term = term
        self.commit = commit
        self.applied = applied
        self.health = health
        self.clientAddress = clientAddress
        self.peerAddress = peerAddress
        self.lastHeardMilliseconds = lastHeardMilliseconds
    }
}

/// What a node has written to its log since it started.
package struct LogWork: Hashable, Sendable {
    /// Each is one write and one `fdatasync`.
    package var appends: UInt64
    /// All that was in them.
    package var entries: UInt64

    package init(appends: UInt64 = 0, entries: UInt64 = 0) {
        self.appends = appends
        self.entries = entries
    }
}

/// How the cluster is.
package struct StatusResponse: Hashable, Sendable {
    /// Sorted by id.
    package var nodes: [NodeStatus]
    /// The id of the leader, `nil` when unknown.
    package var leader: UInt64?
    /// The name of the cluster.
    package var cluster: String
    /// The id of the node that answers.
    package var answeredBy: UInt64
    /// Of the node that answers.
    package var log: LogWork

    package init(
        nodes: [NodeStatus],
        leader: UInt64?,
        cluster: String,
        answeredBy: UInt64,
        log: LogWork = LogWork()
    ) {
        self.nodes = nodes
        self.leader = leader
        self.cluster = cluster
        self.answeredBy = answeredBy
        self.log = log
    }
}
