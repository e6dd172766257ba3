/// Asks for what a client needs in order to choose a node.
package struct TopologyRequest: Hashable, Sendable {
    package init() {}
}

/// One node, as clients see it.
package struct TopologyNode: Hashable, Sendable {
    /// Never 0.
    package var id: UInt64
    /// The configured name.
    package var name: String
    /// Where the node is.
    package var region: String
    /// Where in the region.
    package var zone: String
    /// Whether it can be used.
    package var health: NodeHealth
    /// Where it takes clients, as `host:port`.
    package var clientAddress: String

    package init(
        id: UInt64,
        name: String,
        region: String,
        zone: String,
        health: NodeHealth,
        clientAddress: String
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.zone = zone
        self.health = health
        self.clientAddress = clientAddress
    }
}

/// A measured round trip between two nodes.
package struct RoundTrip: Hashable, Sendable {
    /// The id of the node that measured.
    package var from: UInt64
    /// The id of the other node.
    package var to: UInt64
    /// A running average.
    package var microseconds: UInt32

    package init(from: UInt64, to: UInt64, microseconds: UInt32) {
        self.from = from
        self.to = to
        self.microseconds = microseconds
    }
}

/// Where the nodes are and how far from each other.
package struct TopologyResponse: Hashable, Sendable {
    /// Sorted by id.
    package var nodes: [TopologyNode]
    /// Sorted by `from`, then `to`.
    package var roundTrips: [RoundTrip]
    /// The id of the node that answers.
    package var answeredBy: UInt64

    package init(nodes: [TopologyNode], roundTrips: [RoundTrip], answeredBy: UInt64) {
        self.nodes = nodes
        self.roundTrips = roundTrips
        self.answeredBy = answeredBy
    }
}
