/// Asks for what a client needs in order to choose a node.
package struct TopologyRequest: Hashable, Sendable {
    package init() {}
}

/// One node, as clients see it.
package struct TopologyNode: Hashable, Sendable {
    package var id: UInt64
    package var name: String
    package var region: String
    package var zone: String
    package var health: NodeHealth
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
    package var from: UInt64
    package var to: UInt64
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
