internal import COpenSSL

/// A certificate being made.
struct CertificateBuilder: ~Copyable {
    /// The longest common name that X.509 allows (ub-common-name).
    static let commonNameMax = 64

    private let raw: OpaquePointer

    private init(adopting raw: OpaquePointer) { self.raw = raw }

    deinit { X509_free(self.raw) }

    static func makeKey() throws(TLSError) -> PrivateKey {
        OpenSSLFailure.clear()
        guard let key = copenssl_generate_p256() else { throw Self.failed("make a key") }
        return PrivateKey(adopting: key)
    }

    /// The smallest kind of key, which never signs anything.
    static func makePlaceholderKey() throws(TLSError) -> PrivateKey {
        OpenSSLFailure.clear()
        guard let key = copenssl_generate_ed25519() else { throw Self.failed("make a key") }
        return PrivateKey(adopting: key)
    }

    /// Another handle on an existing certificate, to act as issuer.
    static func adopt(copyOf certificate: OpaquePointer) throws(TLSError) -> CertificateBuilder {
        guard let copy = X509_dup(certificate) else { throw Self.failed("copy a certificate") }
        return CertificateBuilder(adopting: copy)
    }

    /// A version 3 certificate with a random serial number, without issuer and extensions.
    static func make(
        commonName: String,
        validity: CertificateValidity,
        key: borrowing PrivateKey
    ) throws(TLSError) -> CertificateBuilder {
        guard validity.notBeforeSeconds < validity.notAfterSeconds else {
            throw TLSError(
                .certificate,
                "the validity ends before it starts; give an end after the start"
            )
        }
        OpenSSLFailure.clear()
        guard let raw = X509_new() else { throw Self.failed("make a certificate") }
        let builder = CertificateBuilder(adopting: raw)
        let subject = X509_get_subject_name(raw)
        let name = Array(commonName.utf8)
        let isSet =
            X509_set_version(raw, Int(X509_VERSION_3)) == 1
            && X509_set_pubkey(raw, key.raw) == 1
            && ASN1_TIME_set(X509_getm_notBefore(raw), Int(validity.notBeforeSeconds)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(raw), Int(validity.notAfterSeconds)) != nil
            && X509_NAME_add_entry_by_NID(
                subject,
                NID_commonName,
                MBSTRING_UTF8,
                name,
                CInt(name.count),
                -1,
                0
            ) == 1
        guard isSet else { throw Self.failed("set a name or a date") }
        try builder.setRandomSerial()
        return builder
    }

    private func setRandomSerial() throws(TLSError) {
        // 127 bits: positive, unguessable, within the 20 octets that RFC 5280 allows.
        guard let number = BN_new() else { throw Self.failed("make a serial number") }
        defer { BN_free(number) }
        guard BN_rand(number, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1,
            BN_to_ASN1_INTEGER(number, X509_get_serialNumber(self.raw)) != nil
        else { throw Self.failed("make a serial number") }
    }

    /// Names `issuer`, which may be this certificate itself.
    func setIssuer(of issuer: borrowing CertificateBuilder) throws(TLSError) {
        guard X509_set_issuer_name(self.raw, X509_get_subject_name(issuer.raw)) == 1 else {
            throw Self.failed("set the issuer")
        }
    }

    /// Adds an extension given in OpenSSL's configuration syntax.
    func add(
        _ kind: CInt,
        _ value: String,
        issuer: borrowing CertificateBuilder
    ) throws(TLSError) {
        OpenSSLFailure.clear()
        guard let made = copenssl_make_extension(issuer.raw, self.raw, kind, value) else {
            throw Self.failed("encode '\(value)'")
        }
        defer { X509_EXTENSION_free(made) }
        guard X509_add_ext(self.raw, made, -1) == 1 else { throw Self.failed("add '\(value)'") }
    }

    /// Signs with the issuer's key and gives the PEM texts, with the certificate's own key.
    func sign(
        with issuerKey: borrowing PrivateKey,
        including key: borrowing PrivateKey
    ) throws(TLSError) -> IssuedCertificate {
        OpenSSLFailure.clear()
        guard X509_sign(self.raw, issuerKey.raw, EVP_sha256()) > 0 else {
            throw Self.failed("sign")
        }
        guard let certificateBIO = BIO_new(BIO_s_mem()), let keyBIO = BIO_new(BIO_s_secmem()) else {
            throw Self.failed("encode a certificate")
        }
        defer {
            BIO_free(certificateBIO)
            BIO_free(keyBIO)
        }
        guard PEM_write_bio_X509(certificateBIO, self.raw) == 1,
            PEM_write_bio_PKCS8PrivateKey(keyBIO, key.raw, nil, nil, 0, nil, nil) == 1
        else { throw Self.failed("encode a certificate") }
        return IssuedCertificate(
            certificatePEM: Self.text(certificateBIO),
            keyPEM: Self.text(keyBIO)
        )
    }

    /// The text written to a memory BIO.
    static func text(_ bio: OpaquePointer) -> String {
        var start: UnsafeMutablePointer<CChar>?
        let count = copenssl_bio_memory(bio, &start)
        return String(
            decoding: UnsafeRawBufferPointer(start: start, count: max(count, 0)),
            as: UTF8.self
        )
    }

    private static func failed(_ what: String) -> TLSError {
        TLSError(
            .certificate,
            "OpenSSL could not \(what); check the names, dates and addresses that were given",
            cause: OpenSSLFailure.take().text
        )
    }
}
