internal import CMessages
internal import Raft
internal import Wire

typealias RawMessage = Bandera__Peer__V1__RaftMessage

extension Message {
    /// Sets the fields of the C form.
    func fill(_ message: inout RawMessage, in arena: Arena) {
        message.from = self.from.rawValue
        message.to = self.to.rawValue
        message.term = self.term.rawValue
        switch self.body {
        case .preVoteRequest(let request):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_PRE_VOTE_REQUEST
            message.pre_vote_request = request.build(in: arena)
        case .preVoteResponse(let granted):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_PRE_VOTE_RESPONSE
            message.pre_vote_response = arena.voteResponse(granted)
        case .voteRequest(let request):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_VOTE_REQUEST
            message.vote_request = request.build(in: arena)
        case .voteResponse(let granted):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_VOTE_RESPONSE
            message.vote_response = arena.voteResponse(granted)
        case .appendRequest(let request):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_APPEND_REQUEST
            message.append_request = request.build(in: arena)
        case .appendResponse(let response):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_APPEND_RESPONSE
            message.append_response = response.build(in: arena)
        case .heartbeat(let heartbeat):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_HEARTBEAT
            message.heartbeat = arena.message(bandera__peer__v1__heartbeat__init) {
                $0.commit = heartbeat.commit.rawValue
                $0.round = heartbeat.round
            }
        case .heartbeatResponse(let response):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_HEARTBEAT_RESPONSE
            message.heartbeat_response = arena.message(
                bandera__peer__v1__heartbeat_response__init
            ) { $0.round = response.round }
        case .timeoutNow:
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_TIMEOUT_NOW
            message.timeout_now = arena.message(bandera__peer__v1__timeout_now__init) { _ in }
        case .readIndexRequest(let id):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_READ_INDEX_REQUEST
            message.read_index_request = arena.message(
                bandera__peer__v1__read_index_request__init
            ) { $0.id = id.rawValue }
        case .readIndexResponse(let id, let index):
            message.body_case = BANDERA__PEER__V1__RAFT_MESSAGE__BODY_READ_INDEX_RESPONSE
            message.read_index_response = arena.message(
                bandera__peer__v1__read_index_response__init
            ) {
                $0.id = id.rawValue
                $0.index = index?.rawValue ?? 0
            }
        }
    }

    /// Reads and checks the C form.
    init(_ message: RawMessage) throws(WireError) {
        let term = try Term(received: message.term)
        self.init(
            from: try NodeID(received: message.from),
            to: try NodeID(received: message.to),
            term: term,
            body: try Body(message, term: term)
        )
    }
}

extension Message.Body {
    fileprivate init(_ message: RawMessage, term: Term) throws(WireError) {
        switch message.body_case {
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_PRE_VOTE_REQUEST:
            self = .preVoteRequest(try .init(try require(message.pre_vote_request, "body")))
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_PRE_VOTE_RESPONSE:
            let response = try require(message.pre_vote_response, "body")
            self = .preVoteResponse(granted: response.pointee.granted != 0)
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_VOTE_REQUEST:
            self = .voteRequest(try .init(try require(message.vote_request, "body")))
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_VOTE_RESPONSE:
            let response = try require(message.vote_response, "body")
            self = .voteResponse(granted: response.pointee.granted != 0)
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_APPEND_REQUEST:
            let request = try require(message.append_request, "body")
            self = .appendRequest(try .init(request, term: term))
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_APPEND_RESPONSE:
            self = .appendResponse(try .init(try require(message.append_response, "body")))
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_HEARTBEAT:
            let heartbeat = try require(message.heartbeat, "body").pointee
            self = .heartbeat(
                .init(
                    commit: try LogIndex(received: heartbeat.commit),
                    round: try checkedCounter(heartbeat.round, "round")
                )
            )
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_HEARTBEAT_RESPONSE:
            let response = try require(message.heartbeat_response, "body").pointee
            self = .heartbeatResponse(.init(round: try checkedCounter(response.round, "round")))
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_TIMEOUT_NOW:
            self = .timeoutNow
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_READ_INDEX_REQUEST:
            let request = try require(message.read_index_request, "body").pointee
            self = .readIndexRequest(id: ReadID(request.id))
        case BANDERA__PEER__V1__RAFT_MESSAGE__BODY_READ_INDEX_RESPONSE:
            let response = try require(message.read_index_response, "body").pointee
            let index = try LogIndex(received: response.index)
            self = .readIndexResponse(
                id: ReadID(response.id),
                index: index == .zero ? nil : index
            )
        default:
            throw WireError(code: .missing, message: "a Raft message without a known body")
        }
    }
}

extension Message.VoteRequest {
    fileprivate func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Peer__V1__VoteRequest> {
        arena.message(bandera__peer__v1__vote_request__init) { message in
            message.last_log = self.lastLog.build(in: arena)
            message.is_transfer = self.isTransfer ? 1 : 0
        }
    }

    fileprivate init(
        _ message: UnsafePointer<Bandera__Peer__V1__VoteRequest>
    ) throws(WireError) {
        self.init(
            lastLog: try LogPosition(message.pointee.last_log),
            isTransfer: message.pointee.is_transfer != 0
        )
    }
}

extension Arena {
    fileprivate func voteResponse(
        _ granted: Bool
    ) -> UnsafeMutablePointer<Bandera__Peer__V1__VoteResponse> {
        self.message(bandera__peer__v1__vote_response__init) { $0.granted = granted ? 1 : 0 }
    }
}

extension LogPosition {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__LogPosition> {
        arena.message(bandera__peer__v1__log_position__init) { message in
            message.term = self.term.rawValue
            message.index = self.index.rawValue
        }
    }

    /// Reads the C form, which must be there.
    init(_ message: UnsafeMutablePointer<Bandera__Peer__V1__LogPosition>?) throws(WireError) {
        let position = try require(message, "log position").pointee
        self.init(
            term: try Term(received: position.term),
            index: try LogIndex(received: position.index)
        )
    }
}
