internal import COpenSSL

/// A certificate with its private key, as PEM text.
package struct IssuedCertificate: Sendable {
    package let certificatePEM: String
    /// Secret: never log it.
    package let keyPEM: String

    package init(certificatePEM: String, keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }

    /// Writes both files atomically, the key with mode 0600 and the certificate with 0644.
    ///
    /// The key is written first: a certificate on disk always has its key beside it.
    package func write(certificatePath: String, keyPath: String) throws(TLSError) {
        try Self.write(self.keyPEM, to: keyPath, mode: 0o600)
        try Self.write(self.certificatePEM, to: certificatePath, mode: 0o644)
    }

    private static func write(_ text: String, to path: String, mode: CUnsignedInt) throws(TLSError)
    {
        let bytes = Array(text.utf8)
        let failure = copenssl_write_file(path, path + ".tmp", bytes, bytes.count, mode)
        guard failure == 0 else {
            throw TLSError(
                .file,
                "cannot write \(path); check that its folder exists, is writable and has space",
                cause: copenssl_system_error(failure).map { String(cString: $0) }
            )
        }
    }
}

/// From when until when a certificate is valid, in seconds since 1970-01-01T00:00:00Z.
package struct CertificateValidity: Sendable, Equatable {
    package let notBeforeSeconds: Int64
    package let notAfterSeconds: Int64

    package init(notBeforeSeconds: Int64, notAfterSeconds: Int64) {
        self.notBeforeSeconds = notBeforeSeconds
        self.notAfterSeconds = notAfterSeconds
    }
}
