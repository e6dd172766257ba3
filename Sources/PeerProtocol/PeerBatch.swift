package import Raft
package import Wire

/// Names a proposal uniquely, so that the node where it came in can answer when it is applied.
package struct ProposalID: Hashable, Sendable {
    /// The node where the client's write came in.
    package var origin: NodeID
    /// Differs after every restart of that node.
    package var incarnation: UInt64
    /// Counts that incarnation's proposals.
    package var number: UInt64

    package init(origin: NodeID, incarnation: UInt64, number: UInt64) {
        self.origin = origin
        self.incarnation = incarnation
        self.number = number
    }
}

/// A write that the receiver, believed to lead, shall propose.
package struct Forward: Hashable, Sendable {
    /// The write that this is about.
    package var proposal: ProposalID
    /// A packed ``LogCommand``.
    package var payload: [UInt8]

    package init(proposal: ProposalID, payload: [UInt8]) {
        self.proposal = proposal
        self.payload = payload
    }
}

/// Answers a forward that was not proposed.
package struct ForwardRefusal: Hashable, Sendable {
    /// The write that this is about.
    package var proposal: ProposalID
    /// Who leads, as far as the refusing node knows.
    package var leader: NodeID?
    /// The leader took nothing more for now.
    package var overloaded: Bool
    /// How far the command's time is ahead of the leader's clock, when that is why; else 0.
    package var aheadMilliseconds: UInt64

    package init(
        proposal: ProposalID,
        leader: NodeID?,
        overloaded: Bool,
        aheadMilliseconds: UInt64 = 0
    ) {
        self.proposal = proposal
        self.leader = leader
        self.overloaded = overloaded
        self.aheadMilliseconds = aheadMilliseconds
    }
}

/// An evaluation that a client asked to have made in the receiver's region.
package struct RoutedRequest: Hashable, Sendable {
    /// Chosen by the sender.
    package var id: UInt64
    /// What is left of the client's deadline; 0 means none.
    package var timeoutMilliseconds: UInt32
    /// A packed `EvaluateRequest`, as the client sent it.
    package var body: [UInt8]

    package init(id: UInt64, timeoutMilliseconds: UInt32, body: [UInt8]) {
        self.id = id
        self.timeoutMilliseconds = timeoutMilliseconds
        self.body = body
    }
}

/// Answers a ``RoutedRequest``.
package struct RoutedAnswer: Hashable, Sendable {
    /// The request's, chosen by its sender.
    package var id: UInt64
    /// How the evaluation ended.
    package var code: StatusCode
    /// For people; empty when `ok`.
    package var message: String
    /// A packed `EvaluateResponse` when the code is `ok`.
    package var body: [UInt8]

    package init(id: UInt64, code: StatusCode = .ok, message: String = "", body: [UInt8] = []) {
        self.id = id
        self.code = code
        self.message = message
        self.body = body
    }
}

/// Everything one node has for another at one moment, in one frame.
package struct PeerBatch: Hashable, Sendable {
    /// In the order in which the core gave them out.
    package var raft: [Message] = []
    /// Writes that came in at the sender.
    package var forwards: [Forward] = []
    /// Answers to forwards that were not proposed.
    package var refusals: [ForwardRefusal] = []
    /// For the receiver to make in its region.
    package var evaluations: [RoutedRequest] = []
    /// To evaluations that the receiver asked for.
    package var answers: [RoutedAnswer] = []
    /// Measures the round trip: the receiver returns it as `echo` at once.
    package var probe: UInt64?
    /// The receiver's own `probe`, back.
    package var echo: UInt64?
    /// How the sender is, every so often.
    package var vitals: Vitals?
    /// The random identity of the sender's disk; 0 from a version that has none.
    package var diskID: UInt64 = 0
    /// The sender as its own configuration describes it, while the directory says otherwise.
    package var introduction: Member?
    /// The sender listens to nothing that the receiver says.
    package var refusal: PeerRefusal?
    /// For the receiver, believed to lead, to carry out.
    package var administration: [AdministrationRequest] = []
    /// To requests of the receiver.
    package var administrationAnswers: [AdministrationAnswer] = []
    /// A copy of the sender's record store that the receiver needs.
    package var snapshotOffer: SnapshotOffer?
    /// A part of one that was offered.
    package var snapshotChunk: SnapshotChunk?
    /// How much the sender has of one that the receiver offered.
    package var snapshotStatus: SnapshotStatus?

    package init() {}

    /// Whether there is nothing to send; who sends it does not count.
    package var isEmpty: Bool {
        self.raft.isEmpty && self.forwards.isEmpty && self.refusals.isEmpty
            && self.evaluations.isEmpty && self.answers.isEmpty && self.probe == nil
            && self.echo == nil && self.vitals == nil && self.introduction == nil
            && self.refusal == nil && self.administration.isEmpty
            && self.administrationAnswers.isEmpty && self.snapshotOffer == nil
            && self.snapshotChunk == nil && self.snapshotStatus == nil
    }
}
