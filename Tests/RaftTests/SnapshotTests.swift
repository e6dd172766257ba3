import Raft
import Testing

@Suite("Snapshots and compaction")
struct SnapshotTests {
    private func snapshot(_ term: UInt64, _ index: UInt64) -> SnapshotPosition {
        SnapshotPosition(
            position: at(term, index),
            membership: Membership(
                index: .zero,
                configuration: Configuration(voters: [NodeID(1), NodeID(2), NodeID(3)])
            )
        )
    }

    private func receive(_ node: inout LoneNode, _ snapshot: SnapshotPosition) -> Bool {
        node.core.receivedSnapshot(snapshot, from: NodeID(2), term: Term(3), now: node.now)
    }

    private func append(
        _ previous: LogPosition,
        _ entries: [Entry],
        commit: UInt64 = 0
    ) -> Message.Body {
        .appendRequest(.init(previous: previous, commit: LogIndex(commit), entries: entries))
    }

    @Test("A snapshot replaces the log, and its acknowledgement tells the leader where to go on")
    func installs() {
        var node = LoneNode(log: makeLog(1, 1), term: Term(3))
        node.receive(from: 2, term: 3, .heartbeat(.init(commit: .zero, round: 0)))
        #expect(self.receive(&node, self.snapshot(2, 10)))
        let ready = node.core.takeReady()
        #expect(ready.install == self.snapshot(2, 10))
        #expect(ready.messages.isEmpty)
        #expect(!node.core.hasReady)
        #expect(node.core.commit == .zero, "nothing is claimed before it is durable")
        node.core.installed(self.snapshot(2, 10), now: node.now)
        #expect(node.core.last == at(2, 10))
        #expect(node.core.commit == LogIndex(10))
        #expect(node.core.applied == LogIndex(10))
        #expect(node.core.base == at(2, 10))
        let bodies = node.core.takeReady().messages.map(\.body)
        #expect(bodies == [.appendResponse(.accepted(match: LogIndex(10)))])
        let next = Entry(term: Term(3), index: LogIndex(11), kind: .command, payload: [])
        node.receive(from: 2, term: 3, self.append(at(2, 10), [next], commit: 11))
        #expect(node.core.last == at(3, 11))
        #expect(node.core.commit == LogIndex(11))
    }

    @Test("item 38: an older snapshot, or the same again, takes nothing back")
    func olderSnapshots() {
        var node = LoneNode(log: makeLog(1, 1, 1, 1), term: Term(3))
        node.receive(from: 2, term: 3, self.append(at(1, 4), [], commit: 4))
        node.persistAll()
        #expect(!self.receive(&node, self.snapshot(1, 3)))
        #expect(!self.receive(&node, self.snapshot(1, 4)))
        #expect(node.core.commit == LogIndex(4))
        let bodies = node.core.takeReady().messages.map(\.body)
        #expect(bodies.last == .appendResponse(.accepted(match: LogIndex(4))))
        #expect(self.receive(&node, self.snapshot(2, 9)))
        #expect(!self.receive(&node, self.snapshot(2, 12)), "one at a time")
        #expect(node.core.takeReady().install == self.snapshot(2, 9))
        node.core.installed(self.snapshot(2, 9), now: node.now)
        #expect(!self.receive(&node, self.snapshot(2, 9)))
        #expect(node.core.applied == LogIndex(9))
        #expect(self.receive(&node, self.snapshot(2, 12)))
    }

    @Test("item 38: a snapshot of what the log has commits it, and replaces nothing")
    func knownPosition() {
        var node = LoneNode(log: makeLog(1, 1, 1, 1), term: Term(3))
        #expect(!self.receive(&node, self.snapshot(1, 3)))
        #expect(node.core.commit == LogIndex(3))
        #expect(node.core.last == at(1, 4))
        #expect(node.core.takeReady().committed.count == 3)
    }

    @Test("Nonsense in a snapshot is refused")
    func implausible() {
        var node = LoneNode(log: [], term: Term(3))
        #expect(!self.receive(&node, self.snapshot(4, 9)), "of a later term than its sender's")
        #expect(!self.receive(&node, self.snapshot(0, 9)))
        #expect(!self.receive(&node, self.snapshot(1, 0)))
        #expect(!self.receive(&node, self.snapshot(1, .max)))
        var empty = self.snapshot(1, 9)
        empty.membership.configuration = .none
        #expect(!self.receive(&node, empty))
        node.becomeLeader()
        #expect(!self.receive(&node, self.snapshot(2, 9)), "a leader of a later term")
        #expect(node.core.role == .leader)
    }

