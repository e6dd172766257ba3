internal import COpenSSL

/// The certificate authority of one cluster: issues the certificates of its members.
///
/// All keys are EC P-256. Serial numbers are 127 random bits.
package struct CertificateAuthority: Sendable {
    package let certificate: IssuedCertificate

    private init(certificate: IssuedCertificate) { self.certificate = certificate }

    /// Creates the authority of a new cluster.
    package static func create(
        cluster: String,
        validity: CertificateValidity
    ) throws(TLSError) -> CertificateAuthority {
        // Checks the cluster's name by the rules for names in certificates.
        _ = try PeerIdentity(cluster: cluster, name: .node(1))
        let key = try CertificateBuilder.makeKey()
        let builder = try CertificateBuilder.make(
            commonName: String("bandera \(cluster)".prefix(CertificateBuilder.commonNameMax)),
            validity: validity,
            key: key
        )
        try builder.setIssuer(of: builder)
        try builder.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: builder)
        try builder.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: builder)
        try builder.add(NID_subject_key_identifier, "hash", issuer: builder)
        try builder.add(NID_subject_alt_name, "URI:spiffe://\(cluster)", issuer: builder)
        return CertificateAuthority(certificate: try builder.sign(with: key, including: key))
    }

    /// Uses an authority that was created before.
    package static func load(
        certificatePath: String,
        keyPath: String
    ) throws(TLSError) -> CertificateAuthority {
        let certificate = try PEMReader.text(.file(certificatePath), what: "authority")
        let key = try PEMReader.text(.file(keyPath), what: "authority key")
        return try Self.load(
            IssuedCertificate(certificatePEM: certificate, keyPEM: key)
        )
    }

    /// Uses an authority that was created before, given as text.
    package static func load(
        _ certificate: IssuedCertificate
    ) throws(TLSError) -> CertificateAuthority {
        let chain = try PEMReader.certificates(.text(certificate.certificatePEM), what: "authority")
        let key = try PEMReader.key(.text(certificate.keyPEM), what: "authority")
        guard X509_check_ca(chain[0]) == 1 else {
            throw TLSError(
                .certificate,
                "the certificate is no authority; give the one that 'bandera certificates init' made"
            )
        }
        OpenSSLFailure.clear()
        guard X509_check_private_key(chain[0], key.raw) == 1 else {
            throw TLSError(
                .certificate,
                "the authority's key and certificate do not belong together; give both files that "
                    + "'bandera certificates init' made",
                cause: OpenSSLFailure.take().text
            )
        }
        return CertificateAuthority(certificate: certificate)
    }

    /// Issues the certificate of one member.
    ///
    /// `identity` becomes its only URI name; `dnsNames` and `ipAddresses` are for clients that
    /// verify host names, such as browsers.
    package func issue(
        _ identity: PeerIdentity,
        dnsNames: [String] = [],
        ipAddresses: [String] = [],
        validity: CertificateValidity
    ) throws(TLSError) -> IssuedCertificate {
        let names = try Self.alternativeNames(identity, dnsNames, ipAddresses)
        return try self.issue(
            commonName: Self.commonName(identity),
            alternativeNames: names,
            extendedUsage: "serverAuth,clientAuth",
            validity: validity
        )
    }

    /// Issues a leaf with arbitrary names and usage: for `issue`, and for tests of what a peer
    /// must refuse.
    package func issue(
        commonName: String,
        alternativeNames: String,
        extendedUsage: String,
        validity: CertificateValidity
    ) throws(TLSError) -> IssuedCertificate {
        let chain = try PEMReader.certificates(
            .text(self.certificate.certificatePEM),
            what: "authority"
        )
        let authorityKey = try PEMReader.key(.text(self.certificate.keyPEM), what: "authority")
        let issuer = try CertificateBuilder.adopt(copyOf: chain[0])
        let key = try CertificateBuilder.makeKey()
        let leaf = try CertificateBuilder.make(
            commonName: commonName,
            validity: validity,
            key: key
        )
        try leaf.setIssuer(of: issuer)
        try leaf.add(NID_basic_constraints, "critical,CA:FALSE", issuer: issuer)
        try leaf.add(NID_key_usage, "critical,digitalSignature", issuer: issuer)
        try leaf.add(NID_ext_key_usage, extendedUsage, issuer: issuer)
        try leaf.add(NID_subject_key_identifier, "hash", issuer: issuer)
        try leaf.add(NID_authority_key_identifier, "keyid", issuer: issuer)
        try leaf.add(NID_subject_alt_name, alternativeNames, issuer: issuer)
        return try leaf.sign(with: authorityKey, including: key)
    }

    private static func commonName(_ identity: PeerIdentity) -> String {
        let name: String
        switch identity.name {
        case .node(let id): name = "node \(id)"
        case .operator(let operatorName): name = operatorName
        case .sdk(let organization, let environment): name = "\(organization) \(environment)"
        }
        return String(name.prefix(CertificateBuilder.commonNameMax))
    }

    /// The names in OpenSSL's configuration syntax, where a comma would start another name.
    private static func alternativeNames(
        _ identity: PeerIdentity,
        _ dnsNames: [String],
        _ ipAddresses: [String]
    ) throws(TLSError) -> String {
        for name in dnsNames + ipAddresses {
            let isPlain = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: ":"), UInt8(ascii: "*"):
                    return true
                default:
                    return false
                }
            }
            guard isPlain, !name.isEmpty else {
                throw TLSError(
                    .certificate,
                    "'\(name)' is no host name or address; give names of letters, digits, '.', '-'"
                )
            }
        }
        let names =
            ["URI:\(identity.uri)"] + dnsNames.map { "DNS:\($0)" } + ipAddresses.map { "IP:\($0)" }
        return names.joined(separator: ",")
    }
}
