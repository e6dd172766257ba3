package import Raft

/// One node of the cluster: who it is, where it is and where it can be reached.
package struct Member: Hashable, Sendable {
    package var id: NodeID
    package var name: String
    package var region: String
    package var zone: String
    /// `host:port` of the listener that other nodes dial.
    package var peerAddress: String
    /// `host:port` of the listener that clients dial.
    package var clientAddress: String
    /// Who should lead: the higher, the rather.
    package var priority: UInt32
    /// The random identity of its disk; 0 while it is not known.
    package var diskID: UInt64

    package init(
        id: NodeID,
        name: String,
        region: String,
        zone: String,
        peerAddress: String,
        clientAddress: String,
        priority: UInt32 = 0,
        diskID: UInt64 = 0
    ) {
        self.id = id
        self.name = name
        self.region = region
        self.zone = zone
        self.peerAddress = peerAddress
        self.clientAddress = clientAddress
        self.priority = priority
        self.diskID = diskID
    }
}
