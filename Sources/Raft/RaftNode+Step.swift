/// Messages: which are believed, and what their terms do to this node's.
extension RaftNode {
    /// Takes a message from a peer.
    ///
    /// Nothing in it is trusted: what makes no sense is ignored.
    package mutating func step(_ message: Message, now: Tick) {
        self.advance(to: now)
        guard message.to == self.id, message.from != self.id,
            message.from.rawValue > 0, message.term > .zero, message.term < RaftLimits.termMax
        else { return }
        if case .preVoteRequest(let request) = message.body {
            // Changes neither term nor vote, whatever term it names (dissertation §9.6).
            self.answerPreVote(request, from: message.from, campaign: message.term)
        } else if message.term > self.term {
            self.stepHigherTerm(message)
        } else if message.term < self.term {
            self.stepLowerTerm(message)
        } else {
            self.stepCurrentTerm(message)
        }
    }

    /// Whether the node is a member, or was one until a change that is not committed.
    private func isKnown(_ node: NodeID) -> Bool {
        self.members.contains(node) || self.index(of: node) != nil
    }

    private mutating func stepHigherTerm(_ message: Message) {
        precondition(message.term > self.term, "\(message.term) is not above \(self.term)")
        switch message.body {
        case .preVoteRequest:
            preconditionFailure("answered before")
        case .preVoteResponse(granted: true):
            // Carries the term that this node asked about, not the sender's.
            self.takePreVote(from: message.from, granted: true, term: message.term)
            return
        case .voteRequest(let request):
            // A node that hears a leader does not help to depose it (dissertation §4.2.3).
            guard self.isHandover(request, to: message.from) || !self.isSticky else { return }
            self.becomeFollower(term: message.term, leader: nil)
        case .appendRequest, .heartbeat:
            // Also from a stranger: the configuration that names it may be on its way (§4.2.2).
            self.becomeFollower(term: message.term, leader: message.from)
        case .timeoutNow, .readIndexRequest:
            // Meant for who has followed the sender in its term.
            return
        case .preVoteResponse(granted: false), .voteResponse, .appendResponse,
            .heartbeatResponse, .readIndexResponse:
            // Nobody asked a stranger: one that was removed must not depose anybody (§4.2.3).
            guard self.isKnown(message.from) else { return }
            self.becomeFollower(term: message.term, leader: nil)
        }
        self.stepCurrentTerm(message)
    }

    private mutating func stepLowerTerm(_ message: Message) {
        precondition(message.term < self.term, "\(message.term) is not below \(self.term)")
        switch message.body {
        case .voteRequest:
            self.send(.voteResponse(granted: false), to: message.from)
        case .preVoteResponse(granted: false):
            self.takePreVote(from: message.from, granted: false, term: message.term)
        case .appendRequest(let request):
            // The answer's term is the point: a deposed leader steps down, and a leader that a
            // node with a higher term cannot follow makes way for one that it can.
            let previous = request.previous.index
            self.send(.appendResponse(.rejected(previous: previous, hint: .zero)), to: message.from)
        case .heartbeat(let heartbeat):
            let answer = Message.HeartbeatResponse(round: heartbeat.round)
            self.send(.heartbeatResponse(answer), to: message.from)
        case .preVoteRequest, .preVoteResponse(granted: true), .voteResponse, .appendResponse,
            .heartbeatResponse, .timeoutNow, .readIndexResponse:
            break
        case .readIndexRequest(let id):
            self.send(.readIndexResponse(id: id, index: nil), to: message.from)
        }
    }

    private mutating func stepCurrentTerm(_ message: Message) {
        precondition(message.term == self.term, "\(message.term) is not \(self.term)")
        switch message.body {
        case .preVoteRequest:
            preconditionFailure("answered before")
        case .preVoteResponse(let granted):
            // A grant names the next term, so one for this term is of an earlier round.
            guard !granted else { return }
            self.takePreVote(from: message.from, granted: false, term: message.term)
        case .voteRequest(let request):
            self.answerVote(request, from: message.from)
        case .voteResponse(let granted):
            // Nobody was asked before the term was durable.
            guard self.role == .candidate, self.durable.term == self.term else { return }
            self.takeVote(from: message.from, granted: granted)
        case .appendRequest(let request):
            guard self.follow(message.from) else { return }
            self.handleAppend(request, from: message.from)
        case .heartbeat(let heartbeat):
            guard self.follow(message.from) else { return }
            self.handleHeartbeat(heartbeat, from: message.from)
        case .appendResponse(let response):
            self.handleAppendResponse(response, from: message.from)
        case .heartbeatResponse(let response):
            self.handleHeartbeatResponse(response, from: message.from)
        case .timeoutNow:
            // Only the leader that this node follows may send it campaigning.
            guard self.leader == message.from, self.follow(message.from), self.canCampaign else {
                return
            }
            self.campaign(isTransfer: true)
        case .readIndexRequest(let id):
            if self.role == .leader {
                self.takeRead(PendingRead(origin: message.from, id: id))
            } else {
                self.send(.readIndexResponse(id: id, index: nil), to: message.from)
            }
        case .readIndexResponse(let id, let index):
            self.handleReadResponse(id, index: index, from: message.from)
        }
    }
}