    @Test(
        "item 20: a write under way while a snapshot comes in acknowledges nothing of the new log"
    )
    func writesUnderWay() {
        var node = LoneNode()
        node.receive(from: 2, term: 3, self.append(.zero, makeLog(1, 1, 1)))
        let first = node.core.takeReady()
        #expect(self.receive(&node, self.snapshot(2, 2)))
        #expect(node.core.takeReady().install == nil, "not before the write is done")
        // What arrives now would be replaced.
        node.receive(from: 2, term: 3, self.append(at(1, 3), [makeLog(1, 1, 1, 3)[3]], commit: 4))
        #expect(node.core.last == at(1, 3))
        node.persist(first)
        let ready = node.core.takeReady()
        #expect(ready.install == self.snapshot(2, 2))
        #expect(ready.committed.isEmpty)
        // A vote becomes durable meanwhile: term and vote only.
        node.receive(from: 3, term: 4, .voteRequest(.init(lastLog: at(3, 9), isTransfer: true)))
        let vote = node.core.takeReady()
        #expect(vote.persist?.entries.isEmpty == true)
        node.core.installed(self.snapshot(2, 2), now: node.now)
        node.persist(vote)
        #expect(node.core.stable == LogIndex(2))
        #expect(node.core.takeReady().messages.map(\.body) == [.voteResponse(granted: true)])
    }

    @Test("A node that installs a snapshot does not campaign")
    func installingNodeWaits() {
        var node = LoneNode()
        #expect(self.receive(&node, self.snapshot(2, 5)))
        node.persist(node.timeOut())
        #expect(node.core.role == .follower)
        node.persistAll()
        node.core.installed(self.snapshot(2, 5), now: node.now)
        _ = node.timeOut()
        #expect(node.core.role == .preCandidate)
    }

    @Test("A report of application from before the snapshot is ignored")
    func lateApplication() {
        var node = LoneNode(log: makeLog(1, 1, 1), term: Term(3))
        node.receive(from: 2, term: 3, self.append(at(1, 3), [], commit: 3))
        #expect(node.core.takeReady().committed.count == 3)
        node.persistAll()
        #expect(self.receive(&node, self.snapshot(2, 8)))
        node.persistAll()
        node.core.installed(self.snapshot(2, 8), now: node.now)
        node.core.applied(through: LogIndex(3))
        #expect(node.core.applied == LogIndex(8))
    }

