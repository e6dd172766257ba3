internal import COpenSSL

/// What a certificate says, for `certificates show` and for warnings about its expiry.
package struct CertificateDescription: Sendable, Equatable {
    package let subject: String
    package let issuer: String
    /// Hexadecimal.
    package let serial: String
    /// Each as `URI:…`, `DNS:…`, `IP:…` or `OTHER:…`, in the certificate's order.
    package let alternativeNames: [String]
    package let validity: CertificateValidity
    package let isAuthority: Bool
    /// SHA-256 of the whole certificate, lower-case hexadecimal.
    package let fingerprint: String
    /// Who its holder is; nil for an authority and for a certificate that is not a member's.
    package let identity: PeerIdentity?

    /// Reads the first certificate of a PEM file.
    package static func load(path: String) throws(TLSError) -> CertificateDescription {
        let chain = try PEMReader.certificates(.file(path), what: "given")
        return try Self.read(chain[0])
    }

    /// Reads the first certificate of a PEM text.
    package static func parse(pem: String) throws(TLSError) -> CertificateDescription {
        let chain = try PEMReader.certificates(.text(pem), what: "given")
        return try Self.read(chain[0])
    }

    static func read(_ certificate: OpaquePointer) throws(TLSError) -> CertificateDescription {
        let names = AlternativeNames.read(certificate).map { name in
            switch name.kind {
            case .uri: return "URI:\(name.text)"
            case .dns: return "DNS:\(name.text)"
            case .ip: return "IP:\(name.text)"
            case .other: return "OTHER:\(name.text)"
            }
        }
        return CertificateDescription(
            subject: Self.name(X509_get_subject_name(certificate)),
            issuer: Self.name(X509_get_issuer_name(certificate)),
            serial: Self.serial(certificate),
            alternativeNames: names,
            validity: CertificateValidity(
                notBeforeSeconds: try Self.seconds(X509_get0_notBefore(certificate)),
                notAfterSeconds: try Self.seconds(X509_get0_notAfter(certificate))
            ),
            isAuthority: X509_check_ca(certificate) == 1,
            fingerprint: Self.fingerprint(certificate),
            identity: try? PeerVerification.identity(of: certificate)
        )
    }

    private static func name(_ name: OpaquePointer?) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        // RFC 2253 form with control characters escaped: safe to print.
        guard X509_NAME_print_ex(bio, name, 0, copenssl_name_rfc2253) >= 0 else { return "" }
        return CertificateBuilder.text(bio)
    }

    private static func serial(_ certificate: OpaquePointer) -> String {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil) else {
            return ""
        }
        defer { BN_free(number) }
        guard let text = BN_bn2hex(number) else { return "" }
        defer { CRYPTO_free(text, #file, #line) }
        return String(cString: text).lowercased()
    }

    private static func fingerprint(_ certificate: OpaquePointer) -> String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: CUnsignedInt = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return "" }
        return digest[..<Int(count)].map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0\(text)" : text
        }.joined()
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) throws(TLSError) -> Int64 {
        var days: CInt = 0
        var seconds: CInt = 0
        guard let epoch = ASN1_TIME_set(nil, 0) else {
            throw TLSError(.allocation, "no memory to read a date; add memory")
        }
        defer { ASN1_TIME_free(epoch) }
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            throw TLSError(
                .certificate,
                "a date in the certificate is malformed; issue a new certificate",
                cause: OpenSSLFailure.take().text
            )
        }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
