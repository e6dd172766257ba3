import PeerProtocol
import Raft
import Wire
import WireTestKit

extension Chance {
    mutating func counter(
        _ range: ClosedRange<UInt64> = 0...PeerProtocolLimits.counterMax
    ) -> UInt64 {
        switch Int.random(in: 0..<4, using: &self) {
        case 0: range.lowerBound
        case 1: range.upperBound
        default: UInt64.random(in: range, using: &self)
        }
    }

    mutating func node() -> NodeID { NodeID(self.counter(1...UInt64.max)) }

    mutating func position() -> LogPosition {
        LogPosition(term: Term(self.counter()), index: LogIndex(self.counter()))
    }

    mutating func proposal() -> ProposalID {
        ProposalID(
            origin: self.node(),
            incarnation: self.counter(0...UInt64.max),
            number: self.counter(0...UInt64.max)
        )
    }

    mutating func append(count: Int, payload: ClosedRange<Int> = 0...40) -> Message {
        let previous = LogPosition(
            term: Term(UInt64.random(in: 0...1000, using: &self)),
            index: LogIndex(UInt64.random(in: 0...1_000_000, using: &self))
        )
        var last = previous
        var entries: [Entry] = []
        for _ in 0..<count {
            last.term = Term(last.term.rawValue + UInt64.random(in: 0...1, using: &self))
            last.term = max(last.term, Term(1))
            last.index = last.index.next
            let kind: Entry.Kind =
                [.noOp, .command, .command, .configuration].randomElement(using: &self) ?? .noOp
            entries.append(
                Entry(
                    term: last.term,
                    index: last.index,
                    kind: kind,
                    payload: kind == .noOp ? [] : self.bytes(payload)
                )
            )
        }
        let request = Message.AppendRequest(
            previous: previous,
            commit: LogIndex(self.counter()),
            entries: entries
        )
        return Message(
            from: self.node(),
            to: self.node(),
            term: last.term,
            body: .appendRequest(request)
        )
    }

    /// One message of each body, with random contents.
    mutating func messages() -> [Message] {
        let vote = Message.VoteRequest(
            lastLog: self.position(),
            isTransfer: Bool.random(using: &self)
        )
        let bodies: [Message.Body] = [
            .preVoteRequest(vote),
            .preVoteResponse(granted: Bool.random(using: &self)),
            .voteRequest(vote),
            .voteResponse(granted: Bool.random(using: &self)),
            .appendResponse(.accepted(match: LogIndex(self.counter()))),
            .appendResponse(
                .rejected(previous: LogIndex(self.counter()), hint: self.position())
            ),
            .heartbeat(.init(commit: LogIndex(self.counter()), round: self.counter())),
            .heartbeatResponse(.init(round: self.counter())),
            .timeoutNow,
            .readIndexRequest(id: ReadID(self.counter())),
            .readIndexResponse(id: ReadID(self.counter()), index: LogIndex(max(1, self.counter()))),
            .readIndexResponse(id: ReadID(self.counter()), index: nil),
        ]
        var messages: [Message] = []
        for body in bodies {
            messages.append(
                Message(from: self.node(), to: self.node(), term: Term(self.counter()), body: body)
            )
        }
        return messages + [self.append(count: Int.random(in: 0...5, using: &self))]
    }

    mutating func batch() -> PeerBatch {
        var batch = PeerBatch()
        batch.raft = self.messages()
        batch.forwards = [Forward(proposal: self.proposal(), payload: self.bytes(0...50))]
        batch.refusals = [
            ForwardRefusal(proposal: self.proposal(), leader: self.node(), overloaded: true),
            ForwardRefusal(
                proposal: self.proposal(),
                leader: nil,
                overloaded: false,
                aheadMilliseconds: self.counter()
            ),
        ]
        batch.evaluations = [
            RoutedRequest(
                id: self.counter(),
                timeoutMilliseconds: self.number(),
                body: self.bytes(0...50)
            )
        ]
        batch.answers = [
            RoutedAnswer(
                id: self.counter(),
                code: StatusCode.allCases.randomElement(using: &self) ?? .ok,
                message: self.string(),
                body: self.bytes(0...50)
            )
        ]
        batch.vitals = Vitals(
            role: [.follower, .preCandidate, .candidate, .leader, .learner]
                .randomElement(using: &self) ?? .leader,
            term: Term(self.counter()),
            leader: Bool.random(using: &self) ? self.node() : nil,
            commit: LogIndex(self.counter()),
            applied: LogIndex(self.counter())
        )
        batch.probe = Bool.random(using: &self) ? self.counter(0...UInt64.max) : nil
        batch.echo = Bool.random(using: &self) ? self.counter(0...UInt64.max) : nil
        return batch
    }
}
