/// What somebody may do, from most to least.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Everything, in every organization, and the platform's own settings.
    case superAdmin = "super_admin"
    /// Everything within an organization but its quotas and what the platform locked.
    case organizationAdmin = "organization_admin"
    /// Changes what users get: switches, rollouts, releases, approvals, rollbacks, overrides.
    case releaseManager = "release_manager"
    /// Prepares: creates drafts and segments, changes what no user gets yet.
    case developer
    /// Reads.
    case viewer
    /// An application's server: reads rules, watches, evaluates, reports usage.
    case serverSDK = "server_sdk"
    /// A device of a user: only ever sees evaluated values.
    case clientSDK = "client_sdk"
}

/// In whose name a call is made: a role, and where it holds.
///
/// Found out by the node from a certificate or a token; travels with a write through the log, so
/// that the state machine judges it too.
public struct Authority: Hashable, Sendable {
    /// What it may do.
    public var role: Role
    /// The only organization in which it holds; empty means all.
    public var organization: String
    /// The only environment of the organization in which it holds; empty means all.
    public var environment: String

    /// Creates an authority.
    public init(role: Role, organization: String = "", environment: String = "") {
        self.role = role
        self.organization = organization
        self.environment = environment
    }

    /// The cluster itself: what the leader and the nodes write on their own.
    public static let platform = Authority(role: .superAdmin)
}

/// Somebody who belongs to an organization.
public struct TeamMember: Hashable, Sendable {
    /// Where it belongs.
    public var organization: String
    /// Unique within the organization, 1-128 of `a-z A-Z 0-9 . _ - @`.
    public var name: String
    /// What it may do; not `superAdmin`, nor an SDK's.
    public var role: Role
    /// The change that made it what it is now.
    public var revision: Revision

    /// Creates a member, unchecked.
    public init(organization: String, name: String, role: Role, revision: Revision = .zero) {
        self.organization = organization
        self.name = name
        self.role = role
        self.revision = revision
    }
}

/// A bearer token, as it is stored: its secret is shown once, to who made it, and never stored.
public struct AccessToken: Hashable, Sendable {
    /// Unique within the organization, 1-128 of `a-z A-Z 0-9 . _ -`.
    public var id: String
    /// Where it holds; empty for a super admin's.
    public var organization: String
    /// The only environment in which it holds; empty means all.
    ///
    /// SDKs must have one.
    public var environment: String
    /// What it may do, at most what its member may do now.
    public var role: Role
    /// The member it stands for; empty for a program's.
    ///
    /// Without the member it is worth nothing.
    public var member: String
    /// SHA-256 of the secret, in lower-case hexadecimal.
    public var sha256: String
    /// From when on it is refused; `nil` for never.
    public var expiresAt: Timestamp?
    /// When it was created.
    public var createdAt: Timestamp
    /// Who created it.
    public var createdBy: String
    /// When it was revoked; `nil` while it is not.
    public var revokedAt: Timestamp?
    /// The change that made it what it is now.
    public var revision: Revision

    /// Creates a token, unchecked; the state machine sets who, when and the revision.
    public init(
        id: String,
        organization: String,
        environment: String = "",
        role: Role,
        member: String = "",
        sha256: String,
        expiresAt: Timestamp? = nil,
        createdAt: Timestamp = Timestamp(milliseconds: 0),
        createdBy: String = "",
        revokedAt: Timestamp? = nil,
        revision: Revision = .zero
    ) {
        self.id = id
        self.organization = organization
        self.environment = environment
        self.role = role
        self.member = member
        self.sha256 = sha256
        self.expiresAt = expiresAt
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.revokedAt = revokedAt
        self.revision = revision
    }
}
