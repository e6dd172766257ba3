internal import PeerProtocol
package import Raft

/// A node that is about to stop.
struct Stopping: Sendable {
    let since: Tick
    /// Who was offered leadership already.
    var tried: [NodeID] = []
}

/// How long leadership has been where it is.
struct LeadershipWatch: Sendable {
    /// The voter of higher priority, and since when both it and this node have been fine.
    var successor: NodeID?
    var since = Tick(0)
    /// After an attempt that came to nothing.
    var notBefore = Tick(0)
}

extension Replica {
    /// The process is about to end: hands leadership over if this node has it.
    ///
    /// Go on taking turns until `Turn.stop` answers, at most `stopMillisecondsMax` later.
    package mutating func prepareToStop(now: Tick) {
        guard self.stopping == nil else { return }
        self.stopping = Stopping(since: now)
    }

    /// Hands over to one voter after the other until one leads.
    mutating func driveStopping(_ now: Tick) {
        guard let stopping, self.stopOutcome == nil else { return }
        let isLate = stopping.since + ReplicaLimits.stopMillisecondsMax <= now
        guard self.raft.role == .leader else {
            // The next leader is waited for, so that what clients wait for can be handed to it.
            if self.raft.leader != nil || isLate || self.haltReason != nil {
                self.stopOutcome = .ready
            }
            return
        }
        guard !isLate else {
            self.stopOutcome = .impossible(
                "no voter took over within \(ReplicaLimits.stopMillisecondsMax) ms"
            )
            return
        }
        guard self.raft.transferTarget == nil else { return }
        let untried = self.successors(now: now).filter { !stopping.tried.contains($0) }
        guard let next = untried.first else {
            // One that lags may catch up, and one that did not answer may answer now.
            guard self.otherVoters.isEmpty else {
                self.stopping?.tried = []
                return
            }
            self.stopOutcome = .impossible("no other node has a vote")
            return
        }
        self.stopping?.tried.append(next)
        _ = self.raft.transferLeadership(to: next, now: now)
    }

    private var otherVoters: [NodeID] {
        self.cluster.membership.configuration.quorum.incoming.voters
            .filter { $0 != self.configuration.local.id }
    }

    /// Who could lead now: healthy and caught up; the highest priority first, then the longest log.
    private func successors(now: Tick) -> [NodeID] {
        let able = self.otherVoters.compactMap { node -> (node: NodeID, lag: UInt64)? in
            guard self.isHealthy(node, now: now), let lag = self.lag(of: node),
                lag <= ReplicaLimits.transferLagEntriesMax
            else { return nil }
            return (node, lag)
        }
        return able.sorted { lhs, rhs in
            let left = self.priority(of: lhs.node)
            let right = self.priority(of: rhs.node)
            if left != right { return left > right }
            return (lhs.lag, lhs.node.rawValue) < (rhs.lag, rhs.node.rawValue)
        }.map(\.node)
    }

    private func priority(of node: NodeID) -> UInt32 {
        self.cluster.directory[node]?.priority ?? 0
    }

    /// Hands leadership to a node of higher priority, once both have been fine for a while.
    ///
    /// Only ever upwards, so leadership does not go back and forth; after a failure it is left
    /// alone for a long time.
    mutating func followPriority(_ now: Tick) {
        guard self.raft.role == .leader, self.stopping == nil, self.job == nil,
            self.raft.transferTarget == nil, !self.cluster.membership.configuration.isJoint,
            let best = self.successors(now: now).first,
            self.priority(of: best) > self.priority(of: self.configuration.local.id)
        else {
            self.leadershipWatch.successor = nil
            return
        }
        guard self.leadershipWatch.successor == best else {
            self.leadershipWatch.successor = best
            self.leadershipWatch.since = now
            return
        }
        guard self.leadershipWatch.since + ReplicaLimits.priorityStableMilliseconds <= now,
            now >= self.leadershipWatch.notBefore
        else { return }
        self.leadershipWatch.notBefore = now + ReplicaLimits.priorityRetryMilliseconds
        _ = self.raft.transferLeadership(to: best, now: now)
    }
}
