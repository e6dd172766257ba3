internal import COpenSSL

/// Reads PEM texts and files into OpenSSL's objects.
enum PEMReader {
    /// All certificates of a PEM text; at least one.
    static func certificates(
        _ source: TLSConfiguration.PEM,
        what: String
    ) throws(TLSError) -> CertificateChain {
        let bio = try Self.open(source, what: what)
        defer { BIO_free(bio) }
        var chain = CertificateChain()
        while chain.count < Self.certificatesMax {
            guard let certificate = copenssl_read_certificate(bio) else { break }
            chain.append(adopting: certificate)
        }
        let failure = OpenSSLFailure.take()
        let isAtEnd = copenssl_error_is_end_of_pem(failure.code) == 1
        guard chain.count > 0, isAtEnd else {
            throw TLSError(
                .certificate,
                "the \(what) certificate \(Self.name(source)) holds \(chain.count) readable PEM "
                    + "certificates and then something else; replace it with an intact PEM file",
                cause: failure.text
            )
        }
        return chain
    }

    /// The private key of a PEM text.
    static func key(_ source: TLSConfiguration.PEM, what: String) throws(TLSError) -> PrivateKey {
        let bio = try Self.open(source, what: what)
        defer { BIO_free(bio) }
        guard let key = copenssl_read_private_key(bio) else {
            throw TLSError(
                .certificate,
                "the \(what) key \(Self.name(source)) is not an unencrypted PEM private key; "
                    + "replace it with the key that was issued with the certificate",
                cause: OpenSSLFailure.take().text
            )
        }
        return PrivateKey(adopting: key)
    }

    /// The text of a PEM file, or the text itself.
    static func text(_ source: TLSConfiguration.PEM, what: String) throws(TLSError) -> String {
        if case .text(let text) = source { return text }
        let bio = try Self.open(source, what: what)
        defer { BIO_free(bio) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= TLSLimits.pemBytesMax {
            let count = BIO_read(bio, &chunk, CInt(chunk.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<Int(count)])
        }
        throw TLSError(
            .file,
            "the \(what) file \(Self.name(source)) is larger than \(TLSLimits.pemBytesMax) bytes; "
                + "give the path of a PEM file"
        )
    }

    /// More than any sensible bundle of authorities.
    private static let certificatesMax = 64

    private static func open(
        _ source: TLSConfiguration.PEM,
        what: String
    ) throws(TLSError) -> OpaquePointer {
        OpenSSLFailure.clear()
        switch source {
        case .file(let path):
            guard let bio = BIO_new_file(path, "r") else {
                throw TLSError(
                    .file,
                    "cannot read the \(what) file \(path); check the path and its permissions, or "
                        + "make certificates with 'bandera certificates init'",
                    cause: OpenSSLFailure.take().text
                )
            }
            return bio
        case .text(let text):
            // BIO_new_mem_buf would keep a pointer into the string; write a copy instead.
            guard let bio = BIO_new(BIO_s_mem()) else {
                throw TLSError(.allocation, "no memory to read the \(what); add memory")
            }
            let bytes = Array(text.utf8)
            _ = BIO_write(bio, bytes, CInt(clamping: bytes.count))
            return bio
        }
    }

    private static func name(_ source: TLSConfiguration.PEM) -> String {
        switch source {
        case .file(let path): return path
        case .text: return "(given as text)"
        }
    }
}

extension Credentials {
    /// Loads what `configuration` names as the own certificate; nil when it names none.
    static func load(_ configuration: TLSConfiguration) throws(TLSError) -> Credentials? {
        switch (configuration.certificate, configuration.key) {
        case (.some(let certificate), .some(let key)):
            let chain = try PEMReader.certificates(certificate, what: "own")
            let description = try CertificateDescription.read(chain[0])
            // An own certificate without a name would be refused by every peer: say so now.
            let identity = try PeerVerification.identity(of: chain[0])
            return Credentials(
                chain: chain,
                key: try PEMReader.key(key, what: "own"),
                identity: identity,
                description: description
            )
        case (.none, .none) where configuration.role == .client:
            return nil
        default:
            throw TLSError(
                .configuration,
                "a server needs a certificate and its key, a client both or neither; set both "
                    + "paths, or make them with 'bandera certificates issue'"
            )
        }
    }
}
