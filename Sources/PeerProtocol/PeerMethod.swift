/// The methods of the peer port.
package enum PeerMethod: String, Hashable, Sendable, CaseIterable {
    /// Carries batches for as long as two nodes are connected.
    case exchange = "bandera.peer.v1.Peer/Exchange"
}
