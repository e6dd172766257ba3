/// Whom one side of a connection accepts, among the holders of valid certificates.
package enum PeerPolicy: Sendable, Equatable {
    /// Exactly this node of this cluster (a peer link that dials a known address).
    case node(UInt64, cluster: String)
    /// Any node of this cluster (the peer port; a client that names its cluster).
    case anyNode(cluster: String)
    /// Any node of whatever cluster the authority serves (a token client that knows no name).
    case anyNodeOfAuthority
    /// Any node, operator or SDK of this cluster (the client port).
    case member(cluster: String)

    /// Whether `identity` is acceptable.
    package func accepts(_ identity: PeerIdentity) -> Bool {
        switch self {
        case .node(let id, let cluster):
            return identity.cluster == cluster && identity.name == .node(id)
        case .anyNode(let cluster):
            return identity.cluster == cluster && identity.isNode
        case .anyNodeOfAuthority:
            return identity.isNode
        case .member(let cluster):
            return identity.cluster == cluster
        }
    }
}

extension PeerPolicy: CustomStringConvertible {
    package var description: String {
        switch self {
        case .node(let id, let cluster): return "spiffe://\(cluster)/node/\(id)"
        case .anyNode(let cluster): return "any node of cluster \(cluster)"
        case .anyNodeOfAuthority: return "any node of the authority's cluster"
        case .member(let cluster): return "any node, operator or SDK of cluster \(cluster)"
        }
    }
}
