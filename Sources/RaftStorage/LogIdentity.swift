package import Raft

/// Whose log a folder holds. Written once and checked at every open.
package struct LogIdentity: Hashable, Sendable {
    package let cluster: String
    package let node: NodeID

    package init(cluster: String, node: NodeID) {
        precondition(!cluster.isEmpty, "a cluster has a name")
        precondition(
            cluster.utf8.count <= RaftStorageLimits.clusterBytesMax,
            "a cluster's name has at most \(RaftStorageLimits.clusterBytesMax) bytes"
        )
        precondition(node.rawValue > 0, "a node's identity is never 0")
        self.cluster = cluster
        self.node = node
    }
}
