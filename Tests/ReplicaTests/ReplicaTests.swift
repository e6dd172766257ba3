import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// What a replica answers, and when.
struct ReplicaTests {
    @Test func aWriteIsAnsweredOnlyOnceItIsDurable() {
        var node = LoneReplica()
        node.elect()
        node.submit(1, WriteRequest(command: .openSession))
        let turn = node.replica.turn(node.now)
        #expect(turn.replies.isEmpty)
        #expect(turn.persists.count == 1)
        for batch in turn.persists { node.replica.persisted(batch.token, now: node.now) }
        let next = node.replica.turn(node.now)
        guard case .judged(.done(let revision))? = next.replies.first?.result else {
            Issue.record("the write was not answered: \(next.replies)")
            return
        }
        #expect(next.replies.first?.call == CallID(1))
        #expect(next.publication?.store.applied == revision)
    }

    @Test func whatIsRecordedIsNeverAheadOfTheDurableLog() {
        var node = LoneReplica()
        node.elect()
        node.submit(1, WriteRequest(command: .openSession))
        for turn in node.settle() {
            guard let through = turn.recordedThrough else { continue }
            #expect(through.rawValue <= node.replica.raft.last.index.rawValue)
            #expect(turn.records.allSatisfy { $0.revision <= through })
        }
        #expect(node.replica.store.sessionCount == 1)
    }

    @Test func aRefusedCommandIsAnsweredWithItsReason() {
        var node = LoneReplica()
        node.elect()
        let environment = EnvironmentID(organization: "nobody", environment: "nowhere")
        node.submit(1, WriteRequest(command: .archiveFlag(environment, FlagKey("f"))))
        let replies = node.settle().flatMap(\.replies)
        guard case .judged(.refused(let refusal))? = replies.first?.result else {
            Issue.record("the write was not refused: \(replies)")
            return
        }
        #expect(refusal.code == .notFound)
    }

    @Test func aRepeatedWriteIsAppliedOnceAndAnsweredAlike() {
        var node = LoneReplica()
        node.elect()
        node.submit(1, WriteRequest(command: .openSession))
        guard case .judged(.done(let session))? = node.settle().flatMap(\.replies).first?.result
        else {
            Issue.record("no session was opened")
            return
        }
        let request = WriteRequest(
            session: session,
            sequence: 1,
            command: .putOrganization(Organization(id: "acme", name: "Acme"))
        )
        node.submit(2, request)
        node.submit(3, request)
        let outcomes = node.settle().flatMap(\.replies).map(\.result).compactMap { result in
            if case .judged(let outcome) = result { return outcome }
            return nil
        }
        #expect(outcomes.count == 2)
        #expect(outcomes.first == outcomes.last)
    }

    @Test func bytesThatAreNoCommandChangeNothingAndStopNothing() {
        var node = LoneReplica()
        node.elect()
        let before = node.replica.store.stateHash()
        node.replica.submit(
            Submission(call: CallID(1), payload: [0xFF, 0x00, 0x13], isRepeatable: false),
            now: node.now
        )
        _ = node.settle()
        node.submit(2, WriteRequest(command: .openSession))
        #expect(node.settle().flatMap(\.replies).map(\.call) == [CallID(2)])
        #expect(node.replica.store.stateHash() != before)
    }

    @Test func withoutALeaderAWriteIsRefusedInTimeAndSaysThatNothingWasWritten() {
        var node = LoneReplica(nodes: 3)
        node.submit(1, WriteRequest(command: .openSession))
        var replies: [Reply] = []
        let limit = ReplicaLimits.leaderWaitMillisecondsMax + 1_000
        while node.now < Tick(limit), replies.isEmpty {
            node.now = node.now + 50
            node.replica.tick(node.now, wallTime: Timestamp(milliseconds: Int64(node.now.rawValue)))
            replies = node.settle().flatMap(\.replies)
        }
        guard case .failed(let status)? = replies.first?.result else {
            Issue.record("the write was not failed")
            return
        }
        #expect(status.code == .unavailable)
        #expect(status.message.contains("nothing was written"))
    }

