internal import CMessages
internal import Raft
package import Wire

extension PeerBatch: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__peer__v1__peer_batch__init) { message in
                message.n_raft = self.raft.count
                message.raft = arena.messages(self.raft, bandera__peer__v1__raft_message__init) {
                    $0.fill(&$1, in: arena)
                }
                message.n_forwards = self.forwards.count
                message.forwards = arena.messages(
                    self.forwards,
                    bandera__peer__v1__forward__init
                ) { $0.fill(&$1, in: arena) }
                message.n_refusals = self.refusals.count
                message.refusals = arena.messages(
                    self.refusals,
                    bandera__peer__v1__forward_refusal__init
                ) { $0.fill(&$1, in: arena) }
                message.n_evaluations = self.evaluations.count
                message.evaluations = arena.messages(
                    self.evaluations,
                    bandera__peer__v1__routed_request__init
                ) { $0.fill(&$1, in: arena) }
                message.n_answers = self.answers.count
                message.answers = arena.messages(
                    self.answers,
                    bandera__peer__v1__routed_answer__init
                ) { $0.fill(&$1, in: arena) }
                message.probe = arena.mark(self.probe)
                message.echo = arena.mark(self.echo)
                message.vitals = self.vitals?.build(in: arena)
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> PeerBatch {
        try arena.unpack(bytes, with: bandera__peer__v1__peer_batch__unpack) {
            (message) throws(WireError) -> PeerBatch in
            try PeerBatch(message.pointee)
        }
    }

    private init(_ message: Bandera__Peer__V1__PeerBatch) throws(WireError) {
        let max = PeerProtocolLimits.routedMax
        self.init()
        self.raft = try readMessages(
            message.n_raft,
            message.raft,
            max: PeerProtocolLimits.messagesMax,
            "raft"
        ) { (raft) throws(WireError) -> Message in try Message(raft.pointee) }
        self.forwards = try readMessages(
            message.n_forwards,
            message.forwards,
            max: max,
            "forwards"
        ) { (forward) throws(WireError) -> Forward in try Forward(forward.pointee) }
        self.refusals = try readMessages(
            message.n_refusals,
            message.refusals,
            max: max,
            "refusals"
        ) { (refusal) throws(WireError) -> ForwardRefusal in
            try ForwardRefusal(refusal.pointee)
        }
        self.evaluations = try readMessages(
            message.n_evaluations,
            message.evaluations,
            max: max,
            "evaluations"
        ) { (request) throws(WireError) -> RoutedRequest in try RoutedRequest(request.pointee) }
        self.answers = try readMessages(
            message.n_answers,
            message.answers,
            max: max,
            "answers"
        ) { (answer) throws(WireError) -> RoutedAnswer in try RoutedAnswer(answer.pointee) }
        self.probe = message.probe?.pointee.mark
        self.echo = message.echo?.pointee.mark
        if let vitals = message.vitals { self.vitals = try Vitals(vitals.pointee) }
    }
}

extension Arena {
    fileprivate func mark(
        _ mark: UInt64?
    ) -> UnsafeMutablePointer<Bandera__Peer__V1__RoundTripMark>? {
        mark.map { mark in
            self.message(bandera__peer__v1__round_trip_mark__init) { $0.mark = mark }
        }
    }
}
