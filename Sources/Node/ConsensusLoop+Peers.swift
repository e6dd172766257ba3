internal import ClientProtocol
internal import Logging
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Transport
internal import Wire

// MARK: - Links

extension ConsensusLoop {
    /// Keeps a link to each of the others that belong to the cluster, and to nobody else.
    func follow(_ topology: Topology) {
        guard let surroundings = self.surroundings else { return }
        let peers = topology.peers(of: self.replica.configuration.local.id)
        for (id, link) in self.links {
            guard peers.first(where: { $0.id == id })?.peerAddress != link.address else { continue }
            link.stop()
            self.links[id] = nil
            // Told at once: the closed connection will not be told by a link that was stopped.
            if link.wasUp { self.replica.peerDisconnected(id, now: Self.now) }
        }
        for peer in peers where self.links[peer.id] == nil {
            guard let link = surroundings.makeLink(peer) else {
                self.logger.error(
                    "the address of a member is none: it cannot be dialled",
                    metadata: ["peer": "\(peer.id.rawValue)", "address": "\(peer.peerAddress)"]
                )
                continue
            }
            self.links[peer.id] = link
            link.start()
        }
        self.logger.notice(
            "who belongs to the cluster",
            metadata: [
                "disks_known": "\(topology.members.count { $0.diskID != 0 })",
                "index": "\(topology.index)",
                "voters": "\(topology.voters.map(\.rawValue))",
                "learners": "\(topology.learners.map(\.rawValue))",
            ]
        )
    }

    /// Sends a batch on the link to a member, or answers somebody else on the call that it opened.
    func send(_ send: PeerSend) {
        if let link = self.links[send.to] {
            link.send(send.batch)
        } else {
            // Lost without a call or credit, as the network may lose anything.
            self.callers[send.to]?.send(send.batch.encode())
        }
    }
}

extension AdministrationChange {
    /// What an operator asks for; `nil` when leadership shall go somewhere and nobody could take it.
    init?(_ action: ClusterAction, views: [NodeView], _ topology: Topology) {
        switch action {
        case .add(let member):
            self = .add(
                Member(
                    id: NodeID(member.id),
                    name: member.name,
                    region: member.region,
                    zone: member.zone,
                    peerAddress: member.peerAddress,
                    clientAddress: member.clientAddress,
                    priority: member.priority
                )
            )
        case .promote(let id): self = .promote(NodeID(id))
        case .remove(let id): self = .remove(NodeID(id))
        case .replace(let old, let new): self = .replace(old: NodeID(old), new: NodeID(new))
        case .transfer(let target?): self = .transfer(to: NodeID(target))
        case .transfer(nil):
            guard let successor = Self.successor(views, topology) else { return nil }
            self = .transfer(to: successor)
        }
    }

    /// The reachable voter that should rather lead than the others and is furthest.
    private static func successor(_ views: [NodeView], _ topology: Topology) -> NodeID? {
        views
            .filter { view in
                view.isReachable && topology.voters.contains(view.member.id)
                    && view.vitals.map { $0.role != .leader } ?? false
            }
            .max { lhs, rhs in
                let left = (lhs.member.priority, lhs.vitals?.applied.rawValue ?? 0)
                let right = (rhs.member.priority, rhs.vitals?.applied.rawValue ?? 0)
                return left < right
            }?
            .member.id
    }
}

extension Status {
    static let noSuccessor = Status(
        code: .failedPrecondition,
        message: "no other voter can be reached that could lead; start another node first",
        detail: ErrorDetail(reason: "NO_SUCCESSOR")
    )
}
