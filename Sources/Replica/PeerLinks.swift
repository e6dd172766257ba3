internal import PeerProtocol
internal import Raft

/// What this node knows of each peer: whether frames flow, how far away it is, how it said it was.
struct PeerLinks: Sendable {
    struct Link: Sendable {
        var member: Member
        var isUp = false
        /// Smoothed as TCP does (RFC 6298: 7/8 old, 1/8 new); `nil` before the first measurement.
        var roundTripMicroseconds: UInt64?
        var lastHeard: Tick?
        var vitals: Vitals?
    }

    /// Sorted by id.
    private(set) var links: [Link] = []
    /// Peers outside of the topology whose frames flow.
    private var strangersUp: [NodeID] = []

    /// Follows a change of the cluster: what is known of those who stay is kept.
    mutating func follow(_ peers: [Member]) {
        self.links = peers.map { member in
            var link = self[member.id] ?? Link(member: member)
            link.member = member
            if self.strangersUp.contains(member.id) { link.isUp = true }
            return link
        }
        self.strangersUp.removeAll { id in peers.contains { $0.id == id } }
    }

    func isUp(_ peer: NodeID) -> Bool { self[peer]?.isUp ?? false }

    subscript(_ peer: NodeID) -> Link? { self.links.first { $0.member.id == peer } }

    mutating func setUp(_ peer: NodeID, _ isUp: Bool, now: Tick) {
        if self[peer] == nil {
            self.strangersUp.removeAll { $0 == peer }
            guard isUp, self.strangersUp.count < ReplicaLimits.strangersMax else { return }
            self.strangersUp.append(peer)
        }
        self.update(peer) { link in
            link.isUp = isUp
            if isUp { link.lastHeard = now }
        }
    }

    mutating func setRoundTrip(_ peer: NodeID, microseconds: UInt64) {
        self.update(peer) { link in
            let old = link.roundTripMicroseconds ?? microseconds
            link.roundTripMicroseconds = (old * 7 + microseconds) / 8
        }
    }

    mutating func heard(_ peer: NodeID, now: Tick, vitals: Vitals?) {
        self.update(peer) { link in
            link.lastHeard = now
            if let vitals { link.vitals = vitals }
        }
    }

    /// The reachable node of a region with the shortest measured round trip; unmeasured ones last.
    func nearest(in region: String) -> NodeID? {
        self.links
            .filter { $0.isUp && $0.member.region == region }
            .min { lhs, rhs in
                let left = (lhs.roundTripMicroseconds ?? .max, lhs.member.id.rawValue)
                let right = (rhs.roundTripMicroseconds ?? .max, rhs.member.id.rawValue)
                return left < right
            }?
            .member.id
    }

    private mutating func update(_ peer: NodeID, _ change: (inout Link) -> Void) {
        guard let index = self.links.firstIndex(where: { $0.member.id == peer }) else { return }
        change(&self.links[index])
    }
}
