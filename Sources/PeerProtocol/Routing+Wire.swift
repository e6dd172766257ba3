internal import CMessages
internal import Raft
internal import Wire

extension ProposalID {
    fileprivate func build(
        in arena: Arena
    ) -> UnsafeMutablePointer<Bandera__Peer__V1__ProposalId> {
        arena.message(bandera__peer__v1__proposal_id__init) { message in
            message.origin = self.origin.rawValue
            message.incarnation = self.incarnation
            message.number = self.number
        }
    }

    fileprivate init(
        _ message: UnsafeMutablePointer<Bandera__Peer__V1__ProposalId>?
    ) throws(WireError) {
        let proposal = try require(message, "proposal").pointee
        self.init(
            origin: try NodeID(received: proposal.origin),
            incarnation: proposal.incarnation,
            number: proposal.number
        )
    }
}

extension Forward {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__Forward, in arena: Arena) {
        message.proposal = self.proposal.build(in: arena)
        message.payload = arena.bytes(self.payload)
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__Forward) throws(WireError) {
        self.init(
            proposal: try ProposalID(message.proposal),
            payload: try checkedPayload(message.payload.array(), "a forward")
        )
    }
}

extension ForwardRefusal {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__ForwardRefusal, in arena: Arena) {
        message.proposal = self.proposal.build(in: arena)
        message.leader = self.leader?.rawValue ?? 0
        message.overloaded = self.overloaded ? 1 : 0
        message.ahead_ms = self.aheadMilliseconds
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__ForwardRefusal) throws(WireError) {
        self.init(
            proposal: try ProposalID(message.proposal),
            leader: message.leader == 0 ? nil : NodeID(message.leader),
            overloaded: message.overloaded != 0,
            aheadMilliseconds: message.ahead_ms
        )
    }
}

extension RoutedRequest {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__RoutedRequest, in arena: Arena) {
        message.id = self.id
        message.timeout_ms = self.timeoutMilliseconds
        message.body = arena.bytes(self.body)
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__RoutedRequest) throws(WireError) {
        self.init(
            id: message.id,
            timeoutMilliseconds: message.timeout_ms,
            body: try checkedPayload(message.body.array(), "a routed request")
        )
    }
}

extension RoutedAnswer {
    /// Sets the fields of the C form.
    func fill(_ message: inout Bandera__Peer__V1__RoutedAnswer, in arena: Arena) {
        message.id = self.id
        message.status = self.code.rawValue
        message.message = arena.bytes(self.message)
        message.body = arena.bytes(self.body)
    }

    /// Reads the C form.
    init(_ message: Bandera__Peer__V1__RoutedAnswer) throws(WireError) {
        self.init(
            id: message.id,
            code: try StatusCode(received: message.status),
            message: try message.message.string(
                byteCountMax: WireLimits.statusMessageBytesMax,
                "message"
            ),
            body: try checkedPayload(message.body.array(), "a routed answer")
        )
    }
}
