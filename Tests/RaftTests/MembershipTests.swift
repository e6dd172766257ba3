import Raft
import Testing

@Suite("Membership changes")
struct MembershipTests {
    private func configured(
        _ membership: Configuration,
        term: UInt64,
        index: UInt64
    ) -> Entry {
        let next = Membership(index: LogIndex(index), configuration: membership)
        return Entry(
            term: Term(term),
            index: LogIndex(index),
            kind: .configuration,
            payload: next.encode()
        )
    }

    private func voters(_ ids: UInt64...) -> Configuration {
        Configuration(voters: ids.map { NodeID($0) })
    }

    private func change(
        _ node: inout LoneNode,
        _ steps: MembershipChange.Step...
    ) -> MembershipResult {
        node.core.changeMembership(MembershipChange(steps), context: nil, now: node.now)
    }

    /// Lets a peer acknowledge everything that the leader has.
    private func acknowledge(_ node: inout LoneNode, from peers: UInt64...) {
        for peer in peers {
            let match = node.core.last.index
            let term = node.core.term.rawValue
            node.receive(from: peer, term: term, .appendResponse(.accepted(match: match)))
        }
        node.persistAll()
    }

    @Test("item 15, item 30: no change before the leader has committed in its own term")
    func ownTermFirst() {
        var node = LoneNode(log: makeLog(1, 1), term: Term(1))
        node.becomeLeader()
        node.persistAll()
        #expect(self.change(&node, .addLearner(NodeID(4))) == .refused(.leaderNotReady))
        self.acknowledge(&node, from: 2)
        let result = self.change(&node, .addLearner(NodeID(4)))
        #expect(result == .appended(index: LogIndex(4), term: Term(2)))
    }

    @Test("item 31: a change is in effect at once, and the next waits until it is committed")
    func oneAtATime() {
        var node = LoneNode()
        node.becomeLeader()
        node.persistAll()
        self.acknowledge(&node, from: 2)
        _ = self.change(&node, .remove(NodeID(3)))
        #expect(node.core.membership.configuration == self.voters(1, 2))
        #expect(node.core.committedMembership.configuration == self.voters(1, 2, 3))
        let second = self.change(&node, .addLearner(NodeID(4)))
        #expect(second == .refused(.pending(LogIndex(2))))
        node.persistAll()
        self.acknowledge(&node, from: 2)
        #expect(node.core.committedMembership.index == LogIndex(2))
        let third = self.change(&node, .addLearner(NodeID(4)))
        #expect(third == .appended(index: LogIndex(3), term: Term(1)))
    }

    @Test("item 31: a configuration whose entry is truncated is taken back, a joint one too")
    func rollBack() throws {
        let swap = MembershipChange([.remove(NodeID(3)), .addVoter(NodeID(4))])
        let joint = try self.voters(1, 2, 3).applying(swap)
        var node = LoneNode(id: 4, voters: 3, learners: [4])
        let log = makeLog(1, 1) + [self.configured(joint, term: 1, index: 3)]
        node.receive(
            from: 1,
            term: 1,
            .appendRequest(.init(previous: .zero, commit: LogIndex(2), entries: log))
        )
        node.persistAll()
        #expect(node.core.role == .follower, "a learner that the new half lets vote")
        #expect(node.core.membership.configuration.isJoint)
        let other = Entry(term: Term(2), index: LogIndex(3), kind: .noOp, payload: [])
        node.receive(
            from: 2,
            term: 2,
            .appendRequest(.init(previous: at(1, 2), commit: LogIndex(2), entries: [other]))
        )
        #expect(node.core.membership.index == .zero)
        #expect(node.core.role == .learner)
        #expect(node.core.nextDeadline == .never)
        node.persistAll()
        node.restart()
        #expect(node.core.membership.index == .zero)
    }

    @Test("A restart finds the newest configuration in the log, and the older ones")
    func restart() {
        var node = LoneNode()
        let log = makeLog(1) + [self.configured(self.voters(1, 2), term: 1, index: 2)]
        node.receive(
            from: 2,
            term: 1,
            .appendRequest(.init(previous: .zero, commit: .zero, entries: log))
        )
        node.persistAll()
        node.restart()
        #expect(node.core.membership.configuration == self.voters(1, 2))
        #expect(node.core.membership(at: LogIndex(1))?.configuration == self.voters(1, 2, 3))
        #expect(node.core.membership(at: LogIndex(2))?.index == LogIndex(2))
    }

    @Test("A configuration entry that says nothing sound is ignored with its append")
    func unsoundEntry() {
        var node = LoneNode()
        let bad = Entry(term: Term(1), index: LogIndex(1), kind: .configuration, payload: [9])
        node.receive(
            from: 2,
            term: 1,
            .appendRequest(.init(previous: .zero, commit: .zero, entries: [bad]))
        )
        #expect(node.core.last == .zero)
    }

