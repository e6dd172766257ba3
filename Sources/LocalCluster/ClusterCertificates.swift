package import BanderaClient
internal import Glibc
package import TLS

/// The certificate authority of a cluster and the files that it issued, in one folder.
package struct ClusterCertificates: Sendable {
    private static let secondsPerDay: Int64 = 86_400

    package let cluster: String
    package let folder: String
    package let authority: CertificateAuthority

    /// Makes an authority and writes its certificate to `ca.crt` in `folder`, which must exist.
    package init(cluster: String, folder: String) throws(TLSError) {
        self.cluster = cluster
        self.folder = folder
        self.authority = try CertificateAuthority.create(
            cluster: cluster,
            validity: Self.validity()
        )
        try self.authority.certificate.write(
            certificatePath: "\(folder)/ca.crt",
            keyPath: "\(folder)/ca.key"
        )
    }

    /// The authority's certificate.
    package var authorityPath: String { "\(self.folder)/ca.crt" }

    /// Where the certificate called `name` is.
    package func certificatePath(_ name: String) -> String { "\(self.folder)/\(name).crt" }

    /// Where the key of the certificate called `name` is.
    package func keyPath(_ name: String) -> String { "\(self.folder)/\(name).key" }

    /// Issues a certificate and writes it to `<file>.crt` and `<file>.key`.
    package func issue(
        _ identity: PeerIdentity.Name,
        file: String,
        validity: CertificateValidity = Self.validity()
    ) throws(TLSError) {
        let identity = try PeerIdentity(cluster: self.cluster, name: identity)
        let issued = try self.authority.issue(
            identity,
            dnsNames: ["localhost"],
            ipAddresses: ["127.0.0.1"],
            validity: validity
        )
        try issued.write(certificatePath: self.certificatePath(file), keyPath: self.keyPath(file))
    }

    /// What a client that uses the certificate called `name` is given.
    package func credentials(_ name: String) -> ClientConfiguration.Credentials {
        .certificate(
            authority: self.authorityPath,
            certificate: self.certificatePath(name),
            key: self.keyPath(name)
        )
    }

    /// From some days ago until some days from now; both may be negative.
    package static func validity(
        fromDaysAgo past: Int64 = 1,
        untilDays future: Int64 = 30
    ) -> CertificateValidity {
        let now = Int64(time(nil))
        return CertificateValidity(
            notBeforeSeconds: now - past * Self.secondsPerDay,
            notAfterSeconds: now + future * Self.secondsPerDay
        )
    }
}
