/// Whose ledger a file is: it is opened for no other node and no other cluster.
package struct LedgerIdentity: Hashable, Sendable {
    package let cluster: String
    package let node: UInt64

    /// Names a node of a cluster.
    package init(cluster: String, node: UInt64) {
        self.cluster = cluster
        self.node = node
    }
}
