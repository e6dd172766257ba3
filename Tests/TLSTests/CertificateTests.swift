import Glibc
import TLS
import Testing

@Suite struct CertificateTests {
    /// A folder that is removed when `body` is done.
    private func withFolder(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/bandera-tls-XXXXXX".utf8CString)
        let path = template.withUnsafeMutableBufferPointer { buffer -> String? in
            guard let start = buffer.baseAddress, mkdtemp(start) != nil else { return nil }
            return String(cString: start)
        }
        guard let path else {
            Issue.record("no temporary folder")
            return
        }
        defer {
            for name in ["ca.pem", "ca.key", "node.pem", "node.key"] { unlink("\(path)/\(name)") }
            rmdir(path)
        }
        try body(path)
    }

    @Test func anAuthorityDescribesItself() throws {
        let authority = try CertificateAuthority.create(
            cluster: "acme.example",
            validity: Fixture.always
        )
        let shown = try CertificateDescription.parse(pem: authority.certificate.certificatePEM)
        #expect(shown.subject == "CN=bandera acme.example")
        #expect(shown.issuer == shown.subject)
        #expect(shown.isAuthority)
        #expect(shown.alternativeNames == ["URI:spiffe://acme.example"])
        #expect(shown.validity == Fixture.always)
        #expect(shown.identity == nil)
    }

    @Test func aLeafSaysWhatItWasIssuedFor() throws {
        let leaf = try Fixture.authority.get().issue(
            PeerIdentity(cluster: Fixture.cluster, name: .node(7)),
            dnsNames: ["node7.example", "localhost"],
            ipAddresses: ["127.0.0.1", "2001:db8::1"],
            validity: Fixture.always
        )
        let shown = try CertificateDescription.parse(pem: leaf.certificatePEM)
        #expect(shown.subject == "CN=node 7")
        #expect(shown.issuer == "CN=bandera test.bandera")
        #expect(!shown.isAuthority)
        #expect(
            shown.alternativeNames == [
                "URI:spiffe://test.bandera/node/7", "DNS:node7.example", "DNS:localhost",
                "IP:127.0.0.1", "IP:2001:db8:0:0:0:0:0:1",
            ]
        )
        #expect(shown.identity?.name == .node(7))
        #expect(shown.fingerprint.count == 64)
        #expect((24...32).contains(shown.serial.count))
    }

    @Test func serialNumbersAndKeysDiffer() throws {
        let leaves = try (0..<5).map { _ in try Fixture.issue(.node(1)) }
        let serials = try leaves.map { leaf in
            try CertificateDescription.parse(pem: leaf.certificatePEM).serial
        }
        #expect(Set(serials).count == leaves.count)
        #expect(Set(leaves.map(\.keyPEM)).count == leaves.count)
    }

    @Test func filesAreWrittenWithTightPermissionsAndReadBack() throws {
        try self.withFolder { folder in
            let authority = try Fixture.authority.get()
            try authority.certificate.write(
                certificatePath: "\(folder)/ca.pem",
                keyPath: "\(folder)/ca.key"
            )
            let loaded = try CertificateAuthority.load(
                certificatePath: "\(folder)/ca.pem",
                keyPath: "\(folder)/ca.key"
            )
            let node = try loaded.issue(
                PeerIdentity(cluster: Fixture.cluster, name: .node(1)),
                validity: Fixture.always
            )
            // Twice: an existing file is replaced.
            for _ in 0..<2 {
                try node.write(
                    certificatePath: "\(folder)/node.pem",
                    keyPath: "\(folder)/node.key"
                )
            }
            for (name, mode) in [("node.key", 0o600), ("node.pem", 0o644), ("ca.key", 0o600)] {
                var status = stat()
                #expect(stat("\(folder)/\(name)", &status) == 0)
                #expect(Int(status.st_mode) & 0o777 == mode, "\(name)")
            }
            let context = try TLSContext.make(
                TLSConfiguration(
                    role: .server,
                    alpn: "bandera/1",
                    certificate: .file("\(folder)/node.pem"),
                    key: .file("\(folder)/node.key"),
                    authority: .file("\(folder)/ca.pem"),
                    peers: .anyNode(cluster: Fixture.cluster)
                )
            )
            #expect(context.identity?.name == .node(1))
            #expect(context.certificate?.validity == Fixture.always)
        }
    }

    @Test func aMissingFileIsNamed() throws {
        let error = #expect(throws: TLSError.self) {
            try CertificateDescription.load(path: "/nowhere/node.pem")
        }
        #expect(error?.code == .file)
        #expect(error.map(String.init(describing:))?.contains("/nowhere/node.pem") == true)
        #expect(error?.cause?.contains("No such file") == true)
        let leaf = try Fixture.issue(.node(1))
        #expect(throws: TLSError(.file, "")) {
            try leaf.write(certificatePath: "/nowhere/a.pem", keyPath: "/nowhere/a.key")
        }
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        let one = try Fixture.issue(.node(1))
        let two = try Fixture.issue(.node(2))
        let mixed = IssuedCertificate(certificatePEM: one.certificatePEM, keyPEM: two.keyPEM)
        #expect(throws: TLSError(.certificate, "")) { try Fixture.context(.server, mixed) }
        let authority = try Fixture.authority.get().certificate
        #expect(throws: TLSError(.certificate, "")) {
            try CertificateAuthority.load(
                IssuedCertificate(certificatePEM: authority.certificatePEM, keyPEM: one.keyPEM)
            )
        }
        #expect(throws: TLSError(.certificate, "")) { try CertificateAuthority.load(one) }
    }

    @Test(arguments: [
        "", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ])
    func brokenTextIsRefused(pem: String) {
        #expect(throws: TLSError(.certificate, "")) { try CertificateDescription.parse(pem: pem) }
    }

    @Test func namesCannotSmuggleOtherNamesIn() throws {
        #expect(throws: TLSError(.certificate, "")) {
            try Fixture.authority.get().issue(
                PeerIdentity(cluster: Fixture.cluster, name: .node(1)),
                dnsNames: ["a,URI:spiffe://test.bandera/operator/root"],
                validity: Fixture.always
            )
        }
    }

    @Test func aServerNeedsACertificateAndAValidProtocol() throws {
        #expect(throws: TLSError(.configuration, "")) { try Fixture.context(.server, nil) }
        #expect(throws: TLSError(.configuration, "")) {
            try Fixture.context(.server, Fixture.issue(.node(1)), alpn: "")
        }
    }
}