    @Test("item 33: only a learner that is level and heard becomes a voter")
    func catchUp() {
        var node = LoneNode { $0.catchUpEntriesMax = 2 }
        node.becomeLeader()
        node.persistAll()
        self.acknowledge(&node, from: 2, 3)
        let new = NodeID(4)
        #expect(self.change(&node, .addVoter(new)) == .refused(.notLearner(new)))
        _ = self.change(&node, .addLearner(new))
        node.persistAll()
        self.acknowledge(&node, from: 2, 3)
        let behind = MembershipRefusal.notCaughtUp(new, match: .zero, last: LogIndex(2))
        #expect(self.change(&node, .addVoter(new)) == .refused(behind))
        self.acknowledge(&node, from: 4)
        _ = node.core.propose([[1], [2], [3]], now: node.now)
        node.persistAll()
        let lagging = MembershipRefusal.notCaughtUp(new, match: LogIndex(2), last: LogIndex(5))
        #expect(self.change(&node, .addVoter(new)) == .refused(lagging))
        self.acknowledge(&node, from: 2, 3, 4)
        let result = self.change(&node, .addVoter(new))
        #expect(result == .appended(index: LogIndex(6), term: Term(1)))
    }

    @Test("item 33: adding a fourth voter to three with one down goes through a level learner")
    func oneDown() {
        let network = TestNetwork(3)
        let leader = network.elect()
        network.crash(leader == 3 ? 2 : 3)
        let new = network.join()
        let refusal = network.change(leader, .addVoter(NodeID(new)))
        #expect(refusal == .refused(.notLearner(NodeID(new))))
        network.add(new)
        network.run(200)
        network.propose(leader, [1])
        network.run(200)
        #expect(network[new].applied == network.committed)
        #expect(network.committed.last?.payload == [1])
        #expect(network.node(new).isVoter)
    }

    @Test("item 32: a leader without a quorum changes nothing that lasts")
    func minority() {
        let network = TestNetwork(5)
        let old = network.elect()
        let friend: UInt64 = old == 1 ? 2 : 1
        network.isolate(old, friend)
        let others = network.everyone.filter { $0 != old && $0 != friend }
        for other in others { _ = network.change(old, .remove(NodeID(other))) }
        network.run(3_000)
        network.heal()
        network.run(1_000)
        for id in network.everyone {
            #expect(network.node(id).membership.configuration.members.count == 5, "n\(id)")
        }
    }

