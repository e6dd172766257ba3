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
                self.fillCluster(&message, in: arena)
            }
        )
    }

    /// Sets what is about the cluster itself.
    private func fillCluster(
        _ message: inout Bandera__Peer__V1__PeerBatch,
        in arena: Arena
    ) {
        message.disk = self.diskID
        message.introduction = self.introduction?.build(in: arena)
        message.refusal = self.refusal?.build(in: arena)
        message.n_administration = self.administration.count
        message.administration = arena.messages(
            self.administration,
            bandera__peer__v1__administration_request__init
        ) { $0.fill(&$1, in: arena) }
        message.n_administration_answers = self.administrationAnswers.count
        message.administration_answers = arena.messages(
            self.administrationAnswers,
            bandera__peer__v1__administration_answer__init
        ) { $0.fill(&$1, in: arena) }
        message.snapshot_offer = self.snapshotOffer?.build(in: arena)
        message.snapshot_chunk = self.snapshotChunk?.build(in: arena)
        message.snapshot_status = self.snapshotStatus?.build(in: arena)
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
        try self.readCluster(message)
    }

    /// Reads what is about the cluster itself.
    private mutating func readCluster(
        _ message: Bandera__Peer__V1__PeerBatch
    ) throws(WireError) {
        self.diskID = message.disk
        if let member = message.introduction { self.introduction = try Member(member.pointee) }
        if let refusal = message.refusal { self.refusal = try PeerRefusal.read(refusal.pointee) }
        self.administration = try readMessages(
            message.n_administration,
            message.administration,
            max: PeerProtocolLimits.administrationMax,
            "administration"
        ) { (request) throws(WireError) -> AdministrationRequest in
            try AdministrationRequest(request.pointee)
        }
        self.administrationAnswers = try readMessages(
            message.n_administration_answers,
            message.administration_answers,
            max: PeerProtocolLimits.administrationMax,
            "administration_answers"
        ) { (answer) throws(WireError) -> AdministrationAnswer in
            try AdministrationAnswer(answer.pointee)
        }
        if let offer = message.snapshot_offer {
            self.snapshotOffer = try SnapshotOffer(offer.pointee)
        }
        if let chunk = message.snapshot_chunk {
            self.snapshotChunk = try SnapshotChunk(chunk.pointee)
        }
        if let status = message.snapshot_status {
            self.snapshotStatus = try SnapshotStatus(status.pointee)
        }
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
