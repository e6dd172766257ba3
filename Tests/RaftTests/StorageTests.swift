import Raft
import Testing

@Suite("Asynchronous storage")
struct StorageTests {
    private func append(_ previous: LogPosition, _ entries: [Entry]) -> Message.Body {
        .appendRequest(.init(previous: previous, commit: .zero, entries: entries))
    }

    @Test("An old write does not acknowledge an entry that came back (append ABA, item 20)")
    func appendABA() {
        var node = LoneNode()
        // Written, overwritten, and written again, while the disk has completed nothing.
        node.receive(from: 2, term: 1, self.append(.zero, makeLog(1)))
        let first = node.core.takeReady()
        node.receive(from: 3, term: 2, self.append(.zero, makeLog(2)))
        let second = node.core.takeReady()
        let log = makeLog(1, 3)
        node.receive(from: 2, term: 3, self.append(.zero, log))
        #expect(!node.core.hasReady, "two hand-overs are outstanding")
        node.persist(first)
        #expect(node.core.stable == .zero)
        var ready = node.core.takeReady()
        #expect(ready.messages.isEmpty)
        node.persist(second)
        #expect(node.core.stable == .zero)
        #expect(node.core.takeReady().messages.isEmpty)
        node.persist(ready)
        #expect(node.core.stable == LogIndex(2))
        ready = node.core.takeReady()
        #expect(ready.messages.map(\.body) == [.appendResponse(.accepted(match: LogIndex(2)))])
        #expect(ready.messages.map(\.term) == [Term(3)])
        #expect(node.disk == log)
    }

    @Test("What was promised in an earlier term is not sent in a later one (item 20)")
    func promisesEndWithTerm() {
        var node = LoneNode()
        node.receive(from: 2, term: 1, self.append(.zero, makeLog(1)))
        let first = node.core.takeReady()
        node.receive(from: 3, term: 2, .voteRequest(.init(lastLog: at(1, 1), isTransfer: true)))
        node.persist(first)
        let ready = node.core.takeReady()
        #expect(ready.messages.isEmpty)
        node.persist(ready)
        #expect(node.core.takeReady().messages.map(\.body) == [.voteResponse(granted: true)])
    }

    @Test("At most two hand-overs are outstanding; the next takes all that waits")
    func batches() {
        var node = LoneNode()
        node.becomeLeader()
        var handed: [Ready] = []
        for round in 0..<10 {
            _ = node.core.propose([[UInt8(round)]], now: node.now)
            let ready = node.core.takeReady()
            if ready.persist != nil { handed.append(ready) }
        }
        #expect(handed.count == 2)
        node.persist(handed[0])
        #expect(node.core.takeReady().persist?.entries.count == 8)
    }

    /// Appends that follow each other, one entry in the term 1 for each payload size.
    private func receive(_ sizes: [Int], perAppend: Int, on node: inout LoneNode) {
        var previous = LogPosition.zero
        for start in stride(from: 0, to: sizes.count, by: perAppend) {
            let entries = (start..<min(start + perAppend, sizes.count)).map { offset in
                Entry(
                    term: Term(1),
                    index: LogIndex(UInt64(offset + 1)),
                    kind: .command,
                    payload: [UInt8](repeating: 1, count: sizes[offset])
                )
            }
            node.receive(from: 2, term: 1, self.append(previous, entries))
            previous = at(1, UInt64(start + entries.count))
        }
    }

    @Test("A long backlog is handed over in bounded batches, and acknowledged once it is durable")
    func boundedHandOver() {
        let count = 40_000
        var node = LoneNode()
        self.receive(Array(repeating: 0, count: count), perAppend: 1_000, on: &node)
        var outstanding = [node.core.takeReady(), node.core.takeReady()]
        #expect(!node.core.hasReady, "two hand-overs are outstanding")
        var sizes: [Int] = []
        var answers: [Message.Body] = []
        while !outstanding.isEmpty {
            let ready = outstanding.removeFirst()
            #expect((ready.persist?.hardState != nil) == sizes.isEmpty)
            sizes.append(ready.persist?.entries.count ?? 0)
            #expect(answers.isEmpty)
            node.persist(ready)
            #expect(node.core.stable == LogIndex(UInt64(node.disk.count)))
            guard node.core.hasReady else { continue }
            let next = node.core.takeReady()
            answers += next.messages.map(\.body)
            if next.persist != nil { outstanding.append(next) }
        }
        let most = RaftLimits.persistEntriesMax
        #expect(sizes == [most, most, count - 2 * most])
        #expect(answers == [.appendResponse(.accepted(match: LogIndex(UInt64(count))))])
        #expect(node.disk.map(\.index.rawValue) == Array(1...UInt64(count)))
    }

