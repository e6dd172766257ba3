internal import COpenSSL
internal import NIOCore

/// One TLS connection's protocol state (OpenSSL's `SSL`): bytes in, bytes out, no socket.
///
/// All input and output goes through the loop's `LoopIO`. MUST stay on one event loop.
struct SecureStream: ~Copyable {
    /// What one call led to.
    enum Step {
        /// The call finished; how many plaintext bytes it moved.
        case done(Int)
        /// All input was used and more is needed.
        case wantsInput
        /// The peer sent close_notify: no more plaintext will come.
        case closedByPeer
        case failed(TLSError)
    }

    private let ssl: OpaquePointer
    private let context: TLSContext
    private let buffers: TLSLoopBuffers

    private init(adopting ssl: OpaquePointer, context: TLSContext, buffers: TLSLoopBuffers) {
        self.ssl = ssl
        self.context = context
        self.buffers = buffers
    }

    deinit { SSL_free(self.ssl) }

    static func make(
        context: TLSContext,
        buffers: TLSLoopBuffers
    ) throws(TLSError) -> SecureStream {
        guard let ssl = SSL_new(context.handle) else {
            throw TLSError(
                .allocation,
                "no memory for another connection; lower the connection limit or add memory",
                cause: OpenSSLFailure.take().text
            )
        }
        let stream = SecureStream(adopting: ssl, context: context, buffers: buffers)
        // One reference covers both directions when they are the same BIO (SSL_set_bio(3)).
        BIO_up_ref(buffers.bio)
        SSL_set_bio(ssl, buffers.bio, buffers.bio)
        switch context.configuration.role {
        case .server: SSL_set_accept_state(ssl)
        case .client: SSL_set_connect_state(ssl)
        }
        return stream
    }

    /// Continues the handshake with whatever input there is.
    func handshake(peers: PeerPolicy) -> Step {
        self.buffers.io.pointee.peers = peers
        self.buffers.io.pointee.identity = nil
        self.buffers.io.pointee.refusal = nil
        OpenSSLFailure.clear()
        let result = SSL_do_handshake(self.ssl)
        if result == 1 { return .done(0) }
        if SSL_get_error(self.ssl, result) == SSL_ERROR_WANT_READ { return .wantsInput }
        let refusal = self.buffers.io.pointee.refusal
        return .failed(
            refusal
                ?? TLSError.handshakeFailed(
                    OpenSSLFailure.take(),
                    verifyResult: SSL_get_verify_result(self.ssl),
                    role: self.context.configuration.role
                )
        )
    }

    /// The application protocol that was agreed on, empty when none was.
    var alpn: String {
        var name: UnsafePointer<UInt8>?
        var count: CUnsignedInt = 0
        SSL_get0_alpn_selected(self.ssl, &name, &count)
        return String(
            decoding: UnsafeBufferPointer(start: name, count: Int(count)),
            as: UTF8.self
        )
    }

    /// Empties the peer's certificate, which OpenSSL keeps for as long as the connection lives.
    ///
    /// Its identity was taken during the handshake, and neither resumption nor another
    /// verification will ask for the rest: the decoded key and the extensions are 2.8 KB of 5.6.
    /// The connection is the only owner of this object, so nobody else sees it change.
    func forgetPeerCertificate() {
        guard let certificate = SSL_get0_peer_certificate(self.ssl) else { return }
        OpenSSLFailure.clear()
        _ = X509_set_pubkey(certificate, self.context.placeholderKey.raw)
        while X509_get_ext_count(certificate) > 0 {
            X509_EXTENSION_free(X509_delete_ext(certificate, 0))
        }
        OpenSSLFailure.clear()
    }

    /// Decrypts into `bytes`, at most one record.
    func read(into bytes: UnsafeMutableRawBufferPointer) -> Step {
        OpenSSLFailure.clear()
        var count = 0
        let result = SSL_read_ex(self.ssl, bytes.baseAddress, bytes.count, &count)
        if result == 1 { return .done(count) }
        switch SSL_get_error(self.ssl, result) {
        case SSL_ERROR_WANT_READ: return .wantsInput
        case SSL_ERROR_ZERO_RETURN: return .closedByPeer
        default:
            return .failed(
                TLSError.readFailed(OpenSSLFailure.take(), role: self.context.configuration.role)
            )
        }
    }

    /// Plaintext of the current record that has not been read yet.
    var pendingBytes: Int { Int(SSL_pending(self.ssl)) }

    /// Encrypts all of `bytes`, which MUST NOT be empty; OpenSSL splits it into records.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        precondition(!bytes.isEmpty, "an empty write would be an empty record")
        OpenSSLFailure.clear()
        var count = 0
        // The BIO takes everything, so that a write never has to wait and never is partial.
        guard SSL_write_ex(self.ssl, bytes.baseAddress, bytes.count, &count) == 1,
            count == bytes.count
        else {
            throw TLSError(
                .violation,
                "could not encrypt \(bytes.count) bytes; the connection is closed, reconnect",
                cause: OpenSSLFailure.take().text
            )
        }
    }

    /// Sends close_notify, once.
    func sendCloseNotify() {
        OpenSSLFailure.clear()
        // 0 = sent, the peer's not yet seen. An error changes nothing: the socket closes anyway.
        _ = SSL_shutdown(self.ssl)
        OpenSSLFailure.clear()
    }
}
