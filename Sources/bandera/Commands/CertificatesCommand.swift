internal import ArgumentParser
internal import Flags
internal import Glibc
internal import TLS

/// The command `bandera certificates`.
struct CertificatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates",
        abstract:
            "Makes and shows the certificates that nodes, operators and programs prove who they are with.",
        subcommands: [
            CertificatesInitCommand.self, CertificatesIssueCommand.self,
            CertificatesShowCommand.self,
        ]
    )
}

/// Where certificates are kept, and for how long they are valid.
enum CertificateFiles {
    /// Accepted before it was issued: clocks of other machines may be a little behind.
    private static let clockSkewSeconds: Int64 = 300

    /// The paths of the certificate and the key called `name` in `directory`.
    static func paths(_ name: String, in directory: String) -> (certificate: String, key: String) {
        ("\(directory)/\(name).pem", "\(directory)/\(name)-key.pem")
    }

    /// From a little before now for so many days.
    static func validity(days: Int) throws(CommandFailure) -> CertificateValidity {
        guard (1...36_500).contains(days) else {
            throw .usage(Texts.badCount(days, option: "--days"))
        }
        let now = Int64(time(nil))
        return CertificateValidity(
            notBeforeSeconds: now - self.clockSkewSeconds,
            notAfterSeconds: now + Int64(days) * 86_400
        )
    }

    /// Writes both files where nothing is yet, and says so.
    static func write(
        _ issued: IssuedCertificate,
        _ name: String,
        in directory: String,
        _ format: OutputFormat
    ) throws {
        let (certificate, key) = self.paths(name, in: directory)
        for path in [certificate, key] where Files.exist(path) {
            throw CommandFailure(
                .failed,
                Texts.fileExists(path),
                next: Texts.nextFileExists
            )
        }
        try Files.makeFolder(directory)
        try issued.write(certificatePath: certificate, keyPath: key)
        let document = Document(text: Texts.written([certificate, key])) { json in
            json.beginObject()
            json.member("certificate", certificate)
            json.member("key", key)
            json.endObject()
        }
        StandardStreams.output(document.rendered(format))
    }

    /// Turns what TLS says into what the program says.
    static func run(_ body: () throws -> Void) throws {
        do { try body() } catch let error as TLSError {
            throw CommandFailure(.failed, error.description)
        }
    }
}

/// The command `bandera certificates init`.
struct CertificatesInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes the certificate authority of a new cluster: ca.pem and ca-key.pem.",
        discussion: "Whoever has ca-key.pem can become any node: keep it away from the nodes."
    )

    @Option(help: "The cluster's name, such as bandera-production.")
    var cluster: String

    @Option(help: "The folder to write to.", completion: .directory)
    var directory: String

    @Option(help: "How long the authority is valid.")
    var days: Int = 3_650

    @OptionGroup var output: OutputOptions

    func run() throws {
        let format = try self.output.format()
        let validity = try CertificateFiles.validity(days: self.days)
        try CertificateFiles.run {
            let authority = try CertificateAuthority.create(
                cluster: self.cluster,
                validity: validity
            )
            try CertificateFiles.write(authority.certificate, "ca", in: self.directory, format)
        }
    }
}

/// The command `bandera certificates issue`.
struct CertificatesIssueCommand: ParsableCommand {
    /// Whom a certificate is for.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case node
        case `operator`
        case sdk
    }

    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issues the certificate of a node, an operator or an SDK.",
        discussion: """
            bandera certificates issue node 1 --directory DIR --host localhost --host 127.0.0.1
            bandera certificates issue operator ana --directory DIR
            bandera certificates issue sdk acme/production --directory DIR

            Writes node-1.pem and node-1-key.pem, operator-ana.pem…, sdk-acme-production.pem… \
            beside the ca.pem and ca-key.pem that 'certificates init' made.
            """
    )

    @Argument(help: "node, operator or sdk.")
    var kind: Kind

    @Argument(help: "The node's id, the operator's name, or organization/environment.")
    var name: String

    @Option(help: "The folder of ca.pem and ca-key.pem.", completion: .directory)
    var directory: String

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "A host name or address that a node is reached at. May be repeated.",
            valueName: "host"
        )
    )
    var hosts: [String] = []

    @Option(help: "How long the certificate is valid.")
    var days: Int = 365

    @OptionGroup var output: OutputOptions

    func run() throws {
        let format = try self.output.format()
        let validity = try CertificateFiles.validity(days: self.days)
        let name = try self.identityName()
        try CertificateFiles.run {
            let paths = CertificateFiles.paths("ca", in: self.directory)
            let authority = try CertificateAuthority.load(
                certificatePath: paths.certificate,
                keyPath: paths.key
            )
            let cluster = try self.cluster(paths.certificate)
            let issued = try authority.issue(
                try PeerIdentity(cluster: cluster, name: name),
                dnsNames: self.hosts.filter { !Self.isAddress($0) },
                ipAddresses: self.hosts.filter(Self.isAddress),
                validity: validity
            )
            let file = "\(self.kind.rawValue)-\(self.name)".replacing("/", with: "-")
            try CertificateFiles.write(issued, file, in: self.directory, format)
        }
    }

    /// The identity that the arguments name.
    func identityName() throws(CommandFailure) -> PeerIdentity.Name {
        switch self.kind {
        case .node:
            guard let id = UInt64(self.name), id > 0 else {
                throw .usage(Texts.badNode(self.name))
            }
            return .node(id)
        case .operator:
            return .operator(self.name)
        case .sdk:
            do throws(FlagsError) {
                let environment = try EnvironmentID(parsing: self.name)
                return .sdk(
                    organization: environment.organization,
                    environment: environment.environment
                )
            } catch {
                throw .usage(error.message)
            }
        }
    }

    /// The cluster that the authority is of, as its certificate says.
    private func cluster(_ path: String) throws -> String {
        let prefix = "URI:spiffe://"
        let names = try CertificateDescription.load(path: path).alternativeNames
        guard let name = names.first(where: { $0.hasPrefix(prefix) }) else {
            throw CommandFailure(.failed, Texts.noCluster(path))
        }
        return String(name.dropFirst(prefix.count))
    }

    private static func isAddress(_ host: String) -> Bool {
        host.contains(":") || host.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    }
}

/// The command `bandera certificates show`.
struct CertificatesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what a certificate says.",
        discussion:
            "JSON fields: subject, issuer, serial, names, not_before, not_after, authority, sha256."
    )

    @Argument(help: "A PEM file.", completion: .file(extensions: ["pem", "crt"]))
    var file: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let format = try self.output.format()
        try CertificateFiles.run {
            let description = try CertificateDescription.load(path: self.file)
            StandardStreams.output(CertificateRendering.document(description).rendered(format))
        }
    }
}
