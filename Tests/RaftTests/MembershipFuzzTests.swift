import Raft
import Testing

/// Members that come and go, snapshots, reads and transfers, in a network that fails at random.
///
/// `TestNetwork` checks at every step: one leader per term, one order of committed entries, every
/// committed entry on a quorum, no snapshot that regresses or lies, and no read that misses what
/// anybody had applied when it was asked for.
@Suite("Random changes and faults")
struct MembershipFuzzTests {
    /// Against chance: item 5, item 10, item 17, item 18, item 26, item 27, item 31, item 32,
    /// item 35, item 38, item 40.
    @Test("Members, snapshots, reads and transfers change at random, and no promise is broken")
    func fuzz() {
        for seed in UInt64(1)...16 {
            print("membership fuzz, seed \(seed)")
            self.check(Run(seed: seed, lease: 0).network, seed: seed)
        }
    }

    @Test("item 26, item 28: the same with leases, and clocks that differ as far as is allowed")
    func leases() {
        for seed in UInt64(1)...10 {
            print("lease fuzz, seed \(seed)")
            self.check(Run(seed: seed &+ 5_000, lease: 100).network, seed: seed)
        }
    }

    private func check(_ network: TestNetwork, seed: UInt64) {
        guard let leader = network.leader else {
            Issue.record("seed \(seed): nobody leads")
            return
        }
        let members = network.node(leader).membership.configuration
        #expect(!members.isJoint || !members.autoLeave, "seed \(seed): \(members)")
        for id in members.members {
            let member = network[id.rawValue]
            let isLevel = member.applied == network.committed
            #expect(isLevel, "seed \(seed), \(id)")
            #expect(member.node?.membership == network.node(leader).membership, "seed \(seed)")
            if !isLevel { network.describe() }
        }
        #expect(network.committed.count > 4, "seed \(seed)")
        let answered = network.readOutcomes.values.count { $0 != .dropped && $0 != .noLeader }
        #expect(answered > 0, "seed \(seed): no read was answered")
    }

    /// One run.
    private struct Run {
        let network: TestNetwork
        private var random: TestRandom
        private var value = 0

        init(seed: UInt64, lease: UInt64) {
            let configure: (inout RaftConfiguration) -> Void = {
                $0.cachedBytesMax = 500
                $0.appendBytesMax = 300
                $0.inflightMessagesMax = 4
                $0.leaseDuration = lease
                $0.catchUpEntriesMax = 20
            }
            self.network = TestNetwork(3, seed: seed, configure: configure)
            self.random = TestRandom(seed: seed &* 1_033)
            for _ in 0..<3 { self.network.join(configure: configure) }
            self.network.loss = self.random.below(10)
            self.network.duplication = self.random.below(15)
            self.network.jitter = self.random.below(25) + 1
            self.network.diskDelay = UInt64(self.random.below(10))
            self.network.snapshotDelay = UInt64(self.random.below(60) + 1)
            self.network.tellsDisconnects = self.random.chance(50)
            for id in self.network.everyone where lease > 0 {
                self.network[id].drift = self.random.below(48) - 24
                self.network[id].ahead = UInt64(self.random.below(10_000))
            }
            for _ in 0..<250 {
                self.act()
                self.network.run(self.random.below(50))
            }
            self.settle()
        }

        private mutating func pick() -> UInt64 {
            UInt64(self.random.below(self.network.members.count) + 1)
        }

        private mutating func act() {
            let id = self.pick()
            let network = self.network
            switch self.random.below(24) {
            case 0 where network[id].node != nil: network.crash(id)
            case 1, 2:
                for down in network.everyone where network[down].node == nil {
                    network.restart(down)
                }
            case 3: network.isolate(id)
            case 4: network.cut.insert([NodeID(id), NodeID(self.pick())])
            case 5, 6: network.heal()
            case 7: network.disconnect(id, from: self.pick() % 6 + 1)
            case 8: network[id].isDiskStalled.toggle()
            case 9, 10: network.compact(id, keep: self.random.below(8))
            case 11, 12, 13: self.change()
            case 14:
                let target = NodeID(self.pick())
                network.on(network.leader ?? 1) { _ = $0.transferLeadership(to: target, now: $1) }
            case 15, 16, 17:
                network.read(id)
                network.read(network.leader ?? id)
            default:
                for _ in 0..<self.random.below(6) {
                    self.value += 1
                    network.propose(network.leader ?? 1, [UInt8(self.value % 251)])
                }
            }
        }

        /// A random change at whoever believes to lead.
        private mutating func change() {
            var steps: [MembershipChange.Step] = []
            for _ in 0..<(self.random.below(3) + 1) {
                let node = NodeID(self.pick())
                switch self.random.below(8) {
                case 0, 1, 2: steps.append(.addVoter(node))
                case 3, 4: steps.append(.addLearner(node))
                case 5, 6: steps.append(.remove(node))
                default: steps.append(.update(node))
                }
            }
            var change = MembershipChange(steps)
            if self.random.chance(15) { change.transition = .joint(autoLeave: false) }
            if self.random.chance(15) { change = .leave }
            let leaders = self.network.everyone.filter {
                self.network[$0].node?.role == .leader
            }
            guard !leaders.isEmpty else { return }
            let leader = leaders[self.random.below(leaders.count)]
            self.network.on(leader) {
                _ = $0.changeMembership(change, context: [1, 2], now: $1)
            }
        }

        /// Heals everything, and waits until all members agree.
        private mutating func settle() {
            let network = self.network
            network.heal()
            network.loss = 0
            for id in network.everyone {
                network[id].isDiskStalled = false
                if network[id].node == nil { network.restart(id) }
            }
            network.run(3_000)
            let leader = network.elect()
            guard leader > 0 else {
                network.describe()
                return
            }
            _ = network.change(leader, transition: .leave)
            network.run(500)
            network.propose(network.leader ?? 1, [255])
            network.read(network.leader ?? 1)
            network.run(3_000)
            network.run(atMost: 5_000) { network in
                guard let leader = network.leader else { return false }
                let members = network.node(leader).membership.configuration.members
                return members.allSatisfy {
                    network[$0.rawValue].applied.count == network.committed.count
                }
            }
        }
    }
}
