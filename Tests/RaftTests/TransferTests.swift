import Raft
import Testing

@Suite("Leadership transfer")
struct TransferTests {
    private func leader() -> LoneNode {
        var node = LoneNode(learners: [4])
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.receive(from: 3, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.persistAll()
        return node
    }

    private func isTold(_ messages: [Message], _ peer: UInt64) -> Bool {
        messages.contains { $0.body == .timeoutNow && $0.to == NodeID(peer) }
    }

    @Test("item 12: proposals stop, the heir gets what it lacks, and only then is told")
    func waitsForMatch() {
        var node = self.leader()
        _ = node.core.propose([[1]], now: node.now)
        #expect(node.core.transferLeadership(to: NodeID(2), now: node.now) == .started)
        #expect(node.core.transferTarget == NodeID(2))
        #expect(!self.isTold(node.persistAll(), 2))
        #expect(node.core.propose([[2]], now: node.now) == .transferring(to: NodeID(2)))
        let change = MembershipChange([.remove(NodeID(3))])
        let refused = node.core.changeMembership(change, context: nil, now: node.now)
        #expect(refused == .refused(.transferring(NodeID(2))))
        node.receive(from: 3, term: 1, .appendResponse(.accepted(match: LogIndex(2))))
        #expect(!self.isTold(node.persistAll(), 2))
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(2))))
        #expect(self.isTold(node.persistAll(), 2))
        #expect(node.core.role == .leader, "until somebody else is elected")
    }

    @Test("item 12: a transfer that takes an election timeout is off, and proposals go on")
    func aborts() {
        var node = self.leader()
        _ = node.core.propose([[1]], now: node.now)
        _ = node.core.transferLeadership(to: NodeID(2), now: node.now)
        let start = node.now
        while node.now < start + 300 {
            node.pass(30)
            let answer = Message.HeartbeatResponse(round: node.core.round)
            node.receive(from: 3, term: 1, .heartbeatResponse(answer))
            node.persistAll()
        }
        #expect(node.core.role == .leader)
        #expect(node.core.transferTarget == nil)
        #expect(
            node.core.propose([[2]], now: node.now) == .appended(first: LogIndex(3), term: Term(1))
        )
    }

    @Test("Only to another voter, one at a time, and only by the leader")
    func refusals() {
        var node = self.leader()
        #expect(
            node.core.transferLeadership(to: NodeID(1), now: node.now) == .refused(.leadsAlready)
        )
        #expect(node.core.transferLeadership(to: NodeID(4), now: node.now) == .refused(.notVoter))
        #expect(node.core.transferLeadership(to: NodeID(9), now: node.now) == .refused(.notVoter))
        _ = node.core.transferLeadership(to: NodeID(2), now: node.now)
        #expect(node.core.transferLeadership(to: NodeID(2), now: node.now) == .started)
        let other = node.core.transferLeadership(to: NodeID(3), now: node.now)
        #expect(other == .refused(.transferring(NodeID(2))))
        var follower = LoneNode()
        follower.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        let result = follower.core.transferLeadership(to: NodeID(2), now: follower.now)
        #expect(result == .notLeader(NodeID(3)))
    }

    @Test("The message that was lost is sent again when the heir shows that it still follows")
    func repeats() {
        var node = self.leader()
        _ = node.core.transferLeadership(to: NodeID(2), now: node.now)
        #expect(self.isTold(node.persistAll(), 2))
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: 1)))
        #expect(!self.isTold(node.persistAll(), 2))
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: 1)))
        #expect(self.isTold(node.persistAll(), 2))
    }

    @Test("item 12: it is believed from the leader that is followed, and from nobody else")
    func onlyTheLeader() {
        var node = LoneNode()
        node.receive(from: 2, term: 4, .timeoutNow)
        #expect(node.core.term == .zero)
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        node.receive(from: 2, term: 1, .timeoutNow)
        node.core.peerDisconnected(NodeID(3), now: node.now)
        node.receive(from: 3, term: 1, .timeoutNow)
        #expect(node.core.role == .follower)
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 2)))
        node.receive(from: 3, term: 1, .timeoutNow)
        #expect(node.core.role == .candidate)
    }

    @Test("item 12: a transfer takes two round trips, and no acknowledged write is lost")
    func planned() {
        for seed in UInt64(1)...20 {
            let network = TestNetwork(5, seed: seed)
            let old = network.elect()
            network.run(100)
            network.propose(old, [1], [2])
            let heir = old % 5 + 1
            network.on(old) { _ = $0.transferLeadership(to: NodeID(heir), now: $1) }
            let start = network.now
            network.run(atMost: 50) { $0.leader == heir }
            #expect(network.now - start <= 10, "seed \(seed)")
            network.propose(heir, [3])
            network.run(100)
            #expect(network.committed.map(\.payload).filter { !$0.isEmpty } == [[1], [2], [3]])
            #expect(network.leaders.count == 2)
        }
    }

    @Test("A greater election delay leaves leadership to the others")
    func electionDelay() {
        var winners: Set<UInt64> = []
        for seed in UInt64(1)...20 {
            let network = TestNetwork(3, seed: seed) {
                $0.electionDelay = $0.id == NodeID(1) ? 0 : 200
            }
            winners.insert(network.elect())
            network.crash(1)
            network.elect()
            network.restart(1)
        }
        #expect(winners == [1])
    }
}
