internal import COpenSSL

extension TLSError {
    /// The error for a handshake that OpenSSL gave up, with what to do about it.
    static func handshakeFailed(
        _ failure: OpenSSLFailure,
        verifyResult: Int,
        role: TLSConfiguration.Role
    ) -> TLSError {
        let reason = failure.tlsReason
        if reason == SSL_R_CERTIFICATE_VERIFY_FAILED {
            let words = X509_verify_cert_error_string(verifyResult).map { String(cString: $0) }
            return TLSError(
                .verification,
                Self.untrustedMessage(CInt(clamping: verifyResult)),
                cause: words ?? failure.text
            )
        }
        if let known = Self.known(reason, cause: failure.text) { return known }
        return TLSError(
            .handshake,
            role == .server
                ? "a client's handshake failed; check its version and certificate"
                : "the handshake with the server failed; check that the address is a bandera port",
            cause: failure.text
        )
    }

    /// The error for a connection that broke after the handshake.
    ///
    /// A TLS 1.3 client learns only here that the server refused its certificate.
    static func readFailed(_ failure: OpenSSLFailure, role: TLSConfiguration.Role) -> TLSError {
        if let known = Self.known(failure.tlsReason, cause: failure.text) { return known }
        return TLSError(
            .violation,
            "the peer sent a broken record or an alert; the connection is closed, reconnect, and "
                + "look for a proxy that changes bytes if it happens again",
            cause: failure.text
        )
    }

    private static func untrustedMessage(_ result: CInt) -> String {
        switch result {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "the peer's certificate has expired; issue a new one, and check the clocks"
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "the peer's certificate is not valid yet; check the clocks of both machines"
        case X509_V_ERR_INVALID_PURPOSE:
            return "the peer's certificate is not meant for this; issue one with "
                + "'bandera certificates issue'"
        default:
            return "the peer's certificate was not issued by our authority; check that both sides "
                + "use the authority file of the same cluster"
        }
    }

    private static func known(_ reason: CInt, cause: String?) -> TLSError? {
        switch reason {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return TLSError(
                .verification,
                "the client showed no certificate; give it one with "
                    + "'bandera certificates issue'",
                cause: cause
            )
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return TLSError(
                .verification,
                "the server asks for a client certificate; configure certificate and key",
                cause: cause
            )
        case Self.alert(SSL_AD_CERTIFICATE_EXPIRED), Self.alert(SSL_AD_UNKNOWN_CA),
            Self.alert(SSL_AD_BAD_CERTIFICATE), Self.alert(SSL_AD_UNSUPPORTED_CERTIFICATE),
            Self.alert(SSL_AD_CERTIFICATE_UNKNOWN), Self.alert(SSL_AD_CERTIFICATE_REVOKED):
            return TLSError(
                .verification,
                "the peer refused our certificate; check its validity, cluster and authority with "
                    + "'bandera certificates show'",
                cause: cause
            )
        case SSL_R_NO_APPLICATION_PROTOCOL, Self.alert(SSL_AD_NO_APPLICATION_PROTOCOL):
            return TLSError(
                .alpn,
                "the peer speaks another application protocol; check that the port is right "
                    + "(clients and peers have one each) and the versions are compatible",
                cause: cause
            )
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST,
            SSL_R_UNKNOWN_PROTOCOL, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE,
            SSL_R_BAD_RECORD_TYPE, SSL_R_WRONG_SSL_VERSION, SSL_R_RECORD_LENGTH_MISMATCH,
            SSL_R_VERSION_TOO_LOW, Self.alert(SSL_AD_PROTOCOL_VERSION):
            return TLSError(
                .notTLS,
                "the peer does not speak TLS 1.3; check the address and port, and that nothing "
                    + "in between ends TLS",
                cause: cause
            )
        default:
            return nil
        }
    }

    /// OpenSSL's reason for a received alert.
    private static func alert(_ number: CInt) -> CInt { SSL_AD_REASON_OFFSET + number }
}
