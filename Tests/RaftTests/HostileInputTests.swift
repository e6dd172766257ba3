import Raft
import Testing

@Suite("Peers that send nonsense")
struct HostileInputTests {
    private func entry(_ term: UInt64, _ index: UInt64) -> Entry {
        Entry(term: Term(term), index: LogIndex(index), kind: .command, payload: [])
    }

    @Test("Implausible appends are ignored as a whole")
    func implausibleAppends() {
        let huge = UInt64.max
        let requests: [Message.AppendRequest] = [
            .init(previous: at(0, 5), commit: .zero, entries: []),
            .init(previous: at(1, 0), commit: .zero, entries: []),
            .init(previous: at(9, 2), commit: .zero, entries: []),
            .init(previous: at(1, 2), commit: .zero, entries: [self.entry(1, 4)]),
            .init(
                previous: at(1, 2),
                commit: .zero,
                entries: [self.entry(1, 3), self.entry(1, 3)]
            ),
            .init(previous: at(2, 2), commit: .zero, entries: [self.entry(1, 3)]),
            .init(previous: at(1, 2), commit: .zero, entries: [self.entry(9, 3)]),
            .init(
                previous: at(1, 2),
                commit: .zero,
                entries: [self.entry(2, 3), self.entry(1, 4)]
            ),
            .init(previous: at(1, huge), commit: .zero, entries: []),
            .init(previous: at(1, huge - 1), commit: .zero, entries: [self.entry(1, huge)]),
            .init(previous: .zero, commit: .zero, entries: [self.entry(0, 1)]),
        ]
        for request in requests {
            var node = LoneNode(log: makeLog(1, 1), term: Term(3))
            node.receive(from: 2, term: 3, .appendRequest(request))
            #expect(node.core.last == at(1, 2), "\(request)")
            #expect(node.core.takeReady().messages.isEmpty, "\(request)")
        }
    }

    @Test("An absurd commit index commits only what was verified")
    func absurdCommit() {
        var node = LoneNode(log: makeLog(1, 1), term: Term(1))
        let commit = LogIndex(UInt64.max)
        node.receive(from: 2, term: 1, .heartbeat(.init(commit: commit, round: .max)))
        #expect(node.core.commit == .zero)
        let request = Message.AppendRequest(previous: at(1, 1), commit: commit, entries: [])
        node.receive(from: 2, term: 1, .appendRequest(request))
        #expect(node.core.commit == LogIndex(1))
    }

    @Test("Terms that would overflow, wrong addressees and strangers that nobody asked are ignored")
    func envelopes() {
        var node = LoneNode()
        let request = Message.VoteRequest(lastLog: .zero, isTransfer: true)
        node.receive(from: 2, term: .max, .voteRequest(request))
        node.receive(from: 2, term: .max, .preVoteRequest(request))
        node.receive(from: 2, term: 0, .voteRequest(request))
        node.receive(from: 0, term: 4, .voteRequest(request))
        node.receive(from: 9, term: 4, .voteResponse(granted: true))
        node.receive(from: 9, term: 4, .appendResponse(.accepted(match: LogIndex(1))))
        node.receive(from: 9, term: 4, .timeoutNow)
        node.receive(from: 1, term: 4, .voteRequest(request))
        node.core.step(
            Message(from: NodeID(2), to: NodeID(3), term: Term(4), body: .voteRequest(request)),
            now: node.now
        )
        #expect(node.core.term == .zero)
        #expect(node.core.takeReady().messages.isEmpty)
    }

