/// A certificate with its private key, as PEM text.
package struct IssuedCertificate: Sendable {
    package let certificatePEM: String
    package let keyPEM: String

    package init(certificatePEM: String, keyPEM: String) {
        self.certificatePEM = certificatePEM
        self.keyPEM = keyPEM
    }

    /// Writes both files atomically, the key with mode 0600 and the certificate with 0644.
    package func write(certificatePath: String, keyPath: String) throws(TLSError) {}
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

/// The certificate authority of one cluster: issues the certificates of its members.
package struct CertificateAuthority: Sendable {
    package let certificate: IssuedCertificate

    /// Creates the authority of a new cluster.
    package static func create(
        cluster: String,
        validity: CertificateValidity
    ) throws(TLSError) -> CertificateAuthority {
        throw TLSError(.certificate, "not built")
    }

    /// Loads an authority that was created before.
    package static func load(
        certificatePath: String,
        keyPath: String
    ) throws(TLSError) -> CertificateAuthority {
        throw TLSError(.certificate, "not built")
    }

    /// Issues the certificate of one member.
    package func issue(
        _ identity: PeerIdentity,
        dnsNames: [String] = [],
        ipAddresses: [String] = [],
        validity: CertificateValidity
    ) throws(TLSError) -> IssuedCertificate {
        throw TLSError(.certificate, "not built")
    }
}
