import Raft
import Testing

@Suite("Elections")
struct ElectionTests {
    @Test("One leader emerges and commits an empty entry (§5.2, dissertation §6.4, item 15)")
    func electsOne() {
        for seed in 1...20 {
            let network = TestNetwork(5, seed: UInt64(seed))
            let leader = network.elect()
            #expect(network.committed.first?.kind == .noOp, "seed \(seed)")
            network.run(1_000)
            #expect(network.leader == leader, "seed \(seed)")
            #expect(network.leaders.count == 1, "seed \(seed)")
        }
    }

    @Test(
        "A follower without a leader asks first, and changes neither term nor vote (§9.6, item 8)"
    )
    func preVoteChangesNothing() {
        var node = LoneNode()
        let ready = node.timeOut()
        #expect(node.core.role == .preCandidate)
        #expect(node.core.term == .zero)
        #expect(node.core.leader == nil)
        #expect(ready.persist == nil)
        #expect(ready.messages.map(\.term) == [Term(1), Term(1)])
        node.receive(from: 2, term: 1, .preVoteRequest(.init(lastLog: .zero, isTransfer: false)))
        #expect(node.core.vote == nil)
        #expect(node.core.term == .zero)
    }

    @Test("Requests for votes wait until term and own vote are durable, in one record (item 1)")
    func votesAreDurableFirst() {
        var node = LoneNode()
        _ = node.timeOut()
        node.receive(from: 2, term: 1, .preVoteResponse(granted: true))
        #expect(node.core.role == .candidate)
        let ready = node.core.takeReady()
        #expect(ready.messages.isEmpty)
        #expect(ready.persist?.hardState?.term == Term(1))
        #expect(ready.persist?.hardState?.vote == NodeID(1))
        node.persist(ready)
        let after = node.core.takeReady()
        #expect(after.messages.count == 2)
        #expect(
            after.messages.allSatisfy { if case .voteRequest = $0.body { true } else { false } }
        )
    }

    @Test("A granted vote is sent only when it is durable, a refusal at once (§5.2, item 1)")
    func grantsAreWithheld() {
        var node = LoneNode()
        node.receive(from: 2, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        let ready = node.core.takeReady()
        #expect(ready.messages.isEmpty)
        #expect(ready.persist?.hardState == HardState(term: Term(1), vote: NodeID(2)))
        node.receive(from: 3, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        #expect(node.core.takeReady().messages.map(\.body) == [.voteResponse(granted: false)])
        node.persist(ready)
        #expect(node.core.takeReady().messages.map(\.body) == [.voteResponse(granted: true)])
    }

    @Test("A vote survives a crash before its answer (item 1)")
    func votesSurviveCrashes() {
        var node = LoneNode()
        node.receive(from: 2, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        node.persist(node.core.takeReady())
        node.restart()
        node.receive(from: 3, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        #expect(node.core.takeReady().messages.map(\.body) == [.voteResponse(granted: false)])
    }

    @Test("Stepping down within a term keeps the vote (CCF pre_vote_double_leader, item 2)")
    func stepDownKeepsVote() {
        var node = LoneNode()
        node.becomeCandidate()
        node.receive(from: 2, term: 1, .heartbeat(.init(commit: .zero, round: 1)))
        #expect(node.core.role == .follower)
        #expect(node.core.vote == NodeID(1))
        _ = node.core.takeReady()
        node.core.peerDisconnected(NodeID(2), now: node.now)
        node.receive(from: 3, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        #expect(node.core.takeReady().messages.map(\.body) == [.voteResponse(granted: false)])
    }

    @Test("Logs are compared by term first, then by index (§5.4.1, item 3)")
    func logComparison() {
        var random = TestRandom(seed: 3)
        for _ in 0..<300 {
            let mine = LogPosition(
                term: Term(UInt64(random.below(3) + 1)),
                index: LogIndex(UInt64(random.below(3) + 1))
            )
            let theirs = LogPosition(
                term: Term(UInt64(random.below(3) + 1)),
                index: LogIndex(UInt64(random.below(3) + 1))
            )
            var node = LoneNode(last: mine)
            let request = Message.VoteRequest(lastLog: theirs, isTransfer: false)
            node.receive(from: 2, term: 9, .voteRequest(request))
            node.persistAll()
            let expected =
                (theirs.term.rawValue, theirs.index.rawValue)
                >= (mine.term.rawValue, mine.index.rawValue)
            #expect(node.core.vote == (expected ? NodeID(2) : nil), "\(mine) against \(theirs)")
        }
    }

    @Test("A refused vote leaves the election timer alone (etcd#12959, item 4)")
    func refusedVoteKeepsTimer() {
        var node = LoneNode(last: LogPosition(term: Term(3), index: LogIndex(3)))
        let deadline = node.core.nextDeadline
        for term in 4..<9 {
            let stale = LogPosition(term: Term(2), index: LogIndex(9))
            let request = Message.VoteRequest(lastLog: stale, isTransfer: false)
            node.receive(from: 2, term: UInt64(term), .voteRequest(request))
        }
        #expect(node.core.term == Term(8))
        #expect(node.core.nextDeadline == deadline)
    }

    @Test("A node that was cut off for 100 timeouts rejoins without a new term (§9.6, item 5)")
    func rejoiningNodeIsQuiet() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let other = leader == 1 ? UInt64(2) : 1
        let term = network.node(leader).term
        network.isolate(other)
        network.run(30_000)
        #expect(network.node(other).term == term)
        network.heal()
        network.propose(leader, [1])
        network.run(1_000)
        #expect(network.leader == leader)
        #expect(network.node(leader).term == term)
        #expect(network[other].applied.count == network.committed.count)
    }

    @Test("A chain of five nodes keeps a stable leader (decentralizedthoughts 2020, item 6)")
    func chainTopology() {
        for seed in 1...10 {
            let network = TestNetwork(5, seed: UInt64(seed))
            network.elect()
            // 1 - 2 - 3 - 4 - 5, with links between neighbours only.
            for one in UInt64(1)...5 {
                for other in UInt64(1)...5 where other > one + 1 { network.cutLink(one, other) }
            }
            network.run(5_000)
            let leader = network.elect()
            let term = network.node(leader).term
            let before = network.committed.count
            network.propose(leader, [9])
            network.run(3_000)
            #expect(network.leader == leader, "seed \(seed)")
            #expect(network.node(leader).term == term, "seed \(seed)")
            #expect(network.committed.count > before, "seed \(seed)")
        }
    }

    @Test("A pre-vote from a lower term is answered with the own term (etcd#8243, item 7)")
    func preVoteFromLowerTerm() {
        var node = LoneNode(last: LogPosition(term: Term(5), index: LogIndex(1)))
        let request = Message.VoteRequest(lastLog: .zero, isTransfer: false)
        node.receive(from: 2, term: 3, .preVoteRequest(request))
        let messages = node.core.takeReady().messages
        #expect(messages.map(\.body) == [.preVoteResponse(granted: false)])
        #expect(messages.map(\.term) == [Term(5)])
        var asking = LoneNode()
        _ = asking.timeOut()
        asking.receive(from: 2, term: 5, .preVoteResponse(granted: false))
        #expect(asking.core.term == Term(5))
        #expect(asking.core.role == .follower)
    }

    @Test("A node with a lower term and a dead leader still elect (etcd#8501, item 7)")
    func lowerTermNodeElects() {
        let network = TestNetwork(3)
        let first = network.elect()
        let others = network.everyone.filter { $0 != first }
        network.isolate(others[0])
        network.crash(first)
        network.restart(first)
        network.run(2_000)
        network.heal()
        network.crash(first)
        let second = network.elect()
        #expect(others.contains(second))
    }

    @Test("Votes count once per peer and only in their term (§5.2, item 13)")
    func duplicateVotes() {
        var node = LoneNode(voters: 5)
        node.becomeCandidate()
        for _ in 0..<4 { node.receive(from: 2, term: 1, .voteResponse(granted: true)) }
        #expect(node.core.role == .candidate)
        node.receive(from: 3, term: 0, .voteResponse(granted: true))
        node.receive(from: 9, term: 1, .voteResponse(granted: true))
        #expect(node.core.role == .candidate)
        node.receive(from: 3, term: 1, .voteResponse(granted: true))
        #expect(node.core.role == .leader)
    }

    @Test("A vote that contradicts the same peer's earlier one is ignored (item 13)")
    func contradictingVotes() {
        var node = LoneNode(voters: 3)
        node.becomeCandidate()
        node.receive(from: 2, term: 1, .voteResponse(granted: false))
        node.receive(from: 2, term: 1, .voteResponse(granted: true))
        #expect(node.core.role == .candidate)
    }

    @Test("A late grant of an earlier pre-vote does not count (delayed_vote_requests, item 13)")
    func latePreVote() {
        var node = LoneNode()
        _ = node.timeOut()
        node.receive(from: 2, term: 4, .preVoteResponse(granted: false))
        #expect(node.core.term == Term(4))
        _ = node.timeOut()
        node.receive(from: 2, term: 1, .preVoteResponse(granted: true))
        node.receive(from: 3, term: 9, .preVoteResponse(granted: true))
        #expect(node.core.role == .preCandidate)
        node.receive(from: 2, term: 5, .preVoteResponse(granted: true))
        #expect(node.core.role == .candidate)
    }

    @Test(
        "A learner that is asked votes, and never campaigns (campaign_learner_must_vote, item 11)"
    )
    func learnersVote() {
        var node = LoneNode(id: 4, voters: 3, learners: [4])
        #expect(node.core.role == .learner)
        #expect(node.core.nextDeadline == .never)
        node.receive(from: 2, term: 1, .voteRequest(.init(lastLog: .zero, isTransfer: false)))
        node.persistAll()
        #expect(node.core.vote == NodeID(2))
        node.receive(from: 2, term: 1, .timeoutNow)
        #expect(node.core.role == .learner)
    }

    @Test("A stranger cannot disturb (dissertation §4.2.3, item 10)")
    func strangersAreIgnored() {
        let network = TestNetwork(3)
        let leader = network.elect()
        let term = network.node(leader).term
        for round in 0..<50 {
            let request = Message.VoteRequest(
                lastLog: LogPosition(term: Term(99), index: LogIndex(99)),
                isTransfer: round % 2 == 0
            )
            for id in network.everyone {
                let message = Message(
                    from: NodeID(77),
                    to: NodeID(id),
                    term: Term(UInt64(100 + round)),
                    body: .voteRequest(request)
                )
                network[id].node?.step(message, now: Tick(network.now))
            }
            network.run(20)
        }
        #expect(network.leader == leader)
        #expect(network.node(leader).term == term)
    }
}
