package import PeerProtocol
package import Raft

/// How one node is, as seen from this one.
package struct NodeView: Equatable, Sendable {
    package let member: Member
    package let vitals: Vitals?
    package let isReachable: Bool
    package let lastHeardMilliseconds: UInt64?
    package let roundTripMicroseconds: UInt64?
}

extension Replica {
    /// Every member, in order of id: this node as it is, the others as they last said.
    package func nodes(_ now: Tick) -> [NodeView] {
        self.topology.members.map { member in
            guard member.id != self.configuration.local.id else {
                return NodeView(
                    member: member,
                    vitals: self.vitals,
                    isReachable: true,
                    lastHeardMilliseconds: 0,
                    roundTripMicroseconds: 0
                )
            }
            let link = self.links[member.id]
            let heard = link?.lastHeard.map { now.rawValue - min($0.rawValue, now.rawValue) }
            let isFresh = (heard ?? .max) <= ReplicaLimits.vitalsFreshMillisecondsMax
            return NodeView(
                member: member,
                vitals: link?.vitals,
                isReachable: (link?.isUp ?? false) && isFresh,
                lastHeardMilliseconds: heard,
                roundTripMicroseconds: link?.roundTripMicroseconds
            )
        }
    }

    /// How this node is.
    package var vitals: Vitals {
        Vitals(
            role: self.raft.role,
            term: self.raft.term,
            leader: self.raft.leader,
            commit: self.raft.commit,
            applied: self.raft.applied
        )
    }

    mutating func sendVitals() {
        let own = self.configuration.local
        let isKnown = self.cluster.directory[own.id] == own
        self.outboxes.add(self.vitals, introduction: isKnown ? nil : own)
    }
}
