package import Raft

/// The payload of a command entry: the client's request, and what applying it needs to know.
package struct LogCommand: Hashable, Sendable {
    /// The node where the client's write came in.
    package var origin: NodeID
    /// Differs after every restart of that node.
    package var incarnation: UInt64
    /// Counts that incarnation's proposals.
    package var proposal: UInt64
    /// When the write came in, by the origin's clock, in milliseconds since 1970.
    ///
    /// The state machine knows no other time, so every node sees the same.
    package var time: Int64
    /// Who wrote: the name in the client's certificate or token.
    package var actor: String
    /// The only organization that the actor may write to; empty means all.
    package var organization: String
    /// The only environment of it that the actor may write to; empty means all.
    package var environment: String
    /// The actor's role, by name.
    package var role: String
    /// The id of the organization's token in whose name it is, which must still be good when the
    /// command is judged; empty for a certificate.
    package var token: String
    /// The `WriteRequest`, exactly as the client packed it.
    package var request: [UInt8]

    package init(
        origin: NodeID,
        incarnation: UInt64,
        proposal: UInt64,
        time: Int64,
        actor: String,
        organization: String,
        environment: String = "",
        role: String = "super_admin",
        token: String = "",
        request: [UInt8]
    ) {
        self.origin = origin
        self.incarnation = incarnation
        self.proposal = proposal
        self.time = time
        self.actor = actor
        self.organization = organization
        self.environment = environment
        self.role = role
        self.token = token
        self.request = request
    }

    /// What the command's proposal is called in forwards and refusals.
    package var proposalID: ProposalID {
        ProposalID(origin: self.origin, incarnation: self.incarnation, number: self.proposal)
    }
}
