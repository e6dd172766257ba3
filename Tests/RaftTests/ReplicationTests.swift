import Raft
import Testing

@Suite("Replication")
struct ReplicationTests {
    private func append(
        _ previous: LogPosition,
        _ entries: [Entry] = [],
        commit: UInt64 = 0
    ) -> Message.Body {
        .appendRequest(.init(previous: previous, commit: LogIndex(commit), entries: entries))
    }

    @Test("Entries are acknowledged only when they are durable (§5.3, item 21, item 1)")
    func acknowledgesAfterFsync() {
        var node = LoneNode()
        node.receive(from: 2, term: 1, self.append(.zero, makeLog(1, 1)))
        let ready = node.core.takeReady()
        #expect(ready.messages.isEmpty)
        #expect(ready.persist?.entries.count == 2)
        #expect(ready.persist?.hardState?.term == Term(1))
        node.persist(ready)
        let bodies = node.core.takeReady().messages.map(\.body)
        #expect(bodies == [.appendResponse(.accepted(match: LogIndex(2)))])
    }

    @Test("A follower commits no more than the message verified (CCF#8172, item 16)")
    func commitIsVerified() {
        var node = LoneNode(log: makeLog(1, 1, 1, 1), term: Term(1))
        node.receive(from: 2, term: 2, self.append(at(1, 2), commit: 4))
        #expect(node.core.commit == LogIndex(2))
        node.receive(from: 2, term: 2, .heartbeat(.init(commit: LogIndex(4), round: 1)))
        #expect(node.core.commit == LogIndex(2))
        node.receive(from: 2, term: 2, self.append(at(1, 2), [makeLog(1, 1, 1)[2]], commit: 9))
        #expect(node.core.commit == LogIndex(3))
    }

    @Test("What was verified for one leader does not count for the next (item 16)")
    func verificationEndsWithTerm() {
        var node = LoneNode(log: makeLog(1, 1, 1, 1), term: Term(1))
        node.receive(from: 2, term: 2, self.append(at(1, 4)))
        node.receive(from: 3, term: 3, .heartbeat(.init(commit: LogIndex(4), round: 1)))
        #expect(node.core.commit == .zero)
    }

    @Test("A delayed append that ends early truncates nothing (openraft 9540c904, item 17)")
    func noNeedlessTruncation() {
        var node = LoneNode()
        let log = makeLog(1, 1, 1, 1)
        node.receive(from: 2, term: 1, self.append(.zero, log))
        node.receive(from: 2, term: 1, self.append(.zero, Array(log[..<2])))
        node.receive(from: 2, term: 1, self.append(at(1, 1), [log[1]]))
        node.receive(from: 2, term: 1, self.append(at(1, 1)))
        #expect(node.core.last == at(1, 4))
        node.persistAll()
        #expect(node.disk == log)
    }

    @Test("A real conflict truncates from the conflict on (§5.3, item 17)")
    func truncatesConflicts() {
        var node = LoneNode(log: makeLog(1, 1, 2, 2), term: Term(2))
        let new = makeLog(1, 1, 3)
        node.receive(from: 2, term: 3, self.append(at(1, 1), Array(new[1...])))
        #expect(node.core.last == at(3, 3))
        let messages = node.persistAll()
        #expect(messages.map(\.body) == [.appendResponse(.accepted(match: LogIndex(3)))])
        #expect(node.disk == new)
    }

    @Test("Committed entries are never truncated, whatever is sent (§5.4)")
    func committedStays() {
        var node = LoneNode(log: makeLog(1, 1, 1), term: Term(1))
        node.receive(from: 2, term: 1, self.append(at(1, 3), commit: 3))
        node.persistAll()
        node.receive(from: 2, term: 1, self.append(.zero, makeLog(1, 1, 1)))
        node.receive(from: 3, term: 4, self.append(at(1, 1), Array(makeLog(1, 4, 4, 4)[1...])))
        #expect(node.core.commit == LogIndex(3))
        #expect(node.core.last.index >= LogIndex(3))
        node.persistAll()
        #expect(Array(node.disk.prefix(3)) == makeLog(1, 1, 1))
    }

