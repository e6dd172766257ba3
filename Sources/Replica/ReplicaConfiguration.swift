package import Raft

/// One node of the cluster, as the configuration names it.
package struct Member: Hashable, Sendable {
    package let id: NodeID
    package let name: String
    package let region: String
    package let zone: String
    /// `host:port` of the listener that other nodes dial.
    package let peerAddress: String
    /// `host:port` of the listener that clients dial.
    package let clientAddress: String

    package init(
        id: NodeID,
        name: String,
        region: String,
        zone: String,
        peerAddress: String,
        clientAddress: String
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.zone = zone
        self.peerAddress = peerAddress
        self.clientAddress = clientAddress
    }
}

/// What a replica is told once, at start.
package struct ReplicaConfiguration: Sendable {
    /// Sorted by id; contains this node.
    package let members: [Member]
    package let local: Member
    /// Chosen at random when the process starts, so that a restarted node never mistakes an entry
    /// of its previous life for an answer to a call of this one.
    package let incarnation: UInt64

    package init(members: [Member], local: NodeID, incarnation: UInt64) {
        let sorted = members.sorted { $0.id < $1.id }
        guard let own = sorted.first(where: { $0.id == local }) else {
            preconditionFailure("node \(local) is not among the members it was given")
        }
        self.members = sorted
        self.local = own
        self.incarnation = incarnation
    }

    /// Everybody else, by id.
    package var peers: [Member] { self.members.filter { $0.id != self.local.id } }
}
