internal import ArgumentParser

/// Where a command takes its connection's settings from.
protocol ConnectionSource {
    /// What the options say, without environment variables or a profile.
    var given: GivenSettings { get }
    /// The profile that the options name.
    var profile: String? { get }
}

/// The options that every command which talks to a cluster has.
struct ConnectionOptions: ParsableArguments, ConnectionSource {
    @OptionGroup var place: PlaceOptions

    @Option(
        help: ArgumentHelp(
            "The region whose nodes are preferred; also BANDERA_REGION.",
            valueName: "region"
        )
    )
    var region: String?

    var profile: String? { self.place.profile }

    var given: GivenSettings {
        var given = self.place.given
        given.region = self.region.map { GivenSettings.Text(text: $0, source: "--region") }
        return given
    }
}

/// The options of a connection but for the region, which means something else to some commands.
struct PlaceOptions: ParsableArguments, ConnectionSource {
    @Option(
        name: .customLong("endpoint"),
        help: ArgumentHelp(
            "Nodes to connect to, best first; also BANDERA_ENDPOINTS.",
            valueName: "host:port[,…]"
        )
    )
    var endpoints: [String] = []

    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp(
            "The certificate authority that nodes are verified with; also BANDERA_CA.",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem", "crt"])
    )
    var authority: String?

    @Option(
        help: ArgumentHelp(
            "The certificate that says who is asking; also BANDERA_CERTIFICATE.",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem", "crt"])
    )
    var certificate: String?

    @Option(
        help: ArgumentHelp(
            "The private key of --certificate; also BANDERA_KEY.",
            valueName: "file"
        ),
        completion: .file(extensions: ["pem", "key"])
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The name that the cluster must have; also BANDERA_CLUSTER.",
            valueName: "name"
        )
    )
    var cluster: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait, such as 500ms or 5s; also BANDERA_TIMEOUT.",
            valueName: "duration"
        )
    )
    var timeout: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Whose flags, such as acme/production; also BANDERA_ENVIRONMENT.",
            valueName: "organization/environment"
        )
    )
    var environment: String?

    @Option(
        help: ArgumentHelp(
            "The profile file to take settings from; also BANDERA_PROFILE.",
            valueName: "name"
        )
    )
    var profile: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "table or json; without it a table on a terminal and JSON otherwise; also BANDERA_OUTPUT.",
            valueName: "format"
        ),
        completion: .list(OutputFormat.allCases.map(\.rawValue))
    )
    var output: String?
}

extension PlaceOptions {
    var given: GivenSettings {
        func text(_ value: String?, _ option: String) -> GivenSettings.Text? {
            value.map { GivenSettings.Text(text: $0, source: option) }
        }
        var given = GivenSettings()
        given.endpoints = self.endpoints.flatMap { endpoints in
            GivenSettings.list(GivenSettings.Text(text: endpoints, source: "--endpoint"))
        }
        given.authority = text(self.authority, "--ca")
        given.certificate = text(self.certificate, "--certificate")
        given.key = text(self.key, "--key")
        given.cluster = text(self.cluster, "--cluster")
        given.timeout = text(self.timeout, "--timeout")
        given.environment = text(self.environment, "--environment")
        given.output = text(self.output, "--output")
        return given
    }
}

extension ConnectionSource {
    /// The settings in force: options, then environment variables, then the profile.
    ///
    /// - Parameter read: gives the bytes of a file, `nil` when it does not exist.
    func settings(
        environment: [String: String],
        read: (String) throws(CommandFailure) -> [UInt8]?
    ) throws(CommandFailure) -> ConnectionSettings {
        var given = GivenSettings.variables(environment).overridden(by: self.given)
        let named = self.profile ?? environment["BANDERA_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        let name = named ?? Profile.defaultName
        let path = try Profile.path(of: name, environment: environment)
        if let bytes = try read(path) {
            let profile = try Profile.parse(bytes, path: path)
            given = GivenSettings.profile(profile, path: path).overridden(by: given)
        } else if named != nil {
            throw .usage(Texts.profileMissing(name, path: path))
        }
        return try ConnectionSettings(given)
    }
}
