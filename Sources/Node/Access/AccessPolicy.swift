package import FlagStore
package import Flags
package import TLS
package import Wire

/// The one place that decides who may call what.
///
/// Denies by default.
package struct AccessPolicy: Sendable {
    private let cluster: String
    /// Of the configuration file, by lower-case hexadecimal SHA-256.
    private let tokens: [String: Caller]

    /// - Throws: when a token stands for a name that is malformed or of another cluster.
    package init(cluster: String, tokens: [NodeConfiguration.Token]) throws(NodeError) {
        self.cluster = cluster
        var callers: [String: Caller] = [:]
        for token in tokens {
            do throws(TLSError) {
                let identity = try PeerIdentity(uri: token.identity)
                guard identity.cluster == cluster else {
                    throw TLSError(.identity, "it names the cluster \(identity.cluster)")
                }
                callers[token.sha256.lowercased()] = Caller(identity)
            } catch {
                throw NodeError(
                    .configuration,
                    "configuration: the token identity \(token.identity) is refused: "
                        + "\(error.message)"
                )
            }
        }
        self.tokens = callers
    }

    /// Who is calling: the certificate's name, or else the bearer token's.
    ///
    /// - Parameters:
    ///   - store: where tokens and members are looked up.
    ///   - now: the wall clock, by which tokens expire.
    package func caller(
        certificate: PeerIdentity?,
        token: [UInt8],
        store: FlagStore,
        now: Timestamp
    ) throws(Status) -> Caller {
        if let certificate, certificate.cluster == self.cluster { return Caller(certificate) }
        guard !token.isEmpty else {
            throw Status(
                code: .unauthenticated,
                message: "this call needs a client certificate or a bearer token"
            )
        }
        let sha256 = SHA256.hex(token)
        if let caller = self.tokens[sha256] { return caller }
        guard let stored = store.token(sha256: sha256) else {
            throw .refusedToken("is not known here")
        }
        guard let authority = store.authority(of: stored, now: now) else {
            throw .refusedToken("was revoked, has expired, or is of a member that has gone")
        }
        return Caller(stored, authority)
    }

    /// Refuses unless `caller` may make `call`.
    ///
    /// The refusal is the same whether there is what was asked for or not.
    package func check(_ caller: Caller, makes call: MethodCall) throws(Status) {
        let question = call.question(own: caller.authority)
        guard
            caller.authority.permits(
                question.action,
                organization: question.organization,
                environment: question.environment
            )
        else {
            throw Status(
                code: .permissionDenied,
                message: "\(caller.actor) is refused: "
                    + caller.authority.refusal(of: question.action),
                detail: ErrorDetail(reason: "permission_denied")
            )
        }
    }
}

extension Status {
    fileprivate static func refusedToken(_ why: String) -> Status {
        Status(
            code: .unauthenticated,
            message: "the bearer token \(why); ask an administrator for another",
            detail: ErrorDetail(reason: "TOKEN_REFUSED")
        )
    }
}
