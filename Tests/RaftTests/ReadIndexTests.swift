import Raft
import Testing

@Suite("Linearizable reads")
struct ReadIndexTests {
    private func leader(
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) -> LoneNode {
        var node = LoneNode(configure: configure)
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.persistAll()
        return node
    }

    private func rounds(_ messages: [Message]) -> [UInt64] {
        messages.compactMap {
            if case .heartbeat(let heartbeat) = $0.body, heartbeat.round > 0 {
                heartbeat.round
            } else {
                nil
            }
        }
    }

    private func index(_ id: UInt64, _ index: UInt64) -> ReadResult {
        ReadResult(id: ReadID(id), outcome: .index(LogIndex(index)))
    }

    @Test("item 27: a read waits for a commit in the leader's own term (raft-rs#141)")
    func ownTermFirst() {
        var node = LoneNode(log: makeLog(1, 1), term: Term(1))
        node.becomeLeader()
        node.persistAll()
        node.core.readIndex(ReadID(1), now: node.now)
        node.receive(from: 2, term: 2, .heartbeatResponse(.init(round: node.core.round)))
        node.receive(from: 3, term: 2, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.takeReady().reads.isEmpty)
        node.pass(30)
        _ = node.core.takeReady()
        node.receive(from: 2, term: 2, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.takeReady().reads.isEmpty)
        node.receive(from: 2, term: 2, .appendResponse(.accepted(match: LogIndex(3))))
        let ready = node.core.takeReady()
        #expect(ready.reads.isEmpty)
        #expect(self.rounds(ready.messages).count == 2, "its round starts with the commit")
        node.receive(from: 2, term: 2, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.takeReady().reads == [self.index(1, 3)])
    }

