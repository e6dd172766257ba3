internal import ClientProtocol
internal import PeerProtocol
internal import Raft
internal import Replica

extension ClientLoop {
    /// How the cluster is, for operators.
    func status(_ views: [NodeView], _ log: LogWork) -> StatusResponse {
        let local = views.first { $0.member.id == self.surroundings.local.id }
        let leader = local?.vitals?.leader
        let commit = local?.vitals?.commit ?? .zero
        return StatusResponse(
            nodes: views.map { view in
                NodeStatus(
                    id: view.member.id.rawValue,
                    name: view.member.name,
                    region: view.member.region,
                    zone: view.member.zone,
                    role: self.role(view),
                    term: view.vitals?.term.rawValue ?? 0,
                    commit: view.vitals?.commit.rawValue ?? 0,
                    applied: view.vitals?.applied.rawValue ?? 0,
                    health: self.health(view, commit: commit),
                    clientAddress: view.member.clientAddress,
                    peerAddress: view.member.peerAddress,
                    lastHeardMilliseconds: view.lastHeardMilliseconds ?? .max
                )
            },
            leader: leader?.rawValue,
            cluster: self.surroundings.cluster,
            answeredBy: self.surroundings.local.id.rawValue,
            log: log
        )
    }

    /// Where the nodes are and how far apart, for clients that choose one.
    func topology(_ views: [NodeView]) -> TopologyResponse {
        let own = self.surroundings.local.id.rawValue
        let commit = views.first { $0.member.id.rawValue == own }?.vitals?.commit ?? .zero
        return TopologyResponse(
            nodes: views.map { view in
                TopologyNode(
                    id: view.member.id.rawValue,
                    name: view.member.name,
                    region: view.member.region,
                    zone: view.member.zone,
                    health: self.health(view, commit: commit),
                    clientAddress: view.member.clientAddress
                )
            },
            roundTrips: views.compactMap { view in
                guard let microseconds = view.roundTripMicroseconds, microseconds > 0 else {
                    return nil
                }
                return RoundTrip(
                    from: own,
                    to: view.member.id.rawValue,
                    microseconds: UInt32(clamping: microseconds)
                )
            },
            answeredBy: own
        )
    }

    private func role(_ view: NodeView) -> NodeRole {
        // What an unreachable node last said of itself may long be untrue.
        guard view.isReachable, let vitals = view.vitals else { return .unknown }
        return switch vitals.role {
        case .follower: .follower
        case .preCandidate, .candidate: .candidate
        case .leader: .leader
        case .learner: .learner
        }
    }

    func health(_ view: NodeView, commit: LogIndex) -> NodeHealth {
        guard view.isReachable else { return .unreachable }
        guard let vitals = view.vitals else { return .unknown }
        let behind = commit.rawValue - min(commit.rawValue, vitals.applied.rawValue)
        return behind > NodeLimits.laggingEntriesMin ? .lagging : .healthy
    }
}
