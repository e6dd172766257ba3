package import Flags
package import PeerProtocol
package import Raft

extension LogCommand {
    /// A command in somebody's name.
    package init(
        origin: NodeID,
        incarnation: UInt64,
        proposal: UInt64,
        time: Int64,
        actor: String,
        authority: Authority,
        token: String = "",
        request: [UInt8]
    ) {
        self.init(
            origin: origin,
            incarnation: incarnation,
            proposal: proposal,
            time: time,
            actor: actor,
            organization: authority.organization,
            environment: authority.environment,
            role: authority.role.rawValue,
            token: token,
            request: request
        )
    }

    /// In whose name the state machine judges it.
    ///
    /// A role that this version does not know may read and nothing else: every node of this version
    /// comes to the same judgement, and none grants what it does not understand.
    package var authority: Authority {
        Authority(
            role: Role(rawValue: self.role) ?? .viewer,
            organization: self.organization,
            environment: self.environment
        )
    }
}
