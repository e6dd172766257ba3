internal import COpenSSL

extension TLSContext {
    /// TLS 1.3 only, few algorithms, nothing that outlives a connection.
    func restrictProtocol() throws(TLSError) {
        SSL_CTX_set_options(self.handle, copenssl_op_hardened)
        // Saves the fake change_cipher_spec records: nobody in between speaks this protocol.
        SSL_CTX_clear_options(self.handle, copenssl_op_middlebox_compat)
        copenssl_ctx_set_lean_modes(self.handle)
        copenssl_ctx_set_max_cert_list(self.handle, TLSLimits.certificateListBytesMax)
        SSL_CTX_set_max_early_data(self.handle, 0)
        SSL_CTX_set_recv_max_early_data(self.handle, 0)
        // NO_TICKET alone still sends stateful tickets in TLS 1.3.
        let isRestricted =
            copenssl_ctx_set_protocols(self.handle, TLS1_3_VERSION, TLS1_3_VERSION) == 1
            && SSL_CTX_set_num_tickets(self.handle, 0) == 1
            && SSL_CTX_set_ciphersuites(self.handle, Self.ciphers) == 1
            && copenssl_ctx_set_groups(self.handle, Self.groups) == 1
            && copenssl_ctx_set_signatures(self.handle, Self.signatures) == 1
        guard isRestricted else {
            throw TLSError(
                .configuration,
                "OpenSSL refused the TLS 1.3 settings; check the system's openssl.cnf and crypto "
                    + "policy for a disabled TLS 1.3 or AES-GCM",
                cause: OpenSSLFailure.take().text
            )
        }
    }

    /// The server's order decides; AES-128 is the fastest and the smallest per connection.
    private static let ciphers =
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let groups = "X25519:P-256"
    private static let signatures =
        "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ed25519:rsa_pss_rsae_sha256"

    /// Trusts the certificates of `authority` and no others.
    func trust(_ authority: TLSConfiguration.PEM) throws(TLSError) {
        let certificates = try PEMReader.certificates(authority, what: "authority")
        let store = SSL_CTX_get_cert_store(self.handle)
        for index in 0..<certificates.count {
            guard X509_STORE_add_cert(store, certificates[index]) == 1 else {
                throw TLSError(
                    .certificate,
                    "the authority certificate could not be used; check the file",
                    cause: OpenSSLFailure.take().text
                )
            }
        }
    }

    /// Shows `own` to peers.
    func use(_ own: Credentials) throws(TLSError) {
        OpenSSLFailure.clear()
        var isUsable = SSL_CTX_use_certificate(self.handle, own.chain[0]) == 1
        for index in 1..<max(own.chain.count, 1) {
            isUsable = isUsable && copenssl_ctx_add_chain_cert(self.handle, own.chain[index]) == 1
        }
        guard isUsable else {
            throw TLSError(
                .certificate,
                "OpenSSL refused the certificate; issue one with an EC P-256 key",
                cause: OpenSSLFailure.take().text
            )
        }
        let isKeyUsable =
            SSL_CTX_use_PrivateKey(self.handle, own.key.raw) == 1
            && SSL_CTX_check_private_key(self.handle) == 1
        guard isKeyUsable else {
            throw TLSError(
                .certificate,
                "the private key does not belong to the certificate; give the two files that "
                    + "were issued together",
                cause: OpenSSLFailure.take().text
            )
        }
    }

    /// Offers the one protocol, or accepts only it.
    func negotiateProtocol() throws(TLSError) {
        switch self.configuration.role {
        case .client:
            // Unlike the rest of OpenSSL, this call returns 0 for success.
            let isSet = SSL_CTX_set_alpn_protos(
                self.handle,
                self.alpn.baseAddress,
                CUnsignedInt(self.alpn.count)
            )
            guard isSet == 0 else {
                throw TLSError(
                    .allocation,
                    "could not set the application protocol; add memory",
                    cause: OpenSSLFailure.take().text
                )
            }
        case .server:
            // The context owns the bytes that the callback reads, and outlives every connection.
            let context = Unmanaged.passUnretained(self).toOpaque()
            SSL_CTX_set_client_hello_cb(self.handle, ALPNSelection.requireOffer, nil)
            SSL_CTX_set_alpn_select_cb(self.handle, ALPNSelection.select, context)
        }
    }
}
