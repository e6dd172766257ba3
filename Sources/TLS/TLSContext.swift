internal import COpenSSL

/// A checked, immutable TLS set-up (certificates, policy, protocol) shared by connections.
///
/// Certificates are read once, by `make`; to use renewed ones, make another context and use it for
/// new connections: open ones keep theirs.
// Unchecked: the SSL_CTX is never changed after `make`, and OpenSSL counts its references
// atomically; the ALPN bytes are never written again.
package final class TLSContext: @unchecked Sendable {
    package let configuration: TLSConfiguration
    /// The identity in the own certificate, if there is one.
    package let identity: PeerIdentity?
    /// What the own certificate says, to warn of its expiry.
    package let certificate: CertificateDescription?

    let handle: OpaquePointer
    /// Stands in for the keys of peers that have been verified, see `forgetPeerCertificate`.
    let placeholderKey: PrivateKey
    /// The protocol name as it is sent: its length in one byte, then its bytes.
    let alpn: UnsafeMutableBufferPointer<UInt8>

    private init(
        adopting handle: OpaquePointer,
        placeholderKey: consuming PrivateKey,
        configuration: TLSConfiguration,
        identity: PeerIdentity?,
        certificate: CertificateDescription?
    ) {
        let name = Array(configuration.alpn.utf8)
        self.alpn = UnsafeMutableBufferPointer.allocate(capacity: name.count + 1)
        _ = self.alpn.initialize(from: [UInt8(name.count)] + name)
        self.handle = handle
        self.placeholderKey = placeholderKey
        self.configuration = configuration
        self.identity = identity
        self.certificate = certificate
    }

    deinit {
        SSL_CTX_free(self.handle)
        self.alpn.deallocate()
    }

    /// Reads and checks everything that `configuration` names.
    package static func make(_ configuration: TLSConfiguration) throws(TLSError) -> TLSContext {
        guard (1...255).contains(configuration.alpn.utf8.count) else {
            throw TLSError(
                .configuration,
                "the application protocol '\(configuration.alpn)' must be 1 to 255 bytes long"
            )
        }
        let own = try Credentials.load(configuration)
        let placeholderKey = try CertificateBuilder.makePlaceholderKey()
        OpenSSLFailure.clear()
        let isServer = configuration.role == .server
        guard let handle = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSError(
                .allocation,
                "OpenSSL could not make a context; check that libssl 3 is installed intact",
                cause: OpenSSLFailure.take().text
            )
        }
        let context = TLSContext(
            adopting: handle,
            placeholderKey: placeholderKey,
            configuration: configuration,
            identity: own?.identity,
            certificate: own?.description
        )
        try context.restrictProtocol()
        try context.trust(configuration.authority)
        if let own { try context.use(own) }
        context.verifyPeers()
        try context.negotiateProtocol()
        return context
    }
}
