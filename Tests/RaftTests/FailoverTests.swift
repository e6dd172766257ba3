import Raft
import Testing

@Suite("Failover and check-quorum")
struct FailoverTests {
    @Test("A crashed leader whose connections closed is replaced within 100 ms (design §6)")
    func fastFailover() {
        var times: [UInt64] = []
        for seed in 1...60 {
            let network = TestNetwork(seed % 2 == 0 ? 3 : 5, seed: UInt64(seed))
            let old = network.elect()
            network.run(seed)
            let start = network.now
            network.crash(old)
            network.run(atMost: 1_000) { $0.leader != nil }
            times.append(network.now - start)
        }
        times.sort()
        print("failover in ms, seeds 1...60:", times)
        #expect(times[59] <= 100)
        #expect(times[30] <= 30)
    }

    @Test("A follower that still hears the leader refuses, whatever the asker lost (§4.2.3)")
    func hearingFollowerRefuses() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let other: UInt64 = leader == 1 ? 2 : 1
        let term = network.node(leader).term
        for _ in 0..<20 {
            network.disconnect(other, from: leader)
            network.cutLink(other, leader)
            network.run(60)
            network.heal()
            network.run(60)
        }
        #expect(network.leader == leader)
        #expect(network.node(leader).term == term)
    }

    @Test("Stickiness ends with the own connection to the leader, not with a timeout (§9.6)")
    func closedConnectionEndsStickiness() {
        let request = Message.VoteRequest(lastLog: .zero, isTransfer: false)
        var node = LoneNode()
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        node.persistAll()
        node.receive(from: 2, term: 2, .preVoteRequest(request))
        #expect(node.core.takeReady().messages.map(\.body) == [.preVoteResponse(granted: false)])
        node.core.peerDisconnected(NodeID(3), now: node.now)
        #expect(node.core.leader == nil)
        #expect(node.core.nextDeadline <= node.now + 20)
        node.receive(from: 2, term: 2, .preVoteRequest(request))
        let messages = node.core.takeReady().messages
        #expect(messages.map(\.body) == [.preVoteResponse(granted: true)])
        #expect(messages.map(\.term) == [Term(2)])
    }

    @Test("Another peer's closed connection changes nothing")
    func otherDisconnects() {
        var node = LoneNode()
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        let deadline = node.core.nextDeadline
        node.core.peerDisconnected(NodeID(2), now: node.now)
        #expect(node.core.leader == NodeID(3))
        #expect(node.core.nextDeadline == deadline)
    }

    @Test("A real vote request does not depose a leader that is heard (dissertation §4.2.3)")
    func stickyAgainstVotes() {
        var node = LoneNode()
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        node.persistAll()
        node.receive(from: 2, term: 7, .voteRequest(.init(lastLog: at(6, 6), isTransfer: false)))
        #expect(node.core.term == Term(1))
        node.receive(from: 2, term: 7, .voteRequest(.init(lastLog: at(6, 6), isTransfer: true)))
        #expect(node.core.term == Term(7))
    }

    @Test("A leader without a quorum steps down within an election timeout (§6.2, item 26)")
    func checkQuorum() {
        let network = TestNetwork(5)
        let old = network.elect()
        let others = network.everyone.filter { $0 != old }
        for other in others[..<3] { network.cutLink(old, other) }
        network.run(301 + 30)
        #expect(network.node(old).role != .leader)
        let new = network.elect()
        #expect(new != old)
        #expect(network.propose(old, [1]) != .overloaded)
    }

    @Test("It is silence that ends leadership: answers of a quorum keep it (§6.2)")
    func silenceEndsLeadership() {
        for answering in [[UInt64](), [2], [2, 3]] {
            var node = LoneNode(voters: 5)
            node.becomeLeader()
            node.persistAll()
            for _ in 0..<11 {
                node.pass(30)
                for peer in answering {
                    let answer = Message.HeartbeatResponse(round: node.core.round)
                    node.receive(from: peer, term: 1, .heartbeatResponse(answer))
                }
                node.persistAll()
            }
            #expect((node.core.role == .leader) == (answering.count == 2))
            #expect(node.core.term == Term(1))
            #expect(node.core.vote == NodeID(1))
        }
    }

    @Test("A leader that was paused claims nothing before it has heard a quorum (§6.2)")
    func pausedLeader() {
        var node = LoneNode()
        node.becomeLeader()
        node.persistAll()
        node.pass(1_000)
        #expect(node.core.role == .follower)
        #expect(node.core.takeReady().messages.isEmpty)
    }

    @Test("A leader whose disk hangs gives up, and does not campaign (item 25)")
    func stalledDisk() {
        let network = TestNetwork(3)
        let old = network.elect()
        network[old].isDiskStalled = true
        network.propose(old, [1])
        network.run(4_000)
        #expect(network.leader == old, "heartbeats do not wait for the disk")
        network.run(atMost: 3_000) { $0.leader != old && $0.leader != nil }
        let new = network.leader
        network.run(2_000)
        #expect(network.leader == new)
    }

    @Test("A slow follower disk causes no election (item 25)")
    func slowFollower() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let slow: UInt64 = leader == 1 ? 2 : 1
        network[slow].isDiskStalled = true
        for round in 0..<50 {
            network.propose(leader, [UInt8(round)])
            network.run(40)
        }
        #expect(network.leader == leader)
        #expect(network.leaders.count == 1)
        network[slow].isDiskStalled = false
        network.run(500)
        #expect(network[slow].applied == network.committed)
    }

    @Test("A node with a higher term that cannot follow gets a leader that it can (§9.6)")
    func stuckCandidateIsFreed() {
        var node = LoneNode(log: makeLog(1), term: Term(5))
        node.receive(from: 2, term: 3, .heartbeat(.init(commit: .zero, round: 4)))
        let messages = node.core.takeReady().messages
        #expect(messages.map(\.term) == [Term(5)])
        var leader = LoneNode()
        leader.becomeLeader()
        leader.receive(from: 2, term: 5, .heartbeatResponse(.init(round: 1)))
        #expect(leader.core.role == .follower)
        #expect(leader.core.term == Term(5))
    }

    @Test("TimeoutNow makes a voter campaign at once, past stickiness (dissertation §3.10)")
    func timeoutNow() {
        let network = TestNetwork(3)
        let old = network.elect()
        let heir: UInt64 = old == 1 ? 2 : 1
        let message = Message(
            from: NodeID(old),
            to: NodeID(heir),
            term: network.node(old).term,
            body: .timeoutNow
        )
        network[heir].node?.step(message, now: Tick(network.now))
        network.run(atMost: 20) { $0.leader == heir }
    }

    @Test("Two that ask at the same moment do not split the vote")
    func simultaneousPreVotes() {
        var node = LoneNode(id: 2)
        _ = node.timeOut()
        let request = Message.VoteRequest(lastLog: .zero, isTransfer: false)
        node.receive(from: 1, term: 1, .preVoteRequest(request))
        node.receive(from: 3, term: 1, .preVoteRequest(request))
        let bodies = node.core.takeReady().messages.map(\.body)
        #expect(bodies == [.preVoteResponse(granted: false), .preVoteResponse(granted: true)])
        node.now = node.now + 20
        node.receive(from: 1, term: 1, .preVoteRequest(request))
        #expect(node.core.takeReady().messages.map(\.body) == [.preVoteResponse(granted: true)])
    }

    @Test("The hint to a leader is dropped with its term (dissertation §6.2, item 49)")
    func leaderHintIsCleared() {
        var node = LoneNode()
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        #expect(node.core.propose([[1]], now: node.now) == .notLeader(NodeID(3)))
        node.receive(from: 2, term: 2, .voteResponse(granted: false))
        #expect(node.core.propose([[1]], now: node.now) == .notLeader(nil))
    }
}
