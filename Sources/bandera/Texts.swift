/// Every sentence that the program composes for people, so that another language is another file.
///
/// The help of commands and options stands with their declarations.
enum Texts {
    static let errorPrefix = "error: "
    static let nextPrefix = "next: "

    static let nextUnauthorized =
        "use the cluster's own authority (--ca) and a certificate of it that permits this "
        + "(--certificate, --key), such as 'bandera certificates issue operator NAME' makes, or a "
        + "token that permits it ('bandera whoami' says what yours does)"
    static let nextUnavailable =
        "check --endpoint and that a node runs there; 'bandera cluster status' shows the nodes"
    static let nextTimedOut = "try again, or allow more time with --timeout"
    static let nextOutcomeUnknown =
        "the change may have been made: look with 'bandera flag history KEY' or 'bandera history "
        + "export --kind KIND --subject ID' before repeating it"
    static let nextNotFound =
        "'bandera flag list' shows the flags of an environment; segment, release, alert, member, "
        + "token, plan, company, environment and organization have a 'list' too"

    static let noEndpoint = "no endpoint was given"
    static let nextNoEndpoint =
        "use --endpoint host:port, set BANDERA_ENDPOINTS, or write a profile (see 'bandera help')"
    static let noEnvironment = "no environment was given"
    static let nextNoEnvironment =
        "use --environment organization/environment, such as acme/production, or set "
        + "BANDERA_ENVIRONMENT"
    static let noCredentials = "no credentials were given"
    static let nextNoCredentials =
        "use --ca with --certificate and --key, or set BANDERA_CA with BANDERA_CERTIFICATE and "
        + "BANDERA_KEY, or with BANDERA_TOKEN"
    static let halfCredentials = "--certificate and --key belong together, and one is missing"

    static func badEndpoint(_ text: String, from source: String) -> String {
        "'\(text)' (\(source)) is not an endpoint: expected host:port or [address]:port"
    }

    static func badEnvironment(_ reason: String, from source: String) -> String {
        "the environment (\(source)) cannot be used: \(reason)"
    }

    static func badDuration(_ text: String, from source: String) -> String {
        "'\(text)' (\(source)) is not a duration: expected a number with ms, s or m, such as 500ms"
    }

    static func badOutput(_ text: String, from source: String) -> String {
        "'\(text)' (\(source)) is not an output format: expected table or json"
    }

    static func badPercentage(_ reason: String) -> String {
        "the rollout cannot be used: \(reason)"
    }

    static func badDate(_ reason: String) -> String {
        "the date cannot be used: \(reason)"
    }

    static func badJSON(_ text: String) -> String {
        "'\(text)' is not a JSON value: a string needs its quotes, as in '\"blue\"'"
    }

    static func badAssignment(_ text: String, option: String) -> String {
        "'\(text)' is not a value for \(option): expected name=JSON, such as color='\"blue\"'"
    }

    static func repeatedName(_ name: String, option: String) -> String {
        "'\(name)' is given twice with \(option)"
    }

    static func unknownStatus(_ text: String, allowed: [String]) -> String {
        "'\(text)' is not a status: expected \(allowed.joined(separator: ", "))"
    }

    static func windowIsEmpty(start: String, end: String) -> String {
        "the end \(end) is not after the start \(start)"
    }

    static let nothingToUpdate = "nothing to update was given"
    static let nextNothingToUpdate = "'bandera flag update --help' lists what can be changed"

    static func unknownVariation(_ name: String, option: String, known: [String]) -> String {
        "\(option) names '\(name)', which is not one of the variations \(known.joined(separator: ", "))"
    }

    static func profileMissing(_ name: String, path: String) -> String {
        "profile '\(name)' does not exist: there is no file \(path)"
    }

    static func profileUnreadable(path: String, _ reason: String) -> String {
        "profile \(path) cannot be used: \(reason)"
    }

    static func profileUnknownKey(_ key: String, known: [String]) -> String {
        "it has the unknown key '\(key)'; known keys are \(known.joined(separator: ", "))"
    }

    static let profileNotJSON = "it is not JSON"
    static let profileNotAnObject = "it must be a JSON object"

    static func profileWrongType(_ key: String) -> String {
        "'\(key)' must be \(key.hasPrefix("endpoints") ? "a list of strings" : "a string")"
    }

    static func badProfileName(_ name: String) -> String {
        "'\(name)' is not a profile name: use letters, digits, '.', '-' and '_'"
    }

    static func done(
        _ action: String,
        _ kind: String,
        _ name: String,
        in place: String?,
        revision: String
    ) -> String {
        let location = place.map { " in \($0)" } ?? ""
        return "\(kind) \(name)\(location): \(action), revision \(revision)"
    }

    static func milliseconds(_ count: UInt64) -> String { "\(count) ms" }

    static func servedBy(node: UInt64, region: String, routed: Bool) -> String {
        "node \(node), region \(region)\(routed ? ", routed" : "")"
    }

    static func doing(_ action: String, _ what: String) -> String { "cannot \(action) \(what)" }

    static func noValue(_ key: String, _ code: String) -> String {
        "flag \(key) has no value for this context: \(code)"
    }

    static func watchTimedOut(seen: Int, wanted: Int) -> String {
        "only \(seen) of \(wanted) changes came in time"
    }

    static func fileExists(_ path: String) -> String { "\(path) exists already" }
    static let nextFileExists = "choose another --directory, or remove the file first"

    static func cannotRead(_ path: String, _ reason: String) -> String {
        "\(path) cannot be read: \(reason)"
    }

    static func badCount(_ text: Int, option: String) -> String {
        "\(option) must be at least 1, not \(text)"
    }

    static let noOrganization = "no organization was given"
    static let nextNoOrganization =
        "use --organization, or an --environment whose organization is meant"

    static func written(_ paths: [String]) -> String {
        paths.map { "wrote \($0)" }.joined(separator: "\n")
    }

    static let eventChange = "change"
    static let eventArchive = "archive"
    static let eventSegment = "segment"
    static let eventSegmentRemoved = "segment_removed"
    static let eventSnapshot = "snapshot"

    static func badNode(_ text: String) -> String {
        "'\(text)' is not a node's id: expected a number from 1"
    }

    static func noCluster(_ path: String) -> String {
        "\(path) names no cluster: it was not made by 'bandera certificates init'"
    }
}
