internal import COpenSSL

/// A private key of OpenSSL.
struct PrivateKey: ~Copyable {
    let raw: OpaquePointer

    init(adopting raw: OpaquePointer) { self.raw = raw }

    deinit { EVP_PKEY_free(self.raw) }
}

/// One or more certificates of OpenSSL, in the order of their file.
struct CertificateChain: ~Copyable {
    private var raw: [OpaquePointer] = []

    init() {}

    deinit {
        for certificate in self.raw { X509_free(certificate) }
    }

    var count: Int { self.raw.count }

    /// Borrowed: valid while the chain lives.
    subscript(index: Int) -> OpaquePointer { self.raw[index] }

    mutating func append(adopting certificate: OpaquePointer) { self.raw.append(certificate) }
}

/// The own certificate chain with its key and what it says.
final class Credentials {
    let chain: CertificateChain
    let key: PrivateKey
    let identity: PeerIdentity
    let description: CertificateDescription

    init(
        chain: consuming CertificateChain,
        key: consuming PrivateKey,
        identity: PeerIdentity,
        description: CertificateDescription
    ) {
        self.chain = chain
        self.key = key
        self.identity = identity
        self.description = description
    }
}
