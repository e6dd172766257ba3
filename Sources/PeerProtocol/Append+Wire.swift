internal import CMessages
internal import Raft
internal import Wire

extension Message.AppendRequest {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__AppendRequest> {
        arena.message(bandera__peer__v1__append_request__init) { message in
            message.previous = self.previous.build(in: arena)
            message.commit = self.commit.rawValue
            message.n_entries = self.entries.count
            message.entries = arena.messages(self.entries, bandera__peer__v1__entry__init) {
                entry,
                message in
                message.term = entry.term.rawValue
                message.index = entry.index.rawValue
                message.kind = entry.kind.raw
                message.payload = arena.bytes(entry.payload)
            }
        }
    }

    /// Reads the C form.
    ///
    /// What no correct leader sends is refused, before the core relies on it: entries that do not
    /// follow `previous` and each other, terms that fall or exceed the sender's.
    init(
        _ message: UnsafePointer<Bandera__Peer__V1__AppendRequest>,
        term: Term
    ) throws(WireError) {
        let previous = try LogPosition(message.pointee.previous)
        var last = previous
        let entries = try readMessages(
            message.pointee.n_entries,
            message.pointee.entries,
            max: PeerProtocolLimits.entriesMax,
            "entries"
        ) { (entry) throws(WireError) -> Entry in
            let entry = try Entry(entry, after: last, leaderTerm: term)
            last = LogPosition(term: entry.term, index: entry.index)
            return entry
        }
        self.init(
            previous: previous,
            commit: try LogIndex(received: message.pointee.commit),
            entries: entries
        )
    }
}

extension Entry {
    fileprivate init(
        _ message: UnsafePointer<Bandera__Peer__V1__Entry>,
        after last: LogPosition,
        leaderTerm: Term
    ) throws(WireError) {
        let index = try LogIndex(received: message.pointee.index)
        guard index == last.index.next else {
            throw WireError(code: .outOfRange, message: "entry \(index) after \(last)")
        }
        let term = try Term(received: message.pointee.term)
        guard term >= last.term, term > .zero, term <= leaderTerm else {
            throw WireError(
                code: .outOfRange,
                message: "entry of term \(term) after \(last), sent in term \(leaderTerm)"
            )
        }
        let kind = try Kind(message.pointee.kind)
        let payload = try checkedPayload(message.pointee.payload.array(), "an entry")
        guard kind != .noOp || payload.isEmpty else {
            throw WireError(code: .outOfRange, message: "a no-op with a payload")
        }
        self.init(term: term, index: index, kind: kind, payload: payload)
    }
}

extension Entry.Kind {
    fileprivate var raw: Bandera__Peer__V1__EntryKind {
        switch self {
        case .noOp: BANDERA__PEER__V1__ENTRY_KIND__ENTRY_KIND_NO_OP
        case .command: BANDERA__PEER__V1__ENTRY_KIND__ENTRY_KIND_COMMAND
        case .configuration: BANDERA__PEER__V1__ENTRY_KIND__ENTRY_KIND_CONFIGURATION
        }
    }

    fileprivate init(_ raw: Bandera__Peer__V1__EntryKind) throws(WireError) {
        switch raw {
        case BANDERA__PEER__V1__ENTRY_KIND__ENTRY_KIND_NO_OP: self = .noOp
        case BANDERA__PEER__V1__ENTRY_KIND__ENTRY_KIND_COMMAND: self = .command
        case BANDERA__PEER__V1__ENTRY_KIND__ENTRY_KIND_CONFIGURATION: self = .configuration
        default:
            throw WireError(code: .outOfRange, message: "unknown entry kind \(raw.rawValue)")
        }
    }
}

extension Message.AppendResponse {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__AppendResponse> {
        arena.message(bandera__peer__v1__append_response__init) { message in
            switch self {
            case .accepted(let match):
                message.outcome_case = BANDERA__PEER__V1__APPEND_RESPONSE__OUTCOME_ACCEPTED
                message.accepted = arena.message(
                    bandera__peer__v1__append_response__accepted__init
                ) { $0.match = match.rawValue }
            case .rejected(let previous, let hint):
                message.outcome_case = BANDERA__PEER__V1__APPEND_RESPONSE__OUTCOME_REJECTED
                message.rejected = arena.message(
                    bandera__peer__v1__append_response__rejected__init
                ) {
                    $0.previous = previous.rawValue
                    $0.hint = hint.build(in: arena)
                }
            }
        }
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<Bandera__Peer__V1__AppendResponse>) throws(WireError) {
        switch message.pointee.outcome_case {
        case BANDERA__PEER__V1__APPEND_RESPONSE__OUTCOME_ACCEPTED:
            let accepted = try require(message.pointee.accepted, "accepted")
            self = .accepted(match: try LogIndex(received: accepted.pointee.match))
        case BANDERA__PEER__V1__APPEND_RESPONSE__OUTCOME_REJECTED:
            let rejected = try require(message.pointee.rejected, "rejected")
            self = .rejected(
                previous: try LogIndex(received: rejected.pointee.previous),
                hint: try LogPosition(rejected.pointee.hint)
            )
        default:
            throw WireError(code: .missing, message: "an append response without an outcome")
        }
    }
}
