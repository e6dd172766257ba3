import Raft
import Testing

@Suite("Random faults")
struct RandomFaultTests {
    @Test("Crashes, cuts, loss, duplication and reordering break no promise; healed, all agree")
    func randomFaults() {
        for seed in UInt64(1)...30 {
            print("random faults, seed \(seed)")
            let network = self.run(seed: seed)
            #expect(network.members.allSatisfy { $0.applied == network.committed }, "seed \(seed)")
            #expect(network.committed.count > 4, "seed \(seed)")
        }
    }

    @Test("The same seed gives the same run, message by message")
    func deterministic() {
        print("determinism, seed 77")
        let one = self.run(seed: 77)
        let other = self.run(seed: 77)
        #expect(one.sent == other.sent)
        #expect(one.committed == other.committed)
    }

    private func run(seed: UInt64) -> TestNetwork {
        let network = TestNetwork(seed % 2 == 0 ? 3 : 5, seed: seed) {
            $0.cachedBytesMax = 600
            $0.appendBytesMax = 300
            $0.inflightMessagesMax = 4
        }
        var random = TestRandom(seed: seed &* 977)
        network.loss = random.below(15)
        network.duplication = random.below(15)
        network.jitter = random.below(30) + 1
        network.diskDelay = UInt64(random.below(12))
        network.tellsDisconnects = random.chance(50)
        var value = 0
        for _ in 0..<150 {
            let id = UInt64(random.below(network.members.count) + 1)
            switch random.below(12) {
            case 0 where network[id].node != nil: network.crash(id)
            case 1, 2:
                for down in network.everyone where network[down].node == nil {
                    network.restart(down)
                }
            case 3: network.isolate(id)
            case 4:
                network.cut.insert([NodeID(id), NodeID(id % UInt64(network.members.count) + 1)])
            case 5, 6: network.heal()
            case 7: network.disconnect(id, from: id % UInt64(network.members.count) + 1)
            case 8: network[id].isDiskStalled.toggle()
            default:
                for _ in 0..<random.below(5) {
                    value += 1
                    network.propose(network.leader ?? 1, [UInt8(value % 251)])
                }
            }
            network.run(random.below(60))
        }
        self.settle(network)
        return network
    }

    private func settle(_ network: TestNetwork) {
        network.heal()
        network.loss = 0
        for id in network.everyone {
            network[id].isDiskStalled = false
            if network[id].node == nil { network.restart(id) }
        }
        network.run(2_000)
        let leader = network.elect()
        network.propose(leader, [255])
        network.run(1_500)
        network.run(atMost: 3_000) { network in
            network.members.allSatisfy { $0.applied.count == network.committed.count }
        }
    }
}