    @Test("A hand-over is bounded in bytes, and a larger entry travels alone")
    func boundedBytes() {
        let most = RaftLimits.persistBytesMax
        var node = LoneNode()
        self.receive([10, most / 2, most / 2, most + 1, 10, 10], perAppend: 1, on: &node)
        var sizes: [Int] = []
        while node.core.hasReady {
            let ready = node.core.takeReady()
            if let batch = ready.persist { sizes.append(batch.entries.count) }
            node.persist(ready)
        }
        #expect(sizes == [2, 1, 1, 2])
        #expect(node.core.stable == LogIndex(6))
    }

    @Test("Entries that replace a backlog in the middle of its hand-over are acknowledged alone")
    func backlogIsReplaced() {
        let most = RaftLimits.persistEntriesMax
        var node = LoneNode()
        self.receive(Array(repeating: 0, count: 3 * most), perAppend: most, on: &node)
        let first = node.core.takeReady()
        let new = Entry(term: Term(2), index: LogIndex(2), kind: .command, payload: [2])
        node.receive(from: 3, term: 2, self.append(at(1, 1), [new]))
        let second = node.core.takeReady()
        #expect(second.persist?.entries == [new])
        node.persist(first)
        #expect(node.core.stable == LogIndex(1))
        #expect(node.core.takeReady().messages.isEmpty)
        node.persist(second)
        #expect(node.core.stable == LogIndex(2))
        let answer = Message.Body.appendResponse(.accepted(match: LogIndex(2)))
        #expect(node.core.takeReady().messages.map(\.body) == [answer])
        #expect(node.disk.count == 2)
    }

    @Test("Tokens complete in order, and one completes all before it")
    func tokens() {
        var node = LoneNode()
        node.becomeLeader()
        let first = node.core.takeReady()
        _ = node.core.propose([[1]], now: node.now)
        let second = node.core.takeReady()
        #expect((first.persist?.token ?? .init(9)) < (second.persist?.token ?? .init(0)))
        if let token = second.persist?.token { node.core.persisted(token, now: node.now) }
        #expect(node.core.stable == LogIndex(2))
        if let token = first.persist?.token { node.core.persisted(token, now: node.now) }
        #expect(node.core.stable == LogIndex(2))
    }

    @Test("A restart keeps term, vote and log, and applies nothing twice")
    func restart() {
        let network = TestNetwork(3)
        let leader = network.elect()
        for round in 0..<30 {
            network.propose(leader, [UInt8(round)])
            network.run(2)
        }
        network.run(100)
        for id in network.everyone { network.crash(id) }
        for id in network.everyone { network.restart(id) }
        #expect(network.node(leader).term == network[leader].hardState.term)
        let second = network.elect()
        network.propose(second, [99])
        network.run(200)
        #expect(network.members.allSatisfy { $0.applied == network.committed })
        #expect(network.committed.last?.payload == [99])
    }

    @Test("A stored commit index beyond the log is only a hint")
    func commitHint() {
        let restored = RestoredLog(
            hardState: HardState(term: Term(1), vote: nil, commit: LogIndex(50)),
            last: at(1, 2),
            tail: makeLog(1, 1)
        )
        var node = RaftNode(
            configuration: RaftConfiguration(id: NodeID(1), voters: [NodeID(1)], seed: 1),
            restored: restored,
            now: Tick(0)
        )
        #expect(node.commit == LogIndex(2))
        #expect(node.takeReady().committed == makeLog(1, 1))
    }

    @Test("A conflict just after what was applied before a restart is resolved")
    func conflictAfterRestart() {
        var log = RestoredLog(
            hardState: HardState(term: Term(2)),
            last: at(2, 4),
            tail: Array(makeLog(1, 1, 2, 2)[2...])
        )
        log.applied = LogIndex(2)
        var node = RaftNode(
            configuration: RaftConfiguration(
                id: NodeID(1),
                voters: [NodeID(1), NodeID(2), NodeID(3)],
                seed: 1
            ),
            restored: log,
            now: Tick(0)
        )
        let new = makeLog(1, 1, 3)
        let message = Message(
            from: NodeID(2),
            to: NodeID(1),
            term: Term(3),
            body: self.append(at(1, 2), [new[2]])
        )
        node.step(message, now: Tick(1))
        #expect(node.last == at(3, 3))
        #expect(node.takeReady().persist?.entries == [new[2]])
    }

    @Test("The memory of entries is bounded once they are applied")
    func memoryIsBounded() {
        var node = LoneNode(voters: 1) { $0.cachedBytesMax = 4_000 }
        node.persist(node.timeOut())
        node.persistAll()
        for round in 0..<500 {
            _ = node.core.propose(
                [[UInt8](repeating: UInt8(round % 256), count: 100)],
                now: node.now
            )
            node.persistAll()
        }
        #expect(node.core.applied == LogIndex(501))
        #expect(node.core.cachedBytes <= 4_000)
        #expect(node.disk.count == 501)
    }
}
