internal import BanderaClient
internal import Flags

/// How output is written.
enum OutputFormat: String, CaseIterable, Sendable {
    case table
    case json
}

/// Checked settings: where the cluster is, who is asking, and how to answer.
struct ConnectionSettings: Equatable, Sendable {
    /// May be empty: commands that need one ask ``connection()``.
    var endpoints: [Endpoint] = []
    var credentials: ClientConfiguration.Credentials?
    var region = ""
    var cluster = ""
    var timeout = Duration.seconds(10)
    var environment: EnvironmentID?
    /// `nil` means a table on a terminal and JSON otherwise.
    var output: OutputFormat?

    /// Checks `given`, naming the source of what is wrong.
    init(_ given: GivenSettings) throws(CommandFailure) {
        for text in given.endpoints {
            guard let endpoint = Endpoint(text.text) else {
                throw .usage(Texts.badEndpoint(text.text, from: text.source))
            }
            self.endpoints.append(endpoint)
        }
        self.credentials = try Self.credentials(given)
        self.region = given.region?.text ?? ""
        self.cluster = given.cluster?.text ?? ""
        if let text = given.timeout {
            guard let timeout = DurationText.duration(text.text) else {
                throw .usage(Texts.badDuration(text.text, from: text.source))
            }
            self.timeout = timeout
        }
        if let text = given.environment {
            do throws(FlagsError) {
                self.environment = try EnvironmentID(parsing: text.text)
            } catch {
                throw .usage(Texts.badEnvironment(error.message, from: text.source))
            }
        }
        if let text = given.output {
            guard let output = OutputFormat(rawValue: text.text) else {
                throw .usage(Texts.badOutput(text.text, from: text.source))
            }
            self.output = output
        }
    }

    /// The environment that a command is about; refused when none was given.
    func requiredEnvironment() throws(CommandFailure) -> EnvironmentID {
        guard let environment = self.environment else {
            throw .usage(Texts.noEnvironment, next: Texts.nextNoEnvironment)
        }
        return environment
    }

    /// The configuration of an administrative client; refused when something needed is missing.
    func administration() throws(CommandFailure) -> AdministrationConfiguration {
        guard !self.endpoints.isEmpty else {
            throw .usage(Texts.noEndpoint, next: Texts.nextNoEndpoint)
        }
        guard let credentials = self.credentials else {
            throw .usage(Texts.noCredentials, next: Texts.nextNoCredentials)
        }
        return AdministrationConfiguration(
            endpoints: self.endpoints,
            region: self.region,
            credentials: credentials,
            cluster: self.cluster,
            timeout: self.timeout
        )
    }

    private static func credentials(
        _ given: GivenSettings
    ) throws(CommandFailure) -> ClientConfiguration.Credentials? {
        guard (given.certificate == nil) == (given.key == nil) else {
            throw .usage(Texts.halfCredentials, next: Texts.nextNoCredentials)
        }
        guard let authority = given.authority?.text else { return nil }
        if let token = given.token?.text { return .token(token, authority: authority) }
        guard let certificate = given.certificate?.text, let key = given.key?.text else {
            return nil
        }
        return .certificate(authority: authority, certificate: certificate, key: key)
    }
}
