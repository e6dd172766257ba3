internal import CMessages
internal import Raft
internal import Wire

private typealias RawRequest = Bandera__Peer__V1__AdministrationRequest

extension AdministrationRequest {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__AdministrationRequest, in arena: Arena) {
        message.incarnation = self.incarnation
        message.id = self.id
        message.term = self.term.rawValue
        switch self.change {
        case .add(let member):
            message.change_case = BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_ADD
            message.add = member.build(in: arena)
        case .promote(let node):
            message.change_case = BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_PROMOTE
            message.promote = arena.reference(to: node)
        case .remove(let node):
            message.change_case = BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_REMOVE
            message.remove = arena.reference(to: node)
        case .transfer(let node):
            message.change_case = BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_TRANSFER
            message.transfer = arena.reference(to: node)
        case .replace(let old, let new):
            message.change_case = BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_REPLACE
            message.replace = arena.message(
                bandera__peer__v1__administration_request__replacement__init
            ) {
                $0.old = old.rawValue
                $0.new_node = new.rawValue
            }
        }
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__AdministrationRequest) throws(WireError) {
        self.init(
            incarnation: message.incarnation,
            id: message.id,
            term: try Term(received: message.term),
            change: try AdministrationChange(message)
        )
    }
}

extension AdministrationChange {
    fileprivate init(_ message: RawRequest) throws(WireError) {
        switch message.change_case {
        case BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_ADD:
            self = .add(try Member(try require(message.add, "add").pointee))
        case BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_PROMOTE:
            self = .promote(try NodeID(reference: message.promote))
        case BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_REMOVE:
            self = .remove(try NodeID(reference: message.remove))
        case BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_TRANSFER:
            self = .transfer(to: try NodeID(reference: message.transfer))
        case BANDERA__PEER__V1__ADMINISTRATION_REQUEST__CHANGE_REPLACE:
            let replacement = try require(message.replace, "replace").pointee
            self = .replace(
                old: try NodeID(received: replacement.old),
                new: try NodeID(received: replacement.new_node)
            )
        default:
            throw WireError(code: .missing, message: "a request without a known change")
        }
    }
}

extension NodeID {
    fileprivate init(
        reference: UnsafeMutablePointer<Bandera__Peer__V1__AdministrationRequest__NodeRef>?
    ) throws(WireError) {
        try self.init(received: try require(reference, "node").pointee.node)
    }
}

extension Arena {
    fileprivate func reference(
        to node: NodeID
    ) -> UnsafeMutablePointer<Bandera__Peer__V1__AdministrationRequest__NodeRef> {
        self.message(bandera__peer__v1__administration_request__node_ref__init) {
            $0.node = node.rawValue
        }
    }
}

extension AdministrationAnswer {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__AdministrationAnswer, in arena: Arena) {
        message.incarnation = self.incarnation
        message.id = self.id
        switch self.outcome {
        case .done(let index):
            message.outcome_case = BANDERA__PEER__V1__ADMINISTRATION_ANSWER__OUTCOME_DONE
            message.done = arena.message(
                bandera__peer__v1__administration_answer__done__init
            ) { $0.index = index.rawValue }
        case .refused(let code, let reason, let words):
            message.outcome_case = BANDERA__PEER__V1__ADMINISTRATION_ANSWER__OUTCOME_REFUSED
            message.refused = arena.message(
                bandera__peer__v1__administration_answer__refused__init
            ) {
                $0.status = code.rawValue
                $0.reason = arena.bytes(reason)
                $0.message = arena.bytes(words)
            }
        case .again(let leader):
            message.outcome_case = BANDERA__PEER__V1__ADMINISTRATION_ANSWER__OUTCOME_AGAIN
            message.again = arena.message(
                bandera__peer__v1__administration_answer__again__init
            ) { $0.leader = leader?.rawValue ?? 0 }
        }
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__AdministrationAnswer) throws(WireError) {
        let outcome: Outcome
        switch message.outcome_case {
        case BANDERA__PEER__V1__ADMINISTRATION_ANSWER__OUTCOME_DONE:
            let done = try require(message.done, "done").pointee
            outcome = .done(try LogIndex(received: done.index))
        case BANDERA__PEER__V1__ADMINISTRATION_ANSWER__OUTCOME_REFUSED:
            let refused = try require(message.refused, "refused").pointee
            outcome = .refused(
                code: try StatusCode(received: refused.status),
                reason: try refused.reason.string(
                    byteCountMax: PeerProtocolLimits.nameBytesMax,
                    "reason"
                ),
                message: try refused.message.string(
                    byteCountMax: WireLimits.statusMessageBytesMax,
                    "message"
                )
            )
        case BANDERA__PEER__V1__ADMINISTRATION_ANSWER__OUTCOME_AGAIN:
            let leader = try require(message.again, "again").pointee.leader
            outcome = .again(leader: leader == 0 ? nil : NodeID(leader))
        default:
            throw WireError(code: .missing, message: "an answer without a known outcome")
        }
        self.init(incarnation: message.incarnation, id: message.id, outcome: outcome)
    }
}

extension PeerRefusal {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<Bandera__Peer__V1__PeerRefusal> {
        arena.message(bandera__peer__v1__peer_refusal__init) { message in
            message.node = self.node.rawValue
            message.disk = self.diskID
            switch self.reason {
            case .retired: message.reason = BANDERA__PEER__V1__PEER_REFUSAL__REASON__REASON_RETIRED
            case .otherDisk:
                message.reason = BANDERA__PEER__V1__PEER_REFUSAL__REASON__REASON_OTHER_DISK
            }
        }
    }

    /// Reads the C form; `nil` for a reason that a later version may know.
    static func read(
        _ message: Bandera__Peer__V1__PeerRefusal
    ) throws(WireError) -> PeerRefusal? {
        let reason: Reason
        switch message.reason {
        case BANDERA__PEER__V1__PEER_REFUSAL__REASON__REASON_RETIRED: reason = .retired
        case BANDERA__PEER__V1__PEER_REFUSAL__REASON__REASON_OTHER_DISK: reason = .otherDisk
        default: return nil
        }
        return PeerRefusal(
            node: try NodeID(received: message.node),
            diskID: message.disk,
            reason: reason
        )
    }
}