    @Test("A leader asks once for a snapshot, again when it failed, and goes on behind it")
    func asksOnce() {
        var node = LoneNode { $0.cachedBytesMax = 1 }
        node.becomeLeader()
        _ = node.core.propose([[1], [2], [3]], now: node.now)
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(4))))
        node.persistAll()
        _ = node.core.takeReady()
        node.core.compacted(to: at(1, 4))
        var wanted: [NodeID] = []
        func turn() {
            while node.core.hasReady {
                let ready = node.core.takeReady()
                wanted += ready.snapshots
                node.persist(ready)
            }
        }
        node.core.peerDisconnected(NodeID(3), now: node.now)
        for _ in 0..<5 {
            node.pass(30)
            let answer = Message.HeartbeatResponse(round: node.core.round)
            node.receive(from: 2, term: 1, .heartbeatResponse(answer))
            node.receive(from: 3, term: 1, .heartbeatResponse(answer))
            turn()
        }
        #expect(wanted == [NodeID(3)])
        #expect(node.core.progress(of: NodeID(3))?.state == .snapshot)
        node.receive(from: 3, term: 1, .appendResponse(.accepted(match: LogIndex(2))))
        turn()
        #expect(wanted == [NodeID(3)], "item 40: an acknowledgement from before asks for nothing")
        node.core.snapshotFailed(NodeID(3), now: node.now)
        turn()
        #expect(wanted == [NodeID(3)], "not before it answers a heartbeat")
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        turn()
        #expect(wanted == [NodeID(3)], "not before its log is known to end before the base")
        let rejection = Message.AppendResponse.rejected(previous: LogIndex(4), hint: at(1, 2))
        node.receive(from: 3, term: 1, .appendResponse(rejection))
        turn()
        #expect(wanted == [NodeID(3), NodeID(3)])
        _ = node.core.propose([[4]], now: node.now)
        turn()
        node.receive(from: 3, term: 1, .appendResponse(.accepted(match: LogIndex(4))))
        turn()
        #expect(node.core.progress(of: NodeID(3))?.state == .replicate)
        #expect(node.core.progress(of: NodeID(3))?.next == LogIndex(6))
        #expect(wanted.count == 2)
    }

    @Test(
        "item 40: a peer ahead of the snapshot is asked for its log, not sent it again"
    )
    func peerAheadOfSnapshot() {
        var node = LoneNode { $0.cachedBytesMax = 1 }
        node.becomeLeader()
        _ = node.core.propose([[1], [2], [3]], now: node.now)
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(4))))
        node.persistAll()
        node.core.compacted(to: at(1, 4))
        node.core.peerDisconnected(NodeID(3), now: node.now)
        var wanted: [NodeID] = []
        for _ in 0..<3 {
            node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
            let ready = node.core.takeReady()
            wanted += ready.snapshots
            node.persist(ready)
            for fetch in ready.fetches {
                node.core.fetched(fetch, entries: [], now: node.now)
            }
        }
        #expect(wanted == [NodeID(3)])
        node.core.snapshotFailed(NodeID(3), now: node.now)
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: node.core.round)))
        let ready = node.core.takeReady()
        #expect(ready.snapshots.isEmpty)
        let probes = ready.messages.compactMap { message -> LogPosition? in
            guard case .appendRequest(let request) = message.body else { return nil }
            return request.previous
        }
        #expect(probes == [at(1, 4)])
        node.receive(from: 3, term: 1, .appendResponse(.accepted(match: LogIndex(4))))
        #expect(node.core.progress(of: NodeID(3))?.state == .replicate)
    }

    @Test("A compaction that is reported while a snapshot is installed changes nothing")
    func compactionDuringInstall() {
        var node = LoneNode(log: makeLog(1, 1, 1), term: Term(3))
        #expect(self.receive(&node, self.snapshot(2, 8)))
        node.persistAll()
        node.core.compacted(to: at(2, 8))
        #expect(node.core.base == .zero)
        node.core.installed(self.snapshot(2, 8), now: node.now)
        node.core.compacted(to: at(2, 8))
        #expect(node.core.base == at(2, 8))
    }

    @Test("item 1: a vote that waited for a snapshot is not given in a later term")
    func voteOfEarlierTerm() {
        var node = LoneNode()
        node.receive(from: 2, term: 3, self.append(.zero, makeLog(1, 1, 1)))
        #expect(self.receive(&node, self.snapshot(2, 2)))
        for (term, candidate) in [(UInt64(4), UInt64(2)), (5, 3)] {
            let request = Message.VoteRequest(lastLog: at(3, 9), isTransfer: true)
            node.receive(from: candidate, term: term, .voteRequest(request))
        }
        var votes: [Message] = []
        for _ in 0..<4 {
            let ready = node.core.takeReady()
            votes += ready.messages
            node.persist(ready)
            if let snapshot = ready.install { node.core.installed(snapshot, now: node.now) }
        }
        votes.removeAll { $0.body != .voteResponse(granted: true) }
        #expect(votes.map(\.to) == [NodeID(3)])
    }

    @Test("item 40: acknowledgements of old entries ask for no second snapshot while one travels")
    func slowFollower() {
        let network = TestNetwork(3) { $0.cachedBytesMax = 200 }
        network.snapshotDelay = 400
        let leader = network.elect()
        let slow: UInt64 = leader == 1 ? 2 : 1
        network.isolate(slow)
        for round in 0..<40 {
            network.propose(leader, [UInt8(round)])
            network.run(5)
        }
        for id in network.everyone where id != slow { network.compact(id, keep: 5) }
        network.heal()
        // While the snapshot travels the cluster goes on, and compacts, with a tail.
        for round in 0..<40 {
            network.propose(leader, [UInt8(round)])
            network.run(5)
            network.compact(leader, keep: 60)
        }
        network.run(2_000)
        #expect(network[slow].applied == network.committed)
        #expect(network.snapshotsSent == 1)
        #expect(network.leaders.count == 1)
    }

    @Test("item 40: one that arrives too old is followed by one more, not by a loop")
    func outrunSnapshot() {
        let network = TestNetwork(3) { $0.cachedBytesMax = 200 }
        network.snapshotDelay = 300
        let leader = network.elect()
        let slow: UInt64 = leader == 1 ? 2 : 1
        network.isolate(slow)
        for round in 0..<30 { network.propose(leader, [UInt8(round)]) }
        network.run(100)
        network.compact(leader)
        network.heal()
        network.run(100)
        for round in 0..<30 { network.propose(leader, [UInt8(round)]) }
        network.run(50)
        network.compact(leader)
        network.run(3_000)
        #expect(network[slow].applied == network.committed)
        #expect(network.snapshotsSent == 2)
    }

    @Test("A snapshot whose acknowledgement was lost is noticed by the next probe")
    func lostAcknowledgement() {
        let network = TestNetwork(3) { $0.cachedBytesMax = 200 }
        let leader = network.elect()
        let slow: UInt64 = leader == 1 ? 2 : 1
        network.isolate(slow)
        for round in 0..<30 { network.propose(leader, [UInt8(round)]) }
        network.run(100)
        network.compact(leader)
        network.heal()
        network.run(atMost: 500) { $0[slow].install != nil }
        network.cut.insert([NodeID(slow), NodeID(leader)])
        network.run(10)
        #expect(network.node(leader).progress(of: NodeID(slow))?.state == .snapshot)
        network.heal()
        network.run(400)
        #expect(network.node(leader).progress(of: NodeID(slow))?.state == .replicate)
        #expect(network.snapshotsSent == 1)
    }

    @Test("item 31: the membership comes with the snapshot, and is kept back to the base")
    func membershipInSnapshots() {
        let network = TestNetwork(3) { $0.cachedBytesMax = 200 }
        let leader = network.elect()
        let new = network.join { $0.cachedBytesMax = 200 }
        network.propose(leader, [1], [2], [3])
        _ = network.change(leader, .addLearner(NodeID(8)))
        network.run(200)
        _ = network.change(leader, .remove(NodeID(8)))
        network.run(200)
        network.compact(leader)
        let base = network.node(leader).base.index
        #expect(network.node(leader).membership(at: base) == network.node(leader).membership)
        #expect(network.node(leader).membership(at: LogIndex(1)) == nil)
        network.add(new)
        network.run(300)
        #expect(network.snapshotsSent >= 1)
        #expect(network.node(new).membership == network.node(leader).membership)
        network.crash(new)
        network.restart(new)
        #expect(network.node(new).membership == network.node(leader).membership)
        network.run(500)
        #expect(network[new].applied == network.committed)
    }

    @Test("item 37: a log that starts behind its base is refused by a trap, one at it is not")
    func noGap() {
        let membership = Membership(
            index: LogIndex(3),
            configuration: Configuration(voters: [NodeID(1), NodeID(2)])
        )
        let node = RaftNode(
            configuration: RaftConfiguration(id: NodeID(1), voters: [], seed: 1),
            restored: RestoredLog(
                hardState: HardState(term: Term(2)),
                base: at(2, 5),
                memberships: [membership],
                last: at(2, 5),
                applied: LogIndex(5)
            ),
            now: Tick(0)
        )
        #expect(node.last == at(2, 5))
        #expect(node.term(at: LogIndex(5)) == Term(2))
        #expect(node.term(at: LogIndex(4)) == nil)
        #expect(node.membership == membership)
        #expect(node.commit == LogIndex(5))
    }

    @Test("item 40: a closed connection does not make a peer of unknown log need a snapshot")
    func closedWhileProbing() {
        var node = LoneNode(log: makeLog(1, 1, 1, 1), term: Term(1))
        node.receive(
            from: 2,
            term: 1,
            .appendRequest(.init(previous: at(1, 4), commit: LogIndex(4), entries: []))
        )
        node.persistAll()
        node.core.compacted(to: at(1, 3))
        node.core.peerDisconnected(NodeID(2), now: node.now)
        node.becomeLeader()
        node.persistAll()
        node.core.peerDisconnected(NodeID(3), now: node.now)
        node.receive(from: 3, term: 2, .heartbeatResponse(.init(round: node.core.round)))
        let ready = node.core.takeReady()
        #expect(ready.snapshots.isEmpty)
        let probes = ready.messages.compactMap { message -> LogPosition? in
            guard case .appendRequest(let request) = message.body else { return nil }
            return request.previous
        }
        #expect(probes == [at(1, 4)])
    }
}
