/// What a certificate says, for `certificates show`.
package struct CertificateDescription: Sendable, Equatable {
    package let subject: String
    package let issuer: String
    package let serial: String
    /// Each as `URI:…`, `DNS:…` or `IP:…`, in the certificate's order.
    package let alternativeNames: [String]
    package let validity: CertificateValidity
    package let isAuthority: Bool
    /// SHA-256 of the whole certificate, lower-case hexadecimal.
    package let fingerprint: String

    /// Reads the first certificate of a PEM file.
    package static func load(path: String) throws(TLSError) -> CertificateDescription {
        throw TLSError(.certificate, "not built")
    }

    /// Reads the first certificate of a PEM text.
    package static func parse(pem: String) throws(TLSError) -> CertificateDescription {
        throw TLSError(.certificate, "not built")
    }
}
