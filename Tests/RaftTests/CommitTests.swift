import Raft
import Testing

@Suite("Commitment")
struct CommitTests {
    private func accepted(_ match: UInt64) -> Message.Body {
        .appendResponse(.accepted(match: LogIndex(match)))
    }

    @Test("An entry of an earlier term is not committed by counting (§5.4.2, Figure 8, item 14)")
    func figure8() {
        // S1 of Figure 8 (c): it leads term 4 and copies the entry of term 2 to a majority.
        var node = LoneNode(voters: 5, log: makeLog(1, 2), term: Term(3))
        node.becomeLeader()
        #expect(node.core.term == Term(4))
        node.persistAll()
        node.receive(from: 2, term: 4, self.accepted(2))
        node.receive(from: 3, term: 4, self.accepted(2))
        #expect(node.core.commit == .zero)
        // (e): an entry of its own term on a majority commits everything before it.
        node.receive(from: 2, term: 4, self.accepted(3))
        #expect(node.core.commit == .zero)
        node.receive(from: 3, term: 4, self.accepted(3))
        #expect(node.core.commit == LogIndex(3))
    }

    @Test("A leader counts itself only for what its own disk has (item 20)")
    func leaderDurability() {
        var node = LoneNode()
        node.becomeLeader()
        let ready = node.core.takeReady()
        #expect(ready.persist?.entries.count == 1)
        node.receive(from: 2, term: 1, self.accepted(1))
        #expect(node.core.commit == .zero)
        node.persist(ready)
        #expect(node.core.commit == LogIndex(1))
    }

    @Test("A quorum of others commits without the leader's disk, which applies later (§10.2.1)")
    func slowLeaderDisk() {
        var node = LoneNode()
        node.becomeLeader()
        let ready = node.core.takeReady()
        node.receive(from: 2, term: 1, self.accepted(1))
        node.receive(from: 3, term: 1, self.accepted(1))
        #expect(node.core.commit == LogIndex(1))
        #expect(node.core.takeReady().committed.isEmpty)
        node.persist(ready)
        #expect(node.core.takeReady().committed.count == 1)
    }

    @Test("A single voter persists before it commits (etcd#14370, item 22)")
    func singleVoter() {
        var node = LoneNode(voters: 1)
        var ready = node.timeOut()
        #expect(node.core.role == .candidate)
        #expect(node.now == Tick(0), "nobody else could lead")
        node.persist(ready)
        #expect(node.core.role == .leader)
        ready = node.core.takeReady()
        _ = node.core.propose([[1]], now: node.now)
        #expect(node.core.commit == .zero)
        node.persist(ready)
        #expect(node.core.commit == LogIndex(1))
        ready = node.core.takeReady()
        #expect(ready.committed.map(\.kind) == [.noOp])
        node.persist(ready)
        ready = node.core.takeReady()
        #expect(ready.committed.map(\.payload) == [[1]])
    }

    @Test("Followers apply one network hop after the leader commits")
    func commitSpreads() {
        let network = TestNetwork(3)
        let leader = network.elect()
        network.run(100)
        for round in 0..<20 {
            network.propose(leader, [UInt8(round)])
            let count = network.committed.count + 1
            let isCommitted: (TestNetwork) -> Bool = { $0[leader].applied.count == count }
            network.run(atMost: 10, until: isCommitted)
            let start = network.now
            network.run(atMost: 10) { network in
                network.members.allSatisfy { $0.applied.count == count }
            }
            #expect(network.now - start <= 2)
            network.run(round)
        }
    }

    @Test("Learners receive and do not count (dissertation §4.2.1)")
    func learners() {
        let network = TestNetwork(2, learners: 2)
        let leader = network.elect()
        network.run(100)
        #expect(network[3].applied == network.committed)
        network.crash(leader == 1 ? 2 : 1)
        let before = network.committed.count
        network.propose(leader, [1])
        network.run(1_000)
        #expect(network.committed.count == before)
    }

    @Test("A leader's proposals stop when it is deposed, with the new leader named (item 26)")
    func deposedLeader() {
        var node = LoneNode()
        node.becomeLeader()
        node.receive(from: 2, term: 2, .heartbeat(.init(commit: .zero, round: 1)))
        #expect(node.core.role == .follower)
        #expect(node.core.propose([[1]], now: node.now) == .notLeader(NodeID(2)))
        #expect(node.core.progress.isEmpty)
    }
}
