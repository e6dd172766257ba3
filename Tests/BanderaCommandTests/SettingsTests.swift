// Only a debug build lets tests see inside a program.
#if DEBUG
import ArgumentParser
import BanderaClient
import Flags
import Testing

@testable import bandera

@Suite struct SettingsTests {
    private let profilePath = "/home/ana/.config/bandera/profiles/default.json"
    private let full = """
        {"endpoints": ["profile:1", "profile:2"], "ca": "ca.pem", "certificate": "/abs/cert.pem",
         "key": "key.pem", "region": "AR", "cluster": "dev", "timeout": "3s",
         "environment": "acme/staging", "output": "table"}
        """

    private func settings(
        _ arguments: [String] = [],
        _ variables: [String: String] = [:],
        files: [String: String] = [:]
    ) throws -> ConnectionSettings {
        let options = try ConnectionOptions.parse(arguments)
        var environment = variables
        environment["HOME"] = environment["HOME"] ?? "/home/ana"
        return try options.settings(environment: environment) { path in
            files[path].map { Array($0.utf8) }
        }
    }

    private func refusal(
        _ arguments: [String] = [],
        _ variables: [String: String] = [:],
        files: [String: String] = [:]
    ) -> String {
        do {
            _ = try self.settings(arguments, variables, files: files)
            return "accepted"
        } catch let failure as CommandFailure {
            #expect(failure.status == .usage)
            return failure.what
        } catch {
            return "\(error)"
        }
    }

    @Test func optionsComeBeforeVariablesBeforeTheProfile() throws {
        let files = [self.profilePath: self.full]
        let fromProfile = try self.settings(files: files)
        #expect(fromProfile.endpoints.map(\.address) == ["profile:1", "profile:2"])
        #expect(fromProfile.region == "AR")
        #expect(fromProfile.timeout == .seconds(3))

        let variables = ["BANDERA_ENDPOINTS": "env:1, env:2", "BANDERA_REGION": "CO"]
        let fromVariables = try self.settings([], variables, files: files)
        #expect(fromVariables.endpoints.map(\.address) == ["env:1", "env:2"])
        #expect(fromVariables.region == "CO")
        #expect(fromVariables.cluster == "dev", "what no stronger source says stays")

        let arguments = ["--endpoint", "opt:1,opt:2", "--endpoint", "opt:3", "--region", "MX"]
        let fromOptions = try self.settings(arguments, variables, files: files)
        #expect(fromOptions.endpoints.map(\.address) == ["opt:1", "opt:2", "opt:3"])
        #expect(fromOptions.region == "MX")
    }

    @Test func aCertificateAndItsKeyComeFromOneSource() throws {
        let files = [self.profilePath: self.full]
        let arguments = ["--certificate", "mine.pem", "--key", "mine-key.pem"]
        let settings = try self.settings(arguments, files: files)
        #expect(
            settings.credentials
                == .certificate(
                    authority: "/home/ana/.config/bandera/profiles/ca.pem",
                    certificate: "mine.pem",
                    key: "mine-key.pem"
                )
        )
        #expect(
            self.refusal(["--certificate", "mine.pem"], files: files) == Texts.halfCredentials
        )
    }

    @Test func aTokenReplacesAWeakerCertificate() throws {
        let settings = try self.settings(
            [],
            ["BANDERA_TOKEN": "secret"],
            files: [self.profilePath: self.full]
        )
        #expect(
            settings.credentials
                == .token("secret", authority: "/home/ana/.config/bandera/profiles/ca.pem")
        )
    }

    @Test func profilesAreFoundByName() throws {
        let path = "/xdg/bandera/profiles/prod.json"
        let files = [path: #"{"endpoints": ["prod:1"]}"#]
        let variables = ["XDG_CONFIG_HOME": "/xdg", "BANDERA_PROFILE": "prod"]
        #expect(try self.settings([], variables, files: files).endpoints.count == 1)
        #expect(
            try self.settings(["--profile", "prod"], ["XDG_CONFIG_HOME": "/xdg"], files: files)
                .endpoints.count == 1
        )
    }

    @Test func aNamedProfileMustExistAndTheDefaultNeedNot() throws {
        #expect(try self.settings().endpoints.isEmpty)
        #expect(
            self.refusal(["--profile", "prod"])
                == "profile 'prod' does not exist: there is no file "
                + "/home/ana/.config/bandera/profiles/prod.json"
        )
        #expect(self.refusal(["--profile", "../../etc/passwd"]).contains("not a profile name"))
    }

    @Test func unknownKeysOfAProfileAreNamed() {
        let text = self.refusal(files: [self.profilePath: #"{"zone": 1, "endpoint": "a:1"}"#])
        #expect(text.contains("unknown key 'endpoint'"), "the first by name: \(text)")
        #expect(text.contains("known keys are endpoints, ca"))
    }

    @Test func aProfileThatIsWrongSaysHow() {
        #expect(
            self.refusal(files: [self.profilePath: #"{"endpoints": "a:1"}"#])
                .contains("'endpoints' must be a list of strings")
        )
        #expect(
            self.refusal(files: [self.profilePath: #"{"region": 7}"#])
                .contains("'region' must be a string")
        )
        #expect(self.refusal(files: [self.profilePath: "{"]).contains("it is not JSON"))
        #expect(self.refusal(files: [self.profilePath: "[]"]).contains("must be a JSON object"))
    }

    @Test func wrongTextsNameTheirSource() {
        #expect(
            self.refusal(["--endpoint", "nowhere"])
                == "'nowhere' (--endpoint) is not an endpoint: expected host:port or [address]:port"
        )
        #expect(self.refusal([], ["BANDERA_TIMEOUT": "soon"]).contains("'soon' (BANDERA_TIMEOUT)"))
        #expect(self.refusal(["-o", "yaml"]).contains("'yaml' (--output)"))
        #expect(self.refusal(["-e", "acme"]).contains("(--environment)"))
    }

    @Test func whatIsMissingIsSaidWithTheWayOut() throws {
        let settings = try self.settings()
        #expect(throws: CommandFailure.usage(Texts.noEndpoint, next: Texts.nextNoEndpoint)) {
            try settings.administration()
        }
        #expect(throws: CommandFailure.usage(Texts.noEnvironment, next: Texts.nextNoEnvironment)) {
            try settings.requiredEnvironment()
        }
        let some = try self.settings(["--endpoint", "a:1"])
        #expect(throws: CommandFailure.usage(Texts.noCredentials, next: Texts.nextNoCredentials)) {
            try some.administration()
        }
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("2m", .seconds(120)),
        ("7", .seconds(7)),
    ])
    func readsDurations(_ text: String, _ duration: Duration) {
        #expect(DurationText.duration(text) == duration)
    }

    @Test(arguments: ["", "0", "-1s", "1h", "s", "1.5s", "99999999999999999999s", "100000m"])
    func refusesWhatIsNoDuration(_ text: String) {
        #expect(DurationText.duration(text) == nil)
    }
}
#endif
