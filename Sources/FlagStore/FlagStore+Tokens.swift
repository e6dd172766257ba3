package import Flags
internal import HashTreeCollections

extension FlagStore {
    /// Stores a token, of whose secret only the hash is known.
    mutating func create(_ token: AccessToken, _ stamp: CommandStamp) throws(Refusal) -> [Effect] {
        try Refusal.checking { () throws(FlagsError) in try token.validate() }
        let organization = token.organization
        let whose = organization.isEmpty ? "the platform" : organization
        guard organization.isEmpty || self.tenants[organization] != nil else {
            throw .noOrganization(organization)
        }
        if !token.environment.isEmpty {
            let id = EnvironmentID(organization: organization, environment: token.environment)
            guard self.hasEnvironment(id) else { throw .noEnvironment(id) }
        }
        if !token.member.isEmpty {
            guard let member = self.tenants[organization]?.members[token.member] else {
                throw Refusal(code: .notFound, message: "no member \(token.member) in \(whose)")
            }
            guard member.role.rank <= token.role.rank else {
                throw Refusal(
                    code: .invalid,
                    message: "member \(member.name) is a \(member.role.rawValue), so its token "
                        + "cannot be a \(token.role.rawValue)'s"
                )
            }
        }
        guard self.tokens[organization, token.id] == nil else {
            throw Refusal(
                code: .alreadyExists,
                message: "token \(token.id) already exists in \(whose)"
            )
        }
        guard self.tokens[sha256: token.sha256] == nil else {
            throw Refusal(
                code: .invalid,
                message: "token \(token.id) cannot have this secret: make another one"
            )
        }
        guard self.tokens.count(of: organization) < FlagsLimits.tokensPerOrganizationMax else {
            throw .tooMany("tokens of \(whose)", FlagsLimits.tokensPerOrganizationMax)
        }
        var created = token
        created.createdAt = self.time
        created.createdBy = stamp.actor
        created.revokedAt = nil
        created.revision = stamp.revision
        self.tokens.set(created)
        let row = self.history(
            .token,
            created.id,
            of: organization,
            .create,
            after: created.publicDocument,
            stamp
        )
        return [.token(created), row]
    }

    /// From here on the token is worth nothing; it stays in the list.
    mutating func revokeToken(
        _ id: String,
        of organization: String,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let before = self.tokens[organization, id] else {
            let whose = organization.isEmpty ? "the platform" : organization
            throw Refusal(code: .notFound, message: "no token \(id) in \(whose)")
        }
        try Self.checkBase(stamp, "token \(id)", changedAt: before.revision)
        guard before.revokedAt == nil else { return [] }
        var after = before
        after.revokedAt = self.time
        after.revision = stamp.revision
        self.tokens.set(after)
        let row = self.history(
            .token,
            id,
            of: organization,
            .revoke,
            before: before.publicDocument,
            after: after.publicDocument,
            stamp
        )
        return [.token(after), row]
    }
}

extension FlagStore {
    /// All tokens, or those of one organization, sorted by organization and id; empty text stands
    /// for the platform.
    package func tokens(of organization: String? = nil) -> [AccessToken] {
        self.tokens.all(of: organization)
    }

    /// The token whose secret has this SHA-256, in lower-case hexadecimal, whatever it is worth.
    package func token(sha256: String) -> AccessToken? { self.tokens[sha256: sha256] }

    /// What a token allows at `now`; `nil` when it is revoked, has expired, or its member is gone.
    package func authority(of token: AccessToken, now: Timestamp) -> Authority? {
        guard token.revokedAt == nil, token.expiresAt.map({ now < $0 }) ?? true else { return nil }
        var role = token.role
        if !token.member.isEmpty {
            guard let member = self.tenants[token.organization]?.members[token.member] else {
                return nil
            }
            role = role.capped(by: member.role)
        }
        return Authority(
            role: role,
            organization: token.organization,
            environment: token.environment
        )
    }
}