    @Test("an entry that peers refuse would stop the log for ever")
    func aWriteThatNoPeerWouldTakeIsRefused() {
        var node = LoneReplica()
        node.elect()
        let last = node.replica.raft.last
        let size = PeerProtocolLimits.payloadBytesMax + 1
        node.replica.submit(
            Submission(
                call: CallID(1),
                payload: [UInt8](repeating: 0, count: size),
                isRepeatable: true
            ),
            now: node.now
        )
        guard case .failed(let status)? = node.settle().flatMap(\.replies).first?.result else {
            Issue.record("the write was not refused")
            return
        }
        #expect(status.code == .invalidArgument)
        #expect(node.replica.raft.last == last)
    }

    @Test("one wrong clock must not move the clock of the cluster")
    func aLeaderRefusesWritesFromTheFuture() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let origin = leader % 3 + 1
        let limit = ReplicaLimits.clockAheadMillisecondsMax
        let request = WriteRequest(command: .openSession)
        for (ahead, isTaken) in [(limit, true), (limit + 1_000, false), (.max / 2, false)] {
            let call = cluster.write(origin, request, ahead: ahead)
            cluster.run(2_000) { cluster.result(call) != nil }
            switch cluster.result(call) {
            case .judged(.done): #expect(isTaken)
            case .failed(let status):
                #expect(!isTaken && status.code == .failedPrecondition)
                #expect(status.message.contains("NTP"))
            case let other: Issue.record("\(String(describing: other))")
            }
        }
        let time = cluster.replica(leader).store.time.milliseconds
        #expect(time <= cluster.wallTime.milliseconds + limit)
    }

    @Test func whoseClockIsAheadIsToldSo() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.follow(NodeID(2))
        node.submit(1, WriteRequest(command: .openSession))
        let forwards = node.settle().flatMap(\.sends).flatMap(\.batch.forwards)
        var answer = PeerBatch()
        answer.refusals = forwards.map {
            ForwardRefusal(
                proposal: $0.proposal,
                leader: nil,
                overloaded: true,
                aheadMilliseconds: 7_200_000
            )
        }
        node.replica.receive(answer, from: NodeID(2), now: node.now, wallTime: node.wallTime)
        guard case .failed(let status)? = node.settle().flatMap(\.replies).first?.result else {
            Issue.record("the write was not failed")
            return
        }
        #expect(status.code == .failedPrecondition)
        #expect(status.message.contains("clock") && status.message.contains("7200 s"))
    }

    @Test func anAbandonedCallIsNotAnswered() {
        var node = LoneReplica()
        node.elect()
        node.submit(1, WriteRequest(command: .openSession))
        node.replica.abandon(CallID(1))
        #expect(node.settle().flatMap(\.replies).isEmpty)
    }

    @Test func anEvaluationForAnUnreachableRegionIsMadeHere() {
        var node = LoneReplica(nodes: 3)
        node.replica.route(
            RoutedCall(call: CallID(1), region: "R2", body: [], timeoutMilliseconds: 100),
            now: node.now
        )
        guard case .routeUnavailable? = node.settle().flatMap(\.replies).first?.result else {
            Issue.record("the call was not handed back")
            return
        }
    }

    @Test func anEvaluationIsRoutedToTheRegionAndHandedBackWhenItsLinkBreaks() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.replica.route(
            RoutedCall(call: CallID(1), region: "R2", body: [1, 2], timeoutMilliseconds: 100),
            now: node.now
        )
        let requests = node.settle().flatMap(\.sends).filter { $0.to == NodeID(2) }
            .flatMap(\.batch.evaluations)
        #expect(requests.map(\.body) == [[1, 2]])
        node.replica.peerDisconnected(NodeID(2), now: node.now)
        guard case .routeUnavailable? = node.settle().flatMap(\.replies).first?.result else {
            Issue.record("the call was not handed back")
            return
        }
    }

    @Test func aRefusedForwardRestsBeforeItIsSentAgain() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.follow(NodeID(2))
        node.submit(1, WriteRequest(session: Revision(9), sequence: 1, command: .openSession))
        guard let forward = Self.forwards(node.settle()).first else {
            Issue.record("the write was not forwarded to the leader")
            return
        }
        var refusal = PeerBatch()
        refusal.refusals = [
            ForwardRefusal(proposal: forward.proposal, leader: nil, overloaded: false)
        ]
        node.replica.receive(
            refusal,
            from: NodeID(2),
            now: node.now,
            wallTime: Timestamp(milliseconds: 0)
        )
        #expect(Self.forwards(node.settle()).isEmpty)
        node.now = node.now + ReplicaLimits.forwardPauseMilliseconds
        #expect(node.replica.nextDeadline <= node.now)
        node.replica.tick(node.now, wallTime: Timestamp(milliseconds: Int64(node.now.rawValue)))
        #expect(Self.forwards(node.settle()) == [forward])
    }

    @Test func aWriteThatALeaderWasGivenIsNeverReportedAsNotWritten() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.follow(NodeID(2))
        node.submit(1, WriteRequest(session: Revision(9), sequence: 1, command: .openSession))
        #expect(Self.forwards(node.settle()).count == 1)
        node.replica.peerDisconnected(NodeID(2), now: node.now)
        var replies: [Reply] = []
        let limit = Tick(ReplicaLimits.leaderWaitMillisecondsMax + 2_000)
        while node.now < limit, replies.isEmpty {
            node.now = node.now + 50
            node.replica.tick(node.now, wallTime: Timestamp(milliseconds: Int64(node.now.rawValue)))
            replies = node.settle().flatMap(\.replies)
        }
        guard case .failed(let status)? = replies.first?.result else {
            Issue.record("the write was not answered")
            return
        }
        #expect(status.code == .unknown)
    }

    @Test func anEvaluationThatAnotherNodeDoesNotAnswerIsMadeHere() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.replica.route(
            RoutedCall(call: CallID(1), region: "R2", body: [1], timeoutMilliseconds: 100),
            now: node.now
        )
        #expect(node.settle().flatMap(\.replies).isEmpty)
        node.now = node.now + 100 + ReplicaLimits.vitalsIntervalMilliseconds
        node.replica.tick(node.now, wallTime: Timestamp(milliseconds: Int64(node.now.rawValue)))
        guard case .routeUnavailable? = node.settle().flatMap(\.replies).first?.result else {
            Issue.record("the call was not handed back")
            return
        }
    }

    @Test func aClosedIncomingConnectionLeavesTheOutgoingLinkUp() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.replica.peerClosed(NodeID(2), now: node.now)
        node.replica.route(
            RoutedCall(call: CallID(1), region: "R2", body: [1], timeoutMilliseconds: 100),
            now: node.now
        )
        #expect(node.settle().flatMap(\.sends).flatMap(\.batch.evaluations).count == 1)
    }

    private static func forwards(_ turns: [Turn]) -> [Forward] {
        turns.flatMap(\.sends).flatMap(\.batch.forwards)
    }

    @Test func messagesInAnothersNameAreIgnored() {
        var node = LoneReplica(nodes: 3)
        var batch = PeerBatch()
        batch.raft = [
            Message(
                from: NodeID(3),
                to: NodeID(1),
                term: Term(9),
                body: .heartbeat(Message.Heartbeat(commit: .zero, round: 1))
            )
        ]
        node.replica.receive(
            batch,
            from: NodeID(2),
            now: node.now,
            wallTime: Timestamp(milliseconds: 0)
        )
        #expect(node.replica.raft.term == .zero)
    }

    @Test func routedEvaluationsThatCannotBeReadAreAnsweredAndHarmless() {
        var node = LoneReplica(nodes: 3)
        node.replica.peerConnected(NodeID(2), now: node.now)
        var batch = PeerBatch()
        batch.evaluations = [
            RoutedRequest(id: 5, timeoutMilliseconds: 10, body: [0xFF, 0xFF, 0xFF])
        ]
        node.replica.receive(
            batch,
            from: NodeID(2),
            now: node.now,
            wallTime: Timestamp(milliseconds: 0)
        )
        let answers = node.settle().flatMap(\.sends).flatMap(\.batch.answers)
        #expect(answers.map(\.code) == [.invalidArgument])
    }
}
