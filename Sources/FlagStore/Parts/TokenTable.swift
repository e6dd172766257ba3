internal import Flags
internal import HashTreeCollections

/// The access tokens of all organizations, and of the platform, found by name and by hash.
struct TokenTable: Sendable {
    private struct Name: Hashable, Sendable {
        let organization: String
        let id: String
    }

    private var tokens: TreeDictionary<String, TreeDictionary<String, AccessToken>> = [:]
    private var names: TreeDictionary<String, Name> = [:]

    init() {}

    /// The token whose secret has this hash.
    subscript(sha256 sha256: String) -> AccessToken? {
        self.names[sha256].flatMap { self[$0.organization, $0.id] }
    }

    subscript(organization: String, id: String) -> AccessToken? {
        self.tokens[organization]?[id]
    }

    func count(of organization: String) -> Int { self.tokens[organization]?.count ?? 0 }

    /// Adds or replaces; the hash of a token never changes.
    mutating func set(_ token: AccessToken) {
        self.tokens[token.organization, default: [:]][token.id] = token
        self.names[token.sha256] = Name(organization: token.organization, id: token.id)
    }

    mutating func remove(_ token: AccessToken) {
        self.tokens[token.organization]?[token.id] = nil
        self.names[token.sha256] = nil
    }

    /// All tokens, or those of one organization, sorted by organization and id.
    func all(of organization: String?) -> [AccessToken] {
        let organizations = organization.map { [$0] } ?? self.tokens.keys.sorted()
        return organizations.flatMap { organization in
            (self.tokens[organization]?.values).map { $0.sorted { $0.id < $1.id } } ?? []
        }
    }
}
