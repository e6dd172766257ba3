internal import COpenSSL

/// Whether a peer's certificate chain is trusted and its identity acceptable.
///
/// Runs inside the handshake, so that a refused peer gets an alert and no byte of data.
enum PeerVerification {
    /// Verifies the chain (authority, validity, purpose), then the leaf's identity.
    static let callback: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> CInt = {
        store,
        _ in
        guard X509_verify_cert(store) == 1 else { return 0 }
        let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())
        guard let ssl, let leaf = X509_STORE_CTX_get0_cert(store),
            let io = LoopBIO.io(of: SSL_get_rbio(OpaquePointer(ssl)))
        else {
            X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED)
            return 0
        }
        do throws(TLSError) {
            io.pointee.identity = try Self.identity(of: leaf, accepting: io.pointee.peers)
            return 1
        } catch {
            io.pointee.refusal = error
            // Becomes the alert bad_certificate.
            X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)
            return 0
        }
    }

    /// The identity in a verified leaf, if it is well formed (X509-SVID, sections 2 to 5) and
    /// `peers` accepts it.
    private static func identity(
        of leaf: OpaquePointer,
        accepting peers: PeerPolicy
    ) throws(TLSError) -> PeerIdentity {
        let identity = try Self.identity(of: leaf)
        guard peers.accepts(identity) else {
            throw TLSError(
                .identity,
                "the peer is \(identity), expected \(peers); check the address that was dialled "
                    + "and that both sides belong to the same cluster"
            )
        }
        return identity
    }

    /// The identity in a leaf certificate: its only URI name.
    static func identity(of leaf: OpaquePointer) throws(TLSError) -> PeerIdentity {
        let usage = X509_get_key_usage(leaf)
        let isAuthority = X509_check_ca(leaf) != 0
        let signs = usage & UInt32(KU_KEY_CERT_SIGN | KU_CRL_SIGN) != 0
        guard !isAuthority, !signs, usage & UInt32(KU_DIGITAL_SIGNATURE) != 0 else {
            throw TLSError(
                .identity,
                "the certificate may sign others or may not sign a handshake; use a member's "
                    + "certificate from 'bandera certificates issue', not the authority's"
            )
        }
        let names = AlternativeNames.read(leaf).filter { $0.kind == .uri }
        guard names.count == 1, let uri = names.first else {
            throw TLSError(
                .identity,
                "the certificate has \(names.count) URI names, exactly one is needed; issue a "
                    + "new one with 'bandera certificates issue'"
            )
        }
        return try PeerIdentity(uri: uri.text)
    }
}

extension TLSContext {
    /// Demands and verifies the peer's certificate as the configuration says.
    func verifyPeers() {
        var mode = SSL_VERIFY_PEER
        if self.configuration.role == .server {
            switch self.configuration.clientVerification {
            case .required: mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            case .optional: mode = SSL_VERIFY_PEER
            case .none: mode = SSL_VERIFY_NONE
            }
        }
        SSL_CTX_set_verify(self.handle, mode, nil)
        SSL_CTX_set_verify_depth(self.handle, CInt(TLSLimits.chainDepthMax))
        SSL_CTX_set_cert_verify_callback(self.handle, PeerVerification.callback, nil)
    }
}