    @Test("A rejection skips whole terms (§5.3, last paragraphs, item 23)")
    func rejectionHint() {
        var node = LoneNode(log: makeLog(1, 1, 2, 2, 2, 3, 3), term: Term(3))
        node.receive(from: 2, term: 9, self.append(at(8, 20)))
        node.receive(from: 2, term: 9, self.append(at(2, 7)))
        node.receive(from: 2, term: 9, self.append(at(1, 5)))
        let hints = node.core.takeReady().messages.map(\.body)
        #expect(
            hints == [
                .appendResponse(.rejected(previous: LogIndex(20), hint: at(3, 7))),
                .appendResponse(.rejected(previous: LogIndex(7), hint: at(2, 5))),
                .appendResponse(.rejected(previous: LogIndex(5), hint: at(1, 2))),
            ]
        )
    }

    @Test("Logs that diverged for many terms meet in as many round trips as terms (item 23)")
    func divergenceInTerms() {
        // Figure 7 taken to the extreme: 20 terms of 50 entries against 20 others.
        var mine: [Entry] = []
        var theirs: [Entry] = []
        for raw in UInt64(1)...1_000 {
            let round = (raw - 1) / 50
            let index = LogIndex(raw)
            mine.append(Entry(term: Term(round * 2 + 2), index: index, kind: .command, payload: []))
            theirs.append(
                Entry(term: Term(round * 2 + 1), index: index, kind: .command, payload: [])
            )
        }
        var leader = LoneNode(log: mine, term: Term(50))
        var follower = LoneNode(id: 2, log: theirs, term: Term(50))
        leader.becomeLeader()
        var probes = 0
        var isLevel = false
        while !isLevel, probes < 100 {
            for message in leader.persistAll() where message.to == NodeID(2) {
                if case .appendRequest = message.body { probes += 1 }
                follower.core.step(message, now: follower.now)
            }
            for message in follower.persistAll() { leader.core.step(message, now: leader.now) }
            isLevel = leader.core.progress(of: NodeID(2))?.match == leader.core.last.index
        }
        #expect(isLevel)
        #expect(probes <= 45, "\(probes) appends for 20 divergent terms")
        #expect(follower.disk == leader.disk)
    }

    @Test("Match never regresses, and acknowledgements of other terms are ignored (item 18)")
    func matchNeverRegresses() {
        var node = LoneNode()
        node.becomeLeader()
        _ = node.core.propose([[1], [2], [3]], now: node.now)
        node.persistAll()
        let accepted: (UInt64) -> Message.Body = { .appendResponse(.accepted(match: LogIndex($0))) }
        node.receive(from: 2, term: 1, accepted(3))
        node.persistAll()
        node.receive(from: 2, term: 1, accepted(1))
        node.receive(from: 2, term: 0, accepted(4))
        node.receive(from: 2, term: 1, accepted(900))
        #expect(node.core.progress(of: NodeID(2))?.match == LogIndex(3))
        node.receive(
            from: 2,
            term: 1,
            .appendResponse(.rejected(previous: LogIndex(2), hint: .zero))
        )
        #expect(node.core.progress(of: NodeID(2))?.match == LogIndex(3))
        #expect(node.core.progress(of: NodeID(2))?.next == LogIndex(5))
        #expect(node.core.progress(of: NodeID(2))?.state == .replicate)
    }

    @Test("A new leader probes with one append, then pipelines (dissertation §10.2.1)")
    func probesThenPipelines() {
        var node = LoneNode()
        node.becomeLeader()
        node.persistAll()
        _ = node.core.propose([[1]], now: node.now)
        #expect(self.appends(node.persistAll(), to: 2) == 0)
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        #expect(self.appends(node.persistAll(), to: 2) == 1)
        _ = node.core.propose([[2]], now: node.now)
        #expect(self.appends(node.persistAll(), to: 2) == 1)
        _ = node.core.propose([[3]], now: node.now)
        #expect(self.appends(node.persistAll(), to: 2) == 1)
    }

    private func appends(_ messages: [Message], to peer: UInt64) -> Int {
        messages.count {
            if case .appendRequest = $0.body { $0.to == NodeID(peer) } else { false }
        }
    }

    @Test("The window closes by messages and by bytes, and opens on answers (item 24)")
    func windows() {
        for byBytes in [false, true] {
            var node = LoneNode {
                $0.inflightMessagesMax = byBytes ? 1_000 : 3
                $0.inflightBytesMax = byBytes ? 3 * 1_000 : 1 << 30
            }
            node.becomeLeader()
            node.persistAll()
            node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
            node.persistAll()
            var sent = 0
            for _ in 0..<10 {
                _ = node.core.propose([[UInt8](repeating: 7, count: 1_000)], now: node.now)
                sent += self.appends(node.persistAll(), to: 2)
            }
            #expect(sent == 3)
            node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(4))))
            #expect(self.appends(node.persistAll(), to: 2) > 0)
        }
    }

    @Test("Appends are cut by size, and a larger entry travels alone")
    func appendSize() {
        var node = LoneNode { $0.appendBytesMax = 2_000 }
        node.becomeLeader()
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(1))))
        node.persistAll()
        let sizes = [100, 100, 5_000, 900, 900, 900]
        _ = node.core.propose(sizes.map { [UInt8](repeating: 1, count: $0) }, now: node.now)
        var counts: [Int] = []
        for message in node.persistAll() where message.to == NodeID(2) {
            if case .appendRequest(let request) = message.body {
                counts.append(request.entries.count)
            }
        }
        #expect(counts == [2, 1, 2, 1])
    }

    @Test("Proposals are refused when too much waits for a quorum (item 24)")
    func overloaded() {
        var node = LoneNode { $0.uncommittedBytesMax = 10_000 }
        node.becomeLeader()
        node.persistAll()
        var taken = 0
        while node.core.propose([[UInt8](repeating: 0, count: 1_000)], now: node.now) != .overloaded
        {
            taken += 1
            #expect(taken < 20)
            if taken >= 20 { return }
        }
        #expect(taken == 9)
        node.persistAll()
        node.receive(from: 2, term: 1, .appendResponse(.accepted(match: LogIndex(10))))
        let result = node.core.propose([[1]], now: node.now)
        #expect(result == .appended(first: LogIndex(11), term: Term(1)))
    }

    @Test("Only a single proposal may exceed what may wait, and a new leader's entry takes no room")
    func uncommittedBound() {
        let most = 10_000
        func leader() -> LoneNode {
            var node = LoneNode { $0.uncommittedBytesMax = most }
            node.becomeLeader()
            return node
        }
        let half = [UInt8](repeating: 0, count: most / 2 - RaftLimits.entryOverheadBytes)
        let first = ProposalResult.appended(first: LogIndex(2), term: Term(1))
        var node = leader()
        #expect(node.core.propose([half, half, [1]], now: node.now) == .overloaded)
        #expect(node.core.propose([half, half], now: node.now) == first)
        #expect(node.core.propose([[1]], now: node.now) == .overloaded)
        node = leader()
        let large = [UInt8](repeating: 0, count: 2 * most)
        #expect(node.core.propose([large, [1]], now: node.now) == .overloaded)
        #expect(node.core.propose([large], now: node.now) == first)
        #expect(node.core.propose([[1]], now: node.now) == .overloaded)
    }

    @Test("Lost appends are found by the next heartbeat and sent again")
    func lostAppends() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let other: UInt64 = leader == 1 ? 2 : 1
        network.cutLink(leader, other)
        network.propose(leader, [1], [2], [3])
        network.run(2)
        network.heal()
        network.run(150)
        #expect(network[other].applied == network.committed)
        #expect(network.leaders.count == 1)
    }

    @Test("A peer that restarted unnoticed learns the commit index without a new entry")
    func unnoticedRestart() {
        let network = TestNetwork(3)
        network.tellsDisconnects = false
        let leader = network.elect()
        let other: UInt64 = leader == 1 ? 2 : 1
        network.propose(leader, [1], [2])
        network.run(100)
        network.crash(other)
        network[other].applied = []
        network.restart(other)
        network.run(600)
        #expect(network[other].applied == network.committed)
    }

    @Test("Entries that left memory are read from disk for a peer that was away")
    func fetchesOldEntries() {
        let network = TestNetwork(3) { $0.cachedBytesMax = 2_000 }
        let leader = network.elect()
        let other: UInt64 = leader == 1 ? 2 : 1
        network.crash(other)
        for round in 0..<200 {
            network.propose(leader, [UInt8](repeating: UInt8(round), count: 100))
            network.run(3)
        }
        network.restart(other)
        network.run(1_000)
        #expect(network[other].applied.count == 201)
        #expect(network[other].applied == network.committed)
    }

    @Test("A restarted leader serves peers from before its memory begins")
    func fetchesAfterRestart() {
        let network = TestNetwork(3) { $0.appendBytesMax = 500 }
        let first = network.elect()
        let others = network.everyone.filter { $0 != first }
        network.crash(others[0])
        for round in 0..<50 {
            network.propose(first, [UInt8](repeating: UInt8(round), count: 100))
            network.run(5)
        }
        network.run(200)
        network.crash(first)
        network.crash(others[1])
        network.restart(first)
        network.restart(others[1])
        network.run(20)
        network.restart(others[0])
        network.elect()
        network.run(2_000)
        #expect(network[others[0]].applied == network.committed)
    }

    @Test("Heartbeats do not wait for appends or for the disk (etcd#7617, item 25)")
    func heartbeatsAreSeparate() {
        var node = LoneNode { $0.inflightMessagesMax = 1 }
        node.becomeLeader()
        _ = node.core.propose([[UInt8](repeating: 0, count: 900_000)], now: node.now)
        _ = node.core.takeReady()
        node.pass(30)
        let heartbeats = node.core.takeReady().messages.filter {
            if case .heartbeat = $0.body { true } else { false }
        }
        #expect(heartbeats.count == 2)
    }

    @Test("An acknowledged round is dated by when it was sent (dissertation §6.4.1, item 28)")
    func roundsAreDated() {
        var node = LoneNode()
        node.becomeLeader()
        let sent = node.now
        let round = node.core.round
        #expect(node.core.quorumConfirmed == nil)
        node.now = node.now + 25
        node.receive(from: 2, term: 1, .heartbeatResponse(.init(round: round)))
        #expect(node.core.quorumConfirmed == sent)
        node.receive(from: 3, term: 1, .heartbeatResponse(.init(round: round + 1)))
        #expect(node.core.progress(of: NodeID(3))?.confirmed == nil)
    }
}
