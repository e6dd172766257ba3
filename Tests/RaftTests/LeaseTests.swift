import Raft
import Testing

@Suite("Read leases")
struct LeaseTests {
    private let lease: (inout RaftConfiguration) -> Void = { $0.leaseDuration = 100 }

    private func leader() -> LoneNode {
        var node = LoneNode(configure: self.lease)
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.persistAll()
        return node
    }

    /// Whether a read is answered without a round.
    private func isServed(_ node: inout LoneNode, _ id: UInt64) -> Bool {
        node.core.readIndex(ReadID(id), now: node.now)
        return !node.core.takeReady().reads.isEmpty
    }

    @Test("item 28: a lease counts from when the acknowledged round was sent, less the drift")
    func datedBySending() {
        var node = self.leader()
        #expect(!self.isServed(&node, 1), "no round was acknowledged yet")
        let sent = node.now
        let round = node.core.round
        node.now = node.now + 60
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: round)))
        _ = node.core.takeReady()
        #expect(node.core.leaseEnd == sent + 95)
        node.now = sent + 94
        #expect(self.isServed(&node, 2))
        node.now = sent + 95
        #expect(!self.isServed(&node, 3), "checked for every read, with the time of the read")
    }

    @Test("item 28: after a pause of the process the lease is over (tikv#964, etcd#20418)")
    func pause() {
        var node = self.leader()
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(self.isServed(&node, 1))
        node.now = node.now + 5_000
        #expect(!self.isServed(&node, 2))
    }

    @Test("item 27: no lease before a commit in the own term")
    func ownTermFirst() {
        var node = LoneNode(configure: self.lease)
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(!self.isServed(&node, 1))
    }

    @Test("Without a lease duration there is no lease")
    func off() {
        var node = LoneNode()
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(node.core.leaseEnd == nil)
        #expect(node.core.quorumConfirmed != nil)
    }

    @Test("item 28: who answered a heartbeat elects nobody until the lease is over, come what may")
    func held() {
        var node = LoneNode(configure: self.lease)
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        node.persistAll()
        let answered = node.now
        node.core.peerDisconnected(NodeID(3), now: node.now)
        let request = Message.VoteRequest(lastLog: at(1, 9), isTransfer: false)
        node.now = answered + 100
        node.core.tick(node.now)
        #expect(node.core.role == .follower, "it does not campaign itself")
        node.receive(from: 2, term: 2, .preVoteRequest(request))
        #expect(node.persistAll().map(\.body) == [.preVoteResponse(granted: false)])
        // Not even in a term that it has entered otherwise.
        node.receive(from: 2, term: 5, .voteResponse(granted: false))
        node.receive(from: 2, term: 5, .voteRequest(request))
        #expect(node.persistAll().map(\.body) == [.voteResponse(granted: false)])
        node.now = answered + 101
        node.receive(from: 2, term: 5, .voteRequest(request))
        #expect(node.persistAll().map(\.body) == [.voteResponse(granted: true)])
    }

    @Test("item 28: a restarted node holds off, too, and one that never ran does not")
    func restart() {
        var node = LoneNode(log: [], term: Term(3), configure: self.lease)
        let request = Message.VoteRequest(lastLog: at(3, 9), isTransfer: false)
        node.receive(from: 2, term: 4, .preVoteRequest(request))
        #expect(node.persistAll().map(\.body) == [.preVoteResponse(granted: false)])
        node.now = Tick(101)
        node.receive(from: 2, term: 4, .preVoteRequest(request))
        #expect(node.persistAll().map(\.body) == [.preVoteResponse(granted: true)])
        var fresh = LoneNode(configure: self.lease)
        fresh.receive(from: 2, term: 1, .preVoteRequest(request))
        #expect(fresh.persistAll().map(\.body) == [.preVoteResponse(granted: true)])
    }

    @Test("item 28: the only voter that is left holds off after a restart, too")
    func restartAlone() {
        let alone = Membership(
            index: LogIndex(1),
            configuration: Configuration(voters: [NodeID(1)])
        )
        let entry = Entry(
            term: Term(3),
            index: LogIndex(1),
            kind: .configuration,
            payload: alone.encode()
        )
        // Node 2 leads on until it knows that its own removal is committed.
        var node = LoneNode(voters: 2, log: [entry], term: Term(3), configure: self.lease)
        node.now = Tick(100)
        node.core.tick(node.now)
        node.persistAll()
        #expect(node.core.role == .follower)
        node.pass(200)
        node.persistAll()
        #expect(node.core.role == .leader)
    }

    @Test("item 28: a node that never ran acknowledges nothing that its next life would not keep")
    func firstTerm() {
        var node = LoneNode(configure: self.lease)
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        let ready = node.core.takeReady()
        #expect(ready.messages.isEmpty, "a restart now would not know that it promised anything")
        node.persist(ready)
        let answers = node.persistAll().map(\.body)
        #expect(answers == [.heartbeatResponse(.init(round: 1))])
        node.restart()
        let request = Message.VoteRequest(lastLog: at(1, 9), isTransfer: false)
        node.receive(from: 2, term: 2, .preVoteRequest(request))
        #expect(node.persistAll().map(\.body) == [.preVoteResponse(granted: false)])
    }

    @Test("item 12: the lease ends before TimeoutNow is sent, for the whole term")
    func transferEndsLease() {
        var node = self.leader()
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        #expect(self.isServed(&node, 1))
        _ = node.core.transferLeadership(to: NodeID(2), now: node.now)
        let messages = node.core.takeReady().messages
        #expect(messages.contains { $0.body == .timeoutNow })
        #expect(node.core.leaseEnd == nil)
        #expect(!self.isServed(&node, 2))
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        _ = node.core.takeReady()
        node.pass(301)
        if node.core.role == .leader {
            #expect(node.core.transferTarget == nil)
            #expect(node.core.leaseEnd == nil)
        }
    }

    @Test("item 12: the heir is elected at once, though others hold their vote for the lease")
    func transferPassesHold() {
        let network = TestNetwork(3, configure: self.lease)
        let old = network.elect()
        network.run(500)
        let heir: UInt64 = old == 1 ? 2 : 1
        let result = network.on(old) { $0.transferLeadership(to: NodeID(heir), now: $1) }
        #expect(result == .started)
        network.run(atMost: 20) { $0.leader == heir }
        #expect(network.leaders.count == 2)
    }

    @Test("A crashed leader is replaced once its lease is over")
    func failover() {
        var times: [UInt64] = []
        for seed in UInt64(1)...20 {
            let network = TestNetwork(3, seed: seed, configure: self.lease)
            let old = network.elect()
            network.run(200)
            let start = network.now
            network.crash(old)
            network.run(atMost: 1_000) { $0.leader != nil }
            times.append(network.now - start)
        }
        times.sort()
        print("failover with leases of 100 ms, seeds 1...20:", times)
        #expect(times[19] <= 250)
        #expect(times[0] >= 60)
    }
}
