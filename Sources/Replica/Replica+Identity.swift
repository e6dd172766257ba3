package import PeerProtocol
package import Raft
internal import Wire

/// What the others said about themselves, and who was told that nobody listens to them.
struct Acquaintances: Sendable {
    struct Acquaintance: Sendable {
        var diskID: UInt64 = 0
        var introduction: Member?
    }

    private var met: [NodeID: Acquaintance] = [:]
    private var refusedAt: [NodeID: Tick] = [:]

    subscript(_ node: NodeID) -> Acquaintance? { self.met[node] }

    /// Remembers the latest that a node said.
    mutating func heard(_ node: NodeID, diskID: UInt64, introduction: Member?) {
        guard self.met[node] != nil || self.met.count < ReplicaLimits.strangersMax else { return }
        if diskID != 0 { self.met[node, default: Acquaintance()].diskID = diskID }
        if let introduction, introduction.id == node {
            self.met[node, default: Acquaintance()].introduction = introduction
        }
    }

    /// What a node said of itself is in the directory, or older than what is.
    mutating func forgetIntroduction(of node: NodeID) { self.met[node]?.introduction = nil }

    /// Whether a node may be told again that it is refused.
    mutating func mayRefuse(_ node: NodeID, now: Tick) -> Bool {
        if let last = self.refusedAt[node] {
            guard now >= last + ReplicaLimits.refusalIntervalMilliseconds else { return false }
        } else if self.refusedAt.count >= ReplicaLimits.strangersMax {
            return false
        }
        self.refusedAt[node] = now
        return true
    }
}

// MARK: - Who is listened to

extension Replica {
    /// Whether a batch counts; if not, its sender is told why, now and then.
    ///
    /// A node that lost its disk has forgotten its votes and its acknowledgements: under its old id
    /// it could vote twice or bring down what it acknowledged. So the id is tied to the disk.
    mutating func admits(_ peer: NodeID, diskID: UInt64, now: Tick) -> Bool {
        guard let reason = self.refusalReason(peer, diskID: diskID) else { return true }
        if self.acquaintances.mayRefuse(peer, now: now) {
            self.outboxes.add(
                PeerRefusal(node: peer, diskID: diskID, reason: reason),
                to: peer
            )
        }
        return false
    }

    private func refusalReason(_ peer: NodeID, diskID: UInt64) -> PeerRefusal.Reason? {
        // A leader that was removed still has to hand over to somebody.
        if self.cluster.isRetired(peer) { return self.raft.leader == peer ? nil : .retired }
        let recorded = self.cluster.committedDirectory[peer]?.diskID ?? 0
        // 0 comes from a version that has no disk identities.
        guard recorded != 0, diskID != 0, recorded != diskID else { return nil }
        return .otherDisk
    }

    /// A peer does not listen to this node, and says why.
    mutating func takeRefusal(_ refusal: PeerRefusal, from peer: NodeID) {
        let own = self.configuration.local
        guard refusal.node == own.id, refusal.diskID == own.diskID else { return }
        switch refusal.reason {
        case .retired: self.halt(.removed)
        case .otherDisk: self.halt(.otherDisk(saidBy: peer))
        }
    }

    /// Whether this node itself knows that it was removed.
    ///
    /// A leader goes on until it has stepped down.
    mutating func haltIfRemoved() {
        guard self.raft.role != .leader, self.cluster.isRetired(self.configuration.local.id)
        else { return }
        self.halt(.removed)
    }

    /// Does nothing any more, and says so to everybody who waits.
    private mutating func halt(_ reason: HaltReason) {
        guard self.haltReason == nil else { return }
        self.haltReason = reason
        self.failEverything(Status.halted(reason))
    }

    private mutating func failEverything(_ status: Status) {
        for call in self.pending.keys.sorted() { self.giveUp(call, status) }
        self.waiting = []
        for call in self.routed.keys.sorted() {
            self.replies.append(Reply(call: call, result: .routeUnavailable))
        }
        self.routed = [:]
        for call in self.reads.removeAll() {
            self.replies.append(Reply(call: call, result: .failed(status)))
        }
        for call in self.administrations.keys.sorted() {
            self.replies.append(Reply(call: call, result: .failed(status)))
        }
        self.administrations = [:]
    }
}

// MARK: - What the directory says

extension Replica {
    /// As the leader, writes down what the members said about themselves: the disks of those whose
    /// disk is not known yet, and where they are if they moved.
    mutating func maintainDirectory(now: Tick) {
        guard self.raft.role == .leader, self.job == nil, self.raft.transferTarget == nil,
            self.cluster.membership == self.cluster.committed,
            !self.cluster.membership.configuration.isJoint
        else { return }
        var directory = self.cluster.directory
        var changed: NodeID?
        for id in self.cluster.membership.configuration.members {
            guard let member = self.description(of: id, in: directory), member != directory[id]
            else { continue }
            directory.put(member)
            changed = id
        }
        guard let changed else { return }
        // Refused for now, it is tried again at the next occasion.
        _ = self.raft.changeMembership(
            MembershipChange([.update(changed)]),
            context: directory.encode(using: self.arena),
            now: now
        )
    }

    /// A member as it describes itself, with the disk that was recorded first.
    private func description(of id: NodeID, in directory: Directory) -> Member? {
        let recorded = directory[id]
        let own = self.configuration.local
        let said = id == own.id ? own : self.acquaintances[id]?.introduction
        guard var member = said ?? recorded else { return nil }
        if said != nil, directory.conflict(of: member) != nil || !member.fitsProtocol {
            guard let recorded else { return nil }
            member = recorded
        }
        let known = recorded?.diskID ?? 0
        let heard = id == own.id ? own.diskID : self.acquaintances[id]?.diskID ?? 0
        member.diskID = known != 0 ? known : heard
        return member
    }
}

extension Directory {
    /// Another member that has the same name or address; `nil` if there is none.
    func conflict(of member: Member) -> (other: Member, what: String)? {
        for other in self.members where other.id != member.id {
            if !member.name.isEmpty, other.name == member.name { return (other, "name") }
            if !member.peerAddress.isEmpty, other.peerAddress == member.peerAddress {
                return (other, "peer address")
            }
            if !member.clientAddress.isEmpty, other.clientAddress == member.clientAddress {
                return (other, "client address")
            }
        }
        return nil
    }

    /// What a node adds to its election timeouts, so that one of higher priority is elected before
    /// it: the shell sets `RaftConfiguration.electionDelay` to this at start.
    package func electionDelay(of id: NodeID) -> UInt64 {
        let highest = self.members.map(\.priority).max() ?? 0
        let missing = UInt64(highest - min(highest, self[id]?.priority ?? highest))
        let (delay, overflow) = missing.multipliedReportingOverflow(
            by: ReplicaLimits.priorityDelayMilliseconds
        )
        return overflow
            ? ReplicaLimits.priorityDelayMillisecondsMax
            : min(delay, ReplicaLimits.priorityDelayMillisecondsMax)
    }
}

extension Status {
    static func halted(_ reason: HaltReason) -> Status {
        Status(
            code: .unavailable,
            message: "\(reason); nothing was written; try another node",
            detail: ErrorDetail(reason: "NODE_HALTED")
        )
    }
}
