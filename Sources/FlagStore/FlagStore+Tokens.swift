package import Flags
internal import HashTreeCollections

extension FlagStore {
    /// Stores a token, of whose secret only the hash is known.
    mutating func create(_ token: AccessToken, _ stamp: CommandStamp) throws(Refusal) -> [Effect] {
        var created = token
        // Whether it has expired already depends on when it is created, not on what its maker says.
        created.createdAt = self.time
        created.createdBy = stamp.actor
        created.revokedAt = nil
        created.revision = stamp.revision
        try Refusal.checking { () throws(FlagsError) in try created.validate() }
        let organization = token.organization
        let whose = Self.owner(organization)
        guard organization.isEmpty || self.tenants[organization] != nil else {
            throw .noOrganization(organization)
        }
        if !token.environment.isEmpty {
            let id = EnvironmentID(organization: organization, environment: token.environment)
            guard self.hasEnvironment(id) else { throw .noEnvironment(id) }
        }
        if !token.member.isEmpty {
            guard let member = self.tenants[organization]?.members[token.member] else {
                throw .missing("member \(token.member)", in: whose)
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
        let forgotten = try self.makeRoom(forTokenOf: organization)
        self.tokens.set(created)
        let row = self.history(
            .token,
            created.id,
            of: organization,
            .create,
            after: created.publicDocument,
            stamp
        )
        return forgotten + [.token(created), row]
    }

    /// Forgets the token that has been worth nothing the longest when there are as many as there may
    /// be; history keeps what was done with it.
    private mutating func makeRoom(forTokenOf organization: String) throws(Refusal) -> [Effect] {
        let countMax = self.limits.tokensPerOrganizationMax
        guard self.tokens.count(of: organization) >= countMax else { return [] }
        let now = self.time
        let worthless = self.tokens.all(of: organization).filter { !$0.isValid(at: now) }
        // Several of a member are revoked at one revision: the first of them by id.
        guard let oldest = worthless.min(by: { $0.revision < $1.revision }) else {
            throw .tooMany("tokens of \(Self.owner(organization))", countMax)
        }
        self.tokens.remove(oldest)
        return [.tokenForgotten(organization, oldest.id)]
    }

    /// Whose the tokens of an organization are, in words.
    private static func owner(_ organization: String) -> String {
        organization.isEmpty ? "the platform" : organization
    }

    /// From here on the token is worth nothing; it stays in the list.
    mutating func revokeToken(
        _ id: String,
        of organization: String,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        guard let before = self.tokens[organization, id] else {
            throw .missing("token \(id)", in: Self.owner(organization))
        }
        try Self.checkBase(stamp, "token \(id)", changedAt: before.revision)
        guard before.revokedAt == nil else { return [] }
        let after = self.revoked(before, stamp)
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
    /// Revokes what a member has of tokens; their effects are in order of their ids.
    mutating func revokeTokens(
        of member: String,
        in organization: String,
        _ stamp: CommandStamp
    ) -> [Effect] {
        var effects: [Effect] = []
        for token in self.tokens.all(of: organization)
        where token.member == member && token.revokedAt == nil {
            effects.append(.token(self.revoked(token, stamp)))
        }
        return effects
    }

    private mutating func revoked(_ token: AccessToken, _ stamp: CommandStamp) -> AccessToken {
        var revoked = token
        revoked.revokedAt = self.time
        revoked.revision = stamp.revision
        self.tokens.set(revoked)
        return revoked
    }

    /// All tokens, or those of one organization, sorted by organization and id; empty text stands
    /// for the platform.
    package func tokens(of organization: String? = nil) -> [AccessToken] {
        self.tokens.all(of: organization)
    }

    /// The token whose secret has this SHA-256, in lower-case hexadecimal, whatever it is worth.
    package func token(sha256: String) -> AccessToken? { self.tokens[sha256: sha256] }

    /// What a token allows at `now`; `nil` when it is revoked, has expired, or its member is gone.
    package func authority(of token: AccessToken, now: Timestamp) -> Authority? {
        guard token.isValid(at: now) else { return nil }
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

extension AccessToken {
    /// Whether it is neither revoked nor expired.
    fileprivate func isValid(at now: Timestamp) -> Bool {
        self.revokedAt == nil && self.expiresAt.map { now < $0 } ?? true
    }
}
