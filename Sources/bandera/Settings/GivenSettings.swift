/// Settings as texts from one source (options, environment variables or a profile), unchecked.
struct GivenSettings: Equatable, Sendable {
    /// A text and where it came from, for the message when it is wrong.
    struct Text: Equatable, Sendable {
        let text: String
        let source: String
    }

    var endpoints: [Text] = []
    var authority: Text?
    var certificate: Text?
    var key: Text?
    var token: Text?
    var region: Text?
    var cluster: Text?
    var timeout: Text?
    var environment: Text?
    var output: Text?

    /// What `stronger` says, and for the rest what this says.
    ///
    /// A certificate and its key come from one source together: a half of one pair never meets the
    /// other half of another.
    func overridden(by stronger: GivenSettings) -> GivenSettings {
        var merged = self
        if !stronger.endpoints.isEmpty { merged.endpoints = stronger.endpoints }
        merged.authority = stronger.authority ?? self.authority
        if stronger.certificate != nil || stronger.key != nil {
            merged.certificate = stronger.certificate
            merged.key = stronger.key
            merged.token = nil
        } else if stronger.token != nil {
            merged.certificate = nil
            merged.key = nil
        }
        merged.token = stronger.token ?? merged.token
        merged.region = stronger.region ?? self.region
        merged.cluster = stronger.cluster ?? self.cluster
        merged.timeout = stronger.timeout ?? self.timeout
        merged.environment = stronger.environment ?? self.environment
        merged.output = stronger.output ?? self.output
        return merged
    }

    /// The environment variables that say something.
    static func variables(_ environment: [String: String]) -> GivenSettings {
        func text(_ name: String) -> Text? {
            environment[name].flatMap { $0.isEmpty ? nil : Text(text: $0, source: name) }
        }
        var given = GivenSettings()
        given.endpoints = text("BANDERA_ENDPOINTS").map(self.list) ?? []
        given.authority = text("BANDERA_CA")
        given.certificate = text("BANDERA_CERTIFICATE")
        given.key = text("BANDERA_KEY")
        given.token = text("BANDERA_TOKEN")
        given.region = text("BANDERA_REGION")
        given.cluster = text("BANDERA_CLUSTER")
        given.timeout = text("BANDERA_TIMEOUT")
        given.environment = text("BANDERA_ENVIRONMENT")
        given.output = text("BANDERA_OUTPUT")
        return given
    }

    /// What the profile at `path` says.
    static func profile(_ profile: Profile, path: String) -> GivenSettings {
        func text(_ value: String?) -> Text? { value.map { Text(text: $0, source: path) } }
        var given = GivenSettings()
        given.endpoints = (profile.endpoints ?? []).map { Text(text: $0, source: path) }
        given.authority = text(profile.authority)
        given.certificate = text(profile.certificate)
        given.key = text(profile.key)
        given.token = text(profile.token)
        given.region = text(profile.region)
        given.cluster = text(profile.cluster)
        given.timeout = text(profile.timeout)
        given.environment = text(profile.environment)
        given.output = text(profile.output)
        return given
    }

    /// Splits `a:1,b:2`.
    static func list(_ given: Text) -> [Text] {
        given.text.split(separator: ",").map { part in
            Text(text: part.trimmingSpaces, source: given.source)
        }
    }
}

extension Substring {
    /// Without spaces at either end.
    var trimmingSpaces: String {
        var text = self
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
