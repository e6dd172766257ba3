package import Flags
package import TLS

/// Who makes a call, and in whose name.
package struct Caller: Hashable, Sendable {
    /// How it is written into the history.
    package let actor: String
    /// What it may do, and where.
    package let authority: Authority
    /// The id of the organization's token that was shown; `nil` for all others.
    package let token: String?

    package init(actor: String, authority: Authority, token: String? = nil) {
        self.actor = actor
        self.authority = authority
        self.token = token
    }

    /// Whom a verified certificate stands for, or a token of the configuration file.
    package init(_ identity: PeerIdentity) {
        switch identity.name {
        case .node(let id):
            self.init(node: id)
        case .operator(let name):
            self.init(actor: "operator/\(name)", authority: .platform)
        case .sdk(let organization, let environment):
            self.init(
                actor: "sdk/\(organization)/\(environment)",
                authority: Authority(
                    role: .serverSDK,
                    organization: organization,
                    environment: environment
                )
            )
        }
    }

    /// A node of the cluster.
    package init(node: UInt64) {
        self.init(actor: "node/\(node)", authority: .platform)
    }

    /// Whom a token of the replicated state stands for.
    ///
    /// - Parameter authority: what it is worth now.
    init(_ token: AccessToken, _ authority: Authority) {
        // One person is one actor, whichever of their tokens they use: nobody approves their own.
        let name =
            token.member.isEmpty
            ? "token/\(token.organization)/\(token.id)"
            : "member/\(token.organization)/\(token.member)"
        self.init(actor: name, authority: authority, token: token.id)
    }
}
