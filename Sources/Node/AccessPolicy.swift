package import ClientProtocol
package import Flags
package import TLS
package import Wire

/// Who makes a call.
package enum Principal: Hashable, Sendable {
    case node(UInt64)
    case `operator`(String)
    case sdk(EnvironmentID)

    /// The principal that a verified certificate or a token stands for.
    package init(_ identity: PeerIdentity) {
        switch identity.name {
        case .node(let id): self = .node(id)
        case .operator(let name): self = .operator(name)
        case .sdk(let organization, let environment):
            self = .sdk(EnvironmentID(organization: organization, environment: environment))
        }
    }

    /// How it is written into the history.
    package var actor: String {
        switch self {
        case .node(let id): "node/\(id)"
        case .operator(let name): "operator/\(name)"
        case .sdk(let environment): "sdk/\(environment)"
        }
    }
}

/// The one place that decides who may call what.
///
/// Denies by default.
package struct AccessPolicy: Sendable {
    private let cluster: String
    /// By lower-case hexadecimal SHA-256.
    private let tokens: [String: Principal]

    /// - Throws: when a token stands for a name that is malformed or of another cluster.
    package init(cluster: String, tokens: [NodeConfiguration.Token]) throws(NodeError) {
        self.cluster = cluster
        var principals: [String: Principal] = [:]
        for token in tokens {
            do throws(TLSError) {
                let identity = try PeerIdentity(uri: token.identity)
                guard identity.cluster == cluster else {
                    throw TLSError(.identity, "it names the cluster \(identity.cluster)")
                }
                principals[token.sha256.lowercased()] = Principal(identity)
            } catch {
                throw NodeError(
                    .configuration,
                    "configuration: the token identity \(token.identity) is refused: "
                        + "\(error.message)"
                )
            }
        }
        self.tokens = principals
    }

    /// Who is calling: the certificate's name, or else the bearer token's.
    package func principal(
        certificate: PeerIdentity?,
        token: [UInt8]
    ) throws(Status) -> Principal {
        if let certificate, certificate.cluster == self.cluster { return Principal(certificate) }
        guard !token.isEmpty else {
            throw Status(
                code: .unauthenticated,
                message: "this call needs a client certificate or a bearer token"
            )
        }
        guard let principal = self.tokens[SHA256.hex(token)] else {
            throw Status(code: .unauthenticated, message: "the bearer token is not known here")
        }
        return principal
    }

    /// Refuses unless `principal` may call `method` on `environment` (`nil`: on none).
    package func check(
        _ principal: Principal,
        calls method: ClientMethod,
        on environment: EnvironmentID?
    ) throws(Status) {
        let isAllowed =
            switch principal {
            case .operator:
                true
            case .node:
                method == .status || method == .topology
            case .sdk(let own):
                switch method {
                case .evaluate, .watch, .getFlag, .listFlags: environment == own
                case .topology: true
                case .write, .history, .status, .tenancy, .administer, .stateHash: false
                default: false
                }
            }
        guard isAllowed else {
            // The environment is not named back: whether it exists is not the caller's business.
            throw Status(
                code: .permissionDenied,
                message: "\(principal.actor) may not call \(method.rawValue) here"
            )
        }
    }
}