    @Test("item 27: only a round that began after the read counts, and it begins at once")
    func roundAfterRead() {
        var node = self.leader()
        let before = node.core.round
        node.core.readIndex(ReadID(1), now: node.now)
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: before)))
        let ready = node.core.takeReady()
        #expect(ready.reads.isEmpty)
        #expect(self.rounds(ready.messages) == [before + 1, before + 1])
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: before)))
        #expect(!node.core.hasReady || node.core.takeReady().reads.isEmpty)
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: before + 1)))
        #expect(node.core.takeReady().reads == [self.index(1, 1)])
    }

    @Test("All reads that wait share one round, those that come while it travels the next")
    func sharedRounds() {
        var node = self.leader()
        for id in UInt64(1)...3 { node.core.readIndex(ReadID(id), now: node.now) }
        #expect(self.rounds(node.core.takeReady().messages).count == 2)
        for id in UInt64(4)...9 { node.core.readIndex(ReadID(id), now: node.now) }
        #expect(!node.core.hasReady)
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        let ready = node.core.takeReady()
        #expect(ready.reads == (UInt64(1)...3).map { self.index($0, 1) })
        #expect(self.rounds(ready.messages).count == 2)
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.takeReady().reads.map(\.id) == (UInt64(4)...9).map { ReadID($0) })
    }

    @Test("A round that was lost is made up for by the next heartbeat")
    func lostRound() {
        var node = self.leader()
        node.core.readIndex(ReadID(1), now: node.now)
        _ = node.core.takeReady()
        node.pass(30)
        _ = node.core.takeReady()
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.takeReady().reads == [self.index(1, 1)])
    }

    @Test("item 26: a leader that is deposed answers none, and says so")
    func deposed() {
        var node = self.leader()
        node.core.readIndex(ReadID(1), now: node.now)
        let round = node.core.round + 1
        _ = node.core.takeReady()
        node.receive(from: 3, term: 2, .heartbeat(.init(commit: .zero, round: 1)))
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: round)))
        let ready = node.core.takeReady()
        #expect(ready.reads == [ReadResult(id: ReadID(1), outcome: .dropped)])
    }

    @Test("item 26: a leader that is cut off answers nothing while another one commits")
    func cutOff() {
        let network = TestNetwork(5)
        let old = network.elect()
        network.isolate(old)
        let read = network.read(old)
        network.run(atMost: 2_000) { $0.leader != old && $0.leader != nil }
        network.propose(network.leader ?? 1, [9])
        let late = network.read(old)
        network.run(1_000)
        #expect(network.readOutcomes[read] == .dropped)
        #expect(network.readOutcomes[late].map { $0 == .dropped || $0 == .noLeader } ?? true)
    }

    @Test("item 22: a single voter answers at once, from what its disk has")
    func singleVoter() {
        var node = LoneNode(voters: 1)
        node.persist(node.timeOut())
        node.core.readIndex(ReadID(1), now: node.now)
        let ready = node.core.takeReady()
        #expect(ready.reads.isEmpty)
        node.persist(ready)
        #expect(node.core.takeReady().reads == [self.index(1, 1)])
    }

    @Test("item 29: followers and learners ask the leader; the answer names what to wait for")
    func followers() {
        let network = TestNetwork(3, learners: 1)
        let leader = network.elect()
        network.propose(leader, [1])
        network.run(100)
        for id in network.everyone {
            let read = network.read(id)
            let start = network.now
            network.run(atMost: 10) { $0.readOutcomes[read] != nil }
            #expect(network.readOutcomes[read] == .index(LogIndex(2)))
            #expect(network.now - start <= 5, "two round trips at most")
        }
    }

    @Test("item 27: an answer counts once, for its own request, from the leader that was asked")
    func answersAreMatched() {
        var node = LoneNode()
        node.core.readIndex(ReadID(1), now: node.now)
        #expect(
            node.core.takeReady().reads == [ReadResult(id: ReadID(1), outcome: .noLeader)]
        )
        node.receive(from: 2, term: 1, .heartbeat(.init(commit: .zero, round: 0)))
        node.core.readIndex(ReadID(2), now: node.now)
        let bodies = node.core.takeReady().messages.map(\.body)
        #expect(bodies == [.readIndexRequest(id: ReadID(2))])
        node.receive(from: 3, term: 1, .readIndexResponse(id: ReadID(2), index: LogIndex(5)))
        node.receive(from: 2, term: 1, .readIndexResponse(id: ReadID(1), index: LogIndex(5)))
        node.receive(from: 2, term: 1, .readIndexResponse(id: ReadID(2), index: LogIndex(5)))
        node.receive(from: 2, term: 1, .readIndexResponse(id: ReadID(2), index: LogIndex(4)))
        node.persistAll()
        node.core.readIndex(ReadID(3), now: node.now)
        node.core.peerDisconnected(NodeID(2), now: node.now)
        #expect(node.core.takeReady().reads.map(\.outcome) == [.dropped])
    }

    @Test("Only the leader's own word is passed on: others refuse, a deposed one is told")
    func refusals() {
        var node = LoneNode(log: [], term: Term(3))
        node.receive(from: 2, term: 3, .readIndexRequest(id: ReadID(7)))
        node.receive(from: 2, term: 1, .readIndexRequest(id: ReadID(8)))
        node.receive(from: 2, term: 9, .readIndexRequest(id: ReadID(9)))
        let messages = node.core.takeReady().messages
        #expect(
            messages.map(\.body) == [
                .readIndexResponse(id: ReadID(7), index: nil),
                .readIndexResponse(id: ReadID(8), index: nil),
            ]
        )
        #expect(messages.allSatisfy { $0.term == Term(3) })
    }

    @Test("Reads that wait are bounded")
    func bounded() {
        var node = self.leader()
        for id in 0...UInt64(RaftLimits.readsMax) { node.core.readIndex(ReadID(id), now: node.now) }
        let dropped = node.core.takeReady().reads
        #expect(dropped.map(\.outcome) == [.dropped])
    }

    @Test("item 27: reads go on while leadership is being handed over")
    func duringTransfer() {
        var node = self.leader()
        #expect(node.core.transferLeadership(to: NodeID(2), now: node.now) == .started)
        node.core.readIndex(ReadID(1), now: node.now)
        #expect(node.core.takeReady().messages.contains { $0.body == .timeoutNow })
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.takeReady().reads == [self.index(1, 1)])
    }

    @Test("A lone voter answers reads that share a round with its regular heartbeats")
    func loneVoter() {
        var node = LoneNode(voters: 1)
        node.persist(node.timeOut())
        #expect(node.core.role == .leader)
        node.core.readIndex(ReadID(2), now: node.now)
        node.persist(node.core.takeReady())
        // The no-op is committed, and a heartbeat is due before the next `Ready`.
        node.pass(60)
        #expect(node.core.takeReady().reads.contains(self.index(2, 1)))
        node.core.readIndex(ReadID(3), now: node.now)
        #expect(node.core.takeReady().reads == [self.index(3, 1)])
    }

    @Test("Reads whose round only a removed voter would have acknowledged are answered")
    func lastFollowerRemoved() {
        var node = LoneNode(voters: 2)
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.persistAll()
        node.core.readIndex(ReadID(1), now: node.now)
        #expect(node.core.takeReady().reads.isEmpty)
        let change = MembershipChange([.remove(NodeID(2))])
        _ = node.core.changeMembership(change, context: nil, now: node.now)
        node.persistAll()
        #expect(node.core.progress.isEmpty)
        node.pass(30)
        #expect(node.core.takeReady().reads == [self.index(1, 1)])
        node.core.readIndex(ReadID(2), now: node.now)
        #expect(node.core.takeReady().reads == [self.index(2, 2)])
    }
}
