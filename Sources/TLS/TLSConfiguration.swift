/// What a `TLSContext` is made from.
package struct TLSConfiguration: Sendable {
    /// Which side of the handshake the context plays.
    package enum Role: Sendable {
        case server
        case client
    }

    /// Where a PEM text comes from.
    package enum PEM: Sendable {
        /// Read from this path when the context is made.
        case file(String)
        /// The text itself.
        case text(String)
    }

    /// What a server asks of its clients' certificates.
    package enum ClientVerification: Sendable {
        /// No certificate, no connection.
        case required
        /// A certificate is verified when there is one; else the identity is nil (token clients).
        case optional
        /// Certificates are not asked for.
        case none
    }

    package var role: Role
    /// The one application protocol that is offered and accepted, such as `bandera/1`.
    package var alpn: String
    /// The own certificate, followed by its intermediates; MUST be set for a server.
    package var certificate: PEM?
    /// The private key of `certificate`.
    package var key: PEM?
    /// The authorities that a peer's chain must end in; the system's are never trusted.
    package var authority: PEM
    /// Ignored by clients, which always verify the server.
    package var clientVerification: ClientVerification
    /// Whom to accept among those that the authority vouches for.
    package var peers: PeerPolicy
    package var handshakeTimeoutMilliseconds: Int64

    package init(
        role: Role,
        alpn: String,
        certificate: PEM?,
        key: PEM?,
        authority: PEM,
        clientVerification: ClientVerification = .required,
        peers: PeerPolicy,
        handshakeTimeoutMilliseconds: Int64 = TLSLimits.handshakeTimeoutMilliseconds
    ) {
        self.role = role
        self.alpn = alpn
        self.certificate = certificate
        self.key = key
        self.authority = authority
        self.clientVerification = clientVerification
        self.peers = peers
        self.handshakeTimeoutMilliseconds = handshakeTimeoutMilliseconds
    }
}
