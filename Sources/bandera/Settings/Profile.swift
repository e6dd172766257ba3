internal import FoundationEssentials

/// Connection settings that a person keeps in a file: `~/.config/bandera/profiles/NAME.json`.
///
/// Relative paths in it start from the file's own folder.
struct Profile: Equatable, Sendable {
    var endpoints: [String]?
    var authority: String?
    var certificate: String?
    var key: String?
    var token: String?
    var region: String?
    var cluster: String?
    var timeout: String?
    var environment: String?
    var output: String?

    /// The profile that is used when none is named, if its file exists.
    static let defaultName = "default"

    /// Where the profile called `name` is kept.
    static func path(
        of name: String,
        environment: [String: String]
    ) throws(CommandFailure) -> String {
        let allowed = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || ".-_0123456789".contains(Character(scalar)))
        }
        guard allowed, !name.isEmpty, !name.hasPrefix(".") else {
            throw .usage(Texts.badProfileName(name))
        }
        let base =
            environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? "\(environment["HOME"] ?? "")/.config"
        return "\(base)/bandera/profiles/\(name).json"
    }

    /// Reads the contents of the profile file at `path`.
    static func parse(_ bytes: [UInt8], path: String) throws(CommandFailure) -> Profile {
        do {
            return try JSONDecoder().decode(Profile.self, from: Data(bytes)).resolved(from: path)
        } catch {
            throw .usage(Texts.profileUnreadable(path: path, Self.reason(error)))
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            return key.isEmpty
                ? Texts.profileNotAnObject : Texts.profileWrongType(key)
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            return context.debugDescription
        case let unknown as UnknownKey:
            return Texts.profileUnknownKey(unknown.name, known: Name.allCases.map(\.rawValue))
        default:
            return Texts.profileNotJSON
        }
    }

    private func resolved(from path: String) -> Profile {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        func absolute(_ file: String?) -> String? {
            file.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        }
        var profile = self
        profile.authority = absolute(self.authority)
        profile.certificate = absolute(self.certificate)
        profile.key = absolute(self.key)
        return profile
    }
}

extension Profile: Decodable {
    private enum Name: String, CodingKey, CaseIterable {
        case endpoints
        case authority = "ca"
        case certificate
        case key
        case token
        case region
        case cluster
        case timeout
        case environment
        case output
    }

    private struct AnyName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct UnknownKey: Error {
        let name: String
    }

    init(from decoder: any Decoder) throws {
        let present = try decoder.container(keyedBy: AnyName.self).allKeys.map(\.stringValue)
        // Sorted: the same file always gets the same complaint.
        for name in present.sorted() where Name(rawValue: name) == nil {
            throw UnknownKey(name: name)
        }
        let container = try decoder.container(keyedBy: Name.self)
        self.endpoints = try container.decodeIfPresent([String].self, forKey: .endpoints)
        self.authority = try container.decodeIfPresent(String.self, forKey: .authority)
        self.certificate = try container.decodeIfPresent(String.self, forKey: .certificate)
        self.key = try container.decodeIfPresent(String.self, forKey: .key)
        self.token = try container.decodeIfPresent(String.self, forKey: .token)
        self.region = try container.decodeIfPresent(String.self, forKey: .region)
        self.cluster = try container.decodeIfPresent(String.self, forKey: .cluster)
        self.timeout = try container.decodeIfPresent(String.self, forKey: .timeout)
        self.environment = try container.decodeIfPresent(String.self, forKey: .environment)
        self.output = try container.decodeIfPresent(String.self, forKey: .output)
    }
}