    @Test("A second leader of one term is not believed (§5.2)")
    func secondLeader() {
        var node = LoneNode()
        node.receive(from: 2, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        let request = Message.AppendRequest(previous: .zero, commit: .zero, entries: makeLog(1))
        node.receive(from: 3, term: 1, .appendRequest(request))
        #expect(node.core.leader == NodeID(2))
        #expect(node.core.last == .zero)
        var leader = LoneNode()
        leader.becomeLeader()
        leader.receive(from: 3, term: 1, .appendRequest(request))
        #expect(leader.core.role == .leader)
    }

    @Test("Votes that nobody asked for elect nobody")
    func unaskedVotes() {
        var node = LoneNode()
        _ = node.timeOut()
        node.receive(from: 2, term: 1, .preVoteResponse(granted: true))
        #expect(node.core.role == .candidate)
        // The requests have not even been sent: this node's term is not durable.
        node.receive(from: 2, term: 1, .voteResponse(granted: true))
        node.receive(from: 3, term: 1, .voteResponse(granted: true))
        #expect(node.core.role == .candidate)
    }

    @Test("Random messages never trap and never break an invariant")
    func noise() {
        for seed in UInt64(1)...60 {
            print("hostile noise, seed \(seed)")
            var random = TestRandom(seed: seed)
            var node = LoneNode(log: makeLog(1, 1, 2), term: Term(2))
            if seed % 3 == 0 { node.becomeLeader() }
            for _ in 0..<400 {
                node.receive(
                    from: UInt64(random.below(5)),
                    term: self.number(&random),
                    self.body(&random)
                )
                if random.chance(30) { node.pass(UInt64(random.below(100))) }
                if random.chance(10) {
                    node.core.peerDisconnected(NodeID(2), now: node.now)
                }
                if random.chance(40) { node.persistAll() }
            }
            node.persistAll()
            #expect(node.core.commit <= node.core.last.index, "seed \(seed)")
        }
    }

    private func number(_ random: inout TestRandom) -> UInt64 {
        switch random.below(20) {
        case 0: .max - UInt64(random.below(3))
        case 1: 1 << 62
        case 2: 1 << 61
        default: UInt64(random.below(8))
        }
    }

    /// A configuration that may or may not be sound, with or without the node.
    private func configuration(
        _ term: UInt64,
        _ index: UInt64,
        _ random: inout TestRandom
    ) -> Entry {
        let voters = (1...4).filter { _ in random.chance(60) }.map { NodeID(UInt64($0)) }
        let membership = Membership(
            index: .zero,
            configuration: Configuration(voters: voters)
        )
        var payload = membership.encode()
        if random.chance(20) { payload[random.below(payload.count)] ^= 1 }
        return Entry(
            term: Term(term),
            index: LogIndex(index),
            kind: .configuration,
            payload: payload
        )
    }

    private func position(_ random: inout TestRandom) -> LogPosition {
        let term = random.chance(90) ? UInt64(random.below(6)) : self.number(&random)
        return at(term, self.number(&random))
    }

    private func body(_ random: inout TestRandom) -> Message.Body {
        let isYes = random.chance(50)
        switch random.below(14) {
        case 0:
            return .preVoteRequest(.init(lastLog: self.position(&random), isTransfer: isYes))
        case 1: return .preVoteResponse(granted: isYes)
        case 2: return .voteRequest(.init(lastLog: self.position(&random), isTransfer: isYes))
        case 3: return .voteResponse(granted: isYes)
        case 4, 5, 6, 7:
            let previous = self.position(&random)
            var entries: [Entry] = []
            var index = previous.index.rawValue
            var term = previous.term.rawValue
            for _ in 0..<random.below(4) {
                index = random.chance(95) ? index &+ 1 : self.number(&random)
                term = random.chance(90) ? term &+ UInt64(random.below(2)) : self.number(&random)
                entries.append(
                    random.chance(20)
                        ? self.configuration(term, max(index, 1), &random)
                        : self.entry(term, max(index, 1))
                )
            }
            let commit = LogIndex(self.number(&random))
            return .appendRequest(.init(previous: previous, commit: commit, entries: entries))
        case 8: return .appendResponse(.accepted(match: LogIndex(self.number(&random))))
        case 9:
            let previous = LogIndex(self.number(&random))
            return .appendResponse(.rejected(previous: previous, hint: self.position(&random)))
        case 10:
            let commit = LogIndex(self.number(&random))
            return .heartbeat(.init(commit: commit, round: self.number(&random)))
        case 11:
            let id = ReadID(UInt64(random.below(4)))
            if isYes { return .readIndexRequest(id: id) }
            return .readIndexResponse(id: id, index: LogIndex(self.number(&random)))
        default:
            return isYes ? .timeoutNow : .heartbeatResponse(.init(round: self.number(&random)))
        }
    }
}
