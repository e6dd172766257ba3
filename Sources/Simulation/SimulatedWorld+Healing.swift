internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica

/// The liveness phase: faults are over for a quorum, and it must serve.
extension SimulatedWorld {
    /// Ends all faults for a quorum, or for everybody: the rest of the run must converge.
    func heal() {
        self.core = self.chooseCore()
        self.isHealed = true
        self.note("healed: \(self.core.map { self.nodes[$0].id }) go on")
        self.network.heal()
        for index in self.nodes.indices {
            let node = self.nodes[index]
            node.isSlowUntil = 0
            node.disk.cancelFaults()
            node.disk.capacityBytes = .max
            if node.isLost { continue }
            if !self.core.contains(index) {
                // Gone for good, without a word.
                node.end(losesPower: true, operations: nil, keepsRecords: { _ in 0 })
                self.watchersLose(index)
            } else if node.isPaused {
                self.plan(.resume(node: index, life: node.life), after: self.draw(0...100_000))
            } else if !node.isUp {
                self.plan(.restart(node: index), after: self.draw(1...100_000))
            }
        }
        for one in self.core {
            for other in self.core where other > one {
                self.connect(one, other, within: 100_000...300_000)
            }
        }
        for number in self.clients.indices { self.wakeClient(number) }
    }

    private func wakeClient(_ number: Int) {
        self.plan(
            .client(number, attempt: self.clients[number].attempt),
            after: self.draw(0...200_000)
        )
    }

    /// A quorum of whatever configuration is in force, or everybody.
    private func chooseCore() -> [Int] {
        let left = self.nodes.indices.filter { !self.nodes[$0].isLost }
        // A damaged disk may show at the next start only, when nobody replaces nodes any more.
        let undamaged = left.filter { !self.nodes[$0].isDamaged }
        let sound = self.isQuorum(undamaged) ? undamaged : left
        // A change that is under way may still take a node out of the configuration.
        let isChanging =
            self.operation.asked != nil || self.operation.uncertainUntil > self.now
        guard self.parameters.healsQuorumOnly, !isChanging else { return sound }
        var core = sound
        for _ in sound {
            guard let dropped = self.pick(core) else { break }
            let rest = core.filter { $0 != dropped }
            guard self.isQuorum(rest) else { continue }
            core = rest
        }
        return core
    }

    /// Whether some nodes suffice, whichever configuration any of them goes by.
    func isQuorum(_ indices: [Int]) -> Bool {
        let configurations = self.nodes.indices.filter { !self.nodes[$0].isLost }
            .flatMap { self.configurationsInForce(at: self.nodes[$0]) }
        return configurations.allSatisfy { configuration in
            [configuration.quorum.incoming, configuration.quorum.outgoing].allSatisfy { half in
                half.voters.isEmpty
                    || half.voters.count { indices.contains($0.position) } > half.voters.count / 2
            }
        }
    }

    /// Healed, every client is done, and every node and watcher has everything.
    var isConverged: Bool {
        guard self.isHealed, self.clients.allSatisfy(\.isDone) else { return false }
        let last = self.invariants.committed.count
        // Who was removed while it was away, or never added, has nothing to catch up with.
        guard let members = self.membersAtEnd else { return false }
        let areEqual = self.core.allSatisfy { index in
            !members.contains(self.nodes[index].id) || self.nodes[index].isLost
                || Int(self.nodes[index].seen.applied.rawValue) == last
        }
        let latest = self.ledgerOfWrites.changes.last ?? .zero
        return areEqual && self.areDutiesDone
            && self.watchers.allSatisfy { ($0.revision ?? .zero) >= latest }
    }

    /// Who belongs to the cluster as the node knows that has committed the most.
    var membersAtEnd: [NodeID]? {
        let running = self.core.filter { self.nodes[$0].isUp }
        let newest = running.max { self.nodes[$0].seen.commit < self.nodes[$1].seen.commit }
        guard let raft = newest.flatMap({ self.nodes[$0].replica?.raft }),
            raft.committedMembership == raft.membership, !raft.membership.configuration.isJoint
        else { return nil }
        return raft.membership.configuration.members
    }

    var stall: String {
        let roles = self.nodes.map { node in
            guard let replica = node.replica else { return "\(node.id) down" }
            return "\(node.id) \(replica.raft.role) \(replica.raft.term) leader "
                + "\(replica.raft.leader.map { "\($0)" } ?? "none") \(replica.raft.last) commit "
                + "\(replica.raft.commit) applied \(replica.store.applied)"
        }
        let done = self.clients.count { $0.isDone }
        return "not converged \(self.now / 1_000_000) s after the beginning: core "
            + "\(self.core.map { $0 + 1 }), \(roles), "
            + "\(done) of \(self.clients.count) clients done, "
            + "watchers at \(self.watchers.map { $0.revision?.rawValue ?? 0 }) of "
            + "\(self.ledgerOfWrites.changes.last ?? .zero), "
            + "\(self.invariants.committed.count) committed, \(self.counts.events) events"
    }

    /// Every acknowledged write is there, once, on every node and at every watcher.
    func checkEnd() {
        if let broken = self.ledgerOfWrites.brokenPromise { self.invariants.fail(broken) }
        if let violation = self.history.violation() { self.invariants.fail(violation) }
        var hash: UInt64?
        var segments: [Segment] = []
        let members = self.membersAtEnd ?? []
        for index in self.core where members.contains(self.nodes[index].id) {
            guard let store = self.nodes[index].replica?.store else { continue }
            let own = store.stateHash()
            self.invariants.require(
                hash == nil || hash == own,
                "\(self.nodes[index].id) ends in another state than others"
            )
            hash = own
            segments = store.segments(in: Self.environment) ?? []
            for key in self.keys {
                self.invariants.require(
                    store.flag(Self.environment, key)?.flag.simulatedValue
                        == self.ledgerOfWrites.value(of: key),
                    "\(self.nodes[index].id) lost the last write of \(key)"
                )
            }
        }
        for watcher in self.watchers {
            self.invariants.require(
                watcher.segments.values.sorted { $0.key < $1.key } == segments,
                "watcher \(watcher.number) has other segments than the cluster"
            )
            for key in self.keys {
                self.invariants.require(
                    watcher.flags[key]?.simulatedValue == self.ledgerOfWrites.value(of: key),
                    "watcher \(watcher.number) missed the last write of \(key)"
                )
            }
        }
    }

    /// The configurations that a node goes by, or went by a step ago.
    func configurationsInForce(at node: SimulatedNode) -> [Configuration] {
        let now = node.replica?.configurationInPlace()
        return [now, node.configuration].compactMap(\.self)
    }
}
