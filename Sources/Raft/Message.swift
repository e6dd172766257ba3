/// A message between two nodes' Raft cores.
///
/// The network may drop, delay, duplicate and reorder it.
package struct Message: Hashable, Sendable {
    package var from: NodeID
    package var to: NodeID
    /// The sender's term, except in a pre-vote request and in the grant that answers it.
    ///
    /// These two carry the term that is to be campaigned for, so that a late grant of an earlier
    /// round is not counted in this one.
    package var term: Term
    package var body: Body

    package init(from: NodeID, to: NodeID, term: Term, body: Body) {
        self.from = from
        self.to = to
        self.term = term
        self.body = body
    }

    /// What is said.
    ///
    /// A closed set: every receiver switches over all of it.
    package enum Body: Hashable, Sendable {
        case preVoteRequest(VoteRequest)
        case preVoteResponse(granted: Bool)
        case voteRequest(VoteRequest)
        case voteResponse(granted: Bool)
        case appendRequest(AppendRequest)
        case appendResponse(AppendResponse)
        case heartbeat(Heartbeat)
        case heartbeatResponse(HeartbeatResponse)
        /// Asks the receiver to campaign at once (dissertation §3.10).
        case timeoutNow
        /// Asks the leader for a read index for a client of the sender (dissertation §6.4).
        case readIndexRequest(id: ReadID)
        /// Answers with the index; `nil` if the sender cannot vouch for one.
        case readIndexResponse(id: ReadID, index: LogIndex?)
    }

    /// Asks for a vote or a pre-vote (Raft paper §5.2, dissertation §9.6).
    package struct VoteRequest: Hashable, Sendable {
        package var lastLog: LogPosition
        /// Set when a leader handed leadership over, which overrides leader stickiness.
        package var isTransfer: Bool

        package init(lastLog: LogPosition, isTransfer: Bool) {
            self.lastLog = lastLog
            self.isTransfer = isTransfer
        }
    }

    /// Replicates entries that follow `previous` (Raft paper §5.3).
    package struct AppendRequest: Hashable, Sendable {
        package var previous: LogPosition
        package var commit: LogIndex
        package var entries: [Entry]

        package init(previous: LogPosition, commit: LogIndex, entries: [Entry]) {
            self.previous = previous
            self.commit = commit
            self.entries = entries
        }
    }

    /// Answers an append: what now matches durably, or where the logs part.
    package enum AppendResponse: Hashable, Sendable {
        /// Everything up to `match` equals the leader's log and is durable here.
        case accepted(match: LogIndex)
        /// `previous` did not match.
        ///
        /// `hint` is the last position at which this log could agree: the leader skips back by
        /// whole terms (Raft paper §5.3, last paragraphs).
        ///
        /// A hint of term 0 names an index that is committed here, so it agrees in any case.
        case rejected(previous: LogIndex, hint: LogPosition)
    }

    /// Keeps followers from campaigning.
    ///
    /// Carries no entries, so it never queues behind them.
    package struct Heartbeat: Hashable, Sendable {
        /// min(leader's commit, the receiver's match): never more than is known to agree.
        package var commit: LogIndex
        /// Identifies the leader's round, so that an acknowledgement can be dated by when the
        /// round was *sent* (dissertation §6.4.1).
        ///
        /// 0 asks for no answer: the message only spreads a commit index.
        package var round: UInt64

        package init(commit: LogIndex, round: UInt64) {
            self.commit = commit
            self.round = round
        }
    }

    /// Acknowledges a heartbeat round.
    package struct HeartbeatResponse: Hashable, Sendable {
        package var round: UInt64

        package init(round: UInt64) { self.round = round }
    }
}