    @Test("item 35: a joint configuration is left by the leader that began it")
    func autoLeave() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let others = network.everyone.filter { $0 != leader }
        _ = network.change(leader, .addLearner(NodeID(others[0])), .addLearner(NodeID(others[1])))
        network.run(300)
        for id in network.everyone {
            let configuration = network.node(id).membership.configuration
            #expect(!configuration.isJoint)
            #expect(configuration.quorum.incoming.voters == [NodeID(leader)])
            #expect(configuration.learners.map(\.rawValue) == others.sorted())
        }
    }

    @Test("item 35: a new leader leaves the joint configuration that its predecessor began")
    func autoLeaveByTheNext() throws {
        let swap = MembershipChange([.remove(NodeID(3)), .addVoter(NodeID(4))])
        let joint = try self.voters(1, 2, 3).applying(swap)
        let log = makeLog(1) + [self.configured(joint, term: 1, index: 2)]
        var node = LoneNode(log: log, term: Term(1))
        _ = node.timeOut()
        for peer in UInt64(2)...4 {
            node.receive(from: peer, term: 2, .preVoteResponse(granted: true))
        }
        node.persistAll()
        for peer in UInt64(2)...4 {
            node.receive(from: peer, term: 2, .voteResponse(granted: true))
        }
        #expect(node.core.role == .leader)
        node.persistAll()
        self.acknowledge(&node, from: 4)
        #expect(node.core.membership.configuration.isJoint, "4 alone is no outgoing majority")
        self.acknowledge(&node, from: 2)
        #expect(node.core.membership.configuration == self.voters(1, 2, 4))
        #expect(node.core.membership.index == LogIndex(4))
    }

    @Test("item 35: one without automatic leave stays until it is told, and takes no other change")
    func explicitLeave() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let other = NodeID(leader == 1 ? 2 : 1)
        _ = network.change(leader, .addLearner(other), transition: .joint(autoLeave: false))
        network.run(500)
        #expect(network.node(leader).membership.configuration.isJoint)
        #expect(network.change(leader, .addLearner(NodeID(9))) == .refused(.joint))
        _ = network.change(leader, transition: .leave)
        network.run(500)
        #expect(network.node(leader).membership.configuration.learners == [other])
    }

    @Test("item 9: a leader that is removed leads until that is committed, uncounted, then goes")
    func removedLeader() {
        var node = LoneNode()
        node.becomeLeader()
        node.persistAll()
        self.acknowledge(&node, from: 2, 3)
        _ = self.change(&node, .remove(NodeID(1)))
        node.persistAll()
        self.acknowledge(&node, from: 2)
        #expect(node.core.commit == LogIndex(1), "2 and 3 decide, and 3 is silent")
        #expect(node.core.role == .leader)
        node.receive(from: 3, term: 1, .appendResponse(.accepted(match: LogIndex(2))))
        #expect(node.core.commit == LogIndex(2))
        let messages = node.persistAll()
        #expect(messages.contains { $0.body == .timeoutNow })
        #expect(node.core.role == .learner)
        #expect(node.core.nextDeadline == .never)
    }

    @Test("item 9: removing the leader of three costs no more than a handover, joint or not")
    func removesLeaders() {
        for isJoint in [false, true] {
            let network = TestNetwork(4)
            let old = network.elect()
            let other = network.everyone.first { $0 != old } ?? 1
            if isJoint {
                _ = network.change(old, .remove(NodeID(old)), .addLearner(NodeID(other)))
            } else {
                _ = network.change(old, .remove(NodeID(old)))
            }
            network.run(atMost: 100) { $0.leader.map { $0 != old } ?? false }
            network.run(500)
            #expect(network.node(old).role == .learner)
            let new = network.leader ?? 1
            #expect(!network.node(new).membership.configuration.contains(NodeID(old)))
            #expect(!network.node(new).membership.configuration.isJoint)
            network.propose(new, [7])
            network.run(200)
            #expect(network.committed.last?.payload == [7])
        }
    }

    @Test("item 9: who removed itself leads once more if only it knows (§4.2.2, Figure 4.6)")
    func onlyTheRemovedOneKnows() {
        let network = TestNetwork(2)
        let old = network.elect()
        let other: UInt64 = 3 - old
        network.cutLink(old, other)
        _ = network.change(old, .remove(NodeID(old)))
        network.run(2_000)
        #expect(network.leader == nil)
        network.heal()
        network.run(atMost: 3_000) { $0.leader == other }
        network.run(200)
        #expect(network.node(other).committedMembership.configuration == self.voters(other))
    }

    @Test("item 10: a removed node that campaigns for ever disturbs nobody")
    func removedNode() {
        let network = TestNetwork(4)
        let leader = network.elect()
        let gone: UInt64 = leader == 4 ? 3 : 4
        network.isolate(gone)
        _ = network.change(leader, .remove(NodeID(gone)))
        network.run(300)
        network.heal()
        let term = network.node(leader).term
        for round in 0..<20 {
            network.propose(leader, [UInt8(round)])
            network.disconnect(gone, from: leader)
            network.run(400)
        }
        #expect(network.node(gone).membership.configuration.members.count == 4, "it never heard")
        #expect(network.leader == leader)
        #expect(network.node(leader).term == term)
    }

    @Test("item 10: a stranger's transfer does not get past stickiness, nor its answers anywhere")
    func strangers() {
        var node = LoneNode()
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        node.receive(from: 9, term: 5, .voteRequest(.init(lastLog: at(4, 4), isTransfer: true)))
        node.receive(from: 9, term: 5, .heartbeatResponse(.init(round: 1)))
        node.receive(from: 9, term: 5, .timeoutNow)
        #expect(node.core.term == Term(1))
        #expect(node.core.leader == NodeID(3))
    }

    @Test("item 11: a node votes for, and follows, whom its configuration does not name yet")
    func unknownCandidates() {
        var node = LoneNode()
        node.receive(from: 9, term: 1, .preVoteRequest(.init(lastLog: .zero, isTransfer: false)))
        #expect(node.core.takeReady().messages.map(\.body) == [.preVoteResponse(granted: true)])
        node.receive(from: 9, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        #expect(node.persistAll().map(\.body) == [.voteResponse(granted: true)])
        node.receive(
            from: 9,
            term: 1,
            .appendRequest(.init(previous: .zero, commit: .zero, entries: makeLog(1)))
        )
        #expect(node.core.leader == NodeID(9))
        #expect(node.core.last == at(1, 1))
    }

    @Test("item 11, item 34: a new node knows nobody, waits, and follows who adds it")
    func joins() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let new = network.join()
        network.run(2_000)
        #expect(network.node(new).role == .learner)
        #expect(network.node(new).term == .zero)
        network.add(new)
        network.run(300)
        #expect(network[new].applied == network.committed)
        #expect(network.node(new).membership.configuration == self.voters(1, 2, 3, 4))
        network.crash(leader)
        network.elect()
        #expect(network.leader != leader)
    }

    @Test("A change of the context alone is a change like any other")
    func context() {
        var node = LoneNode(voters: 1)
        node.persist(node.timeOut())
        node.persistAll()
        let change = MembershipChange([.update(NodeID(1))])
        _ = node.core.changeMembership(change, context: [1, 2, 3], now: node.now)
        node.persistAll()
        #expect(node.core.committedMembership.context == [1, 2, 3])
        _ = self.change(&node, .addLearner(NodeID(2)))
        #expect(node.core.membership.context == [1, 2, 3])
        let large = [UInt8](repeating: 0, count: RaftLimits.membershipContextBytesMax + 1)
        node.persistAll()
        let result = node.core.changeMembership(change, context: large, now: node.now)
        #expect(result == .refused(.contextTooLarge))
    }

    @Test("Others than the leader name it instead of changing anything")
    func notLeader() {
        var node = LoneNode()
        #expect(self.change(&node, .remove(NodeID(2))) == .notLeader(nil))
        node.receive(from: 3, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        #expect(self.change(&node, .remove(NodeID(2))) == .notLeader(NodeID(3)))
    }
}
