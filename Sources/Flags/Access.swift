/// Everything that can be asked for, as far as rights are concerned.
///
/// What a call or a command asks for is decided where it is known: by the node for every method, and
/// by the state machine again for every command, which may depend on what is there.
public enum AccessAction: String, Hashable, Sendable, CaseIterable {
    /// To know oneself, and where the nodes are.
    case introduceOneself
    /// To open a session for writes.
    case openSession
    /// To be told what flags are for one context, when that changes.
    case watchValues
    /// To be told flags and segments as they are stored, when they change.
    case watchRules
    /// To have a flag evaluated.
    case evaluate
    /// To report what was used.
    case reportUsage
    /// To read flags and segments as they are stored.
    case readFlags
    /// To read what was done, by whom, and why.
    case readHistory
    /// To read releases and alerts.
    case readReleases
    /// To read what was used, and how flags do.
    case readUsage
    /// To read organizations, environments, plans and companies.
    case readTenancy
    /// To read members and tokens.
    case readAccess
    /// To see how the nodes are.
    case readCluster
    /// To change what no user gets yet: drafts, segments that only drafts ask for, names, tags,
    /// owners, schemas.
    case prepare
    /// To change what users get: status, switch, rollout, targeting, dates, releases, rollbacks, and
    /// segments that flags ask for which are no drafts.
    case release
    /// To override a flag for a plan, a company or a user.
    case overrideBelow
    /// To override a flag for an organization, and to lock what levels below may decide.
    case overrideOrganization
    /// To override a flag in every organization, and to lock what organizations may decide.
    case overridePlatform
    /// To put environments, to put and remove plans and companies.
    case manageTenancy
    /// To put and remove members, to create and revoke tokens.
    case manageAccess
    /// To put organizations and their quotas, and to make super admins.
    case managePlatform
    /// To add and remove nodes, to move leadership, to compare nodes.
    case manageCluster

    /// What somebody may not do, in words.
    var words: String {
        switch self {
        case .introduceOneself: "ask who they are"
        case .openSession: "open a session"
        case .watchValues: "watch values"
        case .watchRules: "watch rules"
        case .evaluate: "evaluate flags"
        case .reportUsage: "report usage"
        case .readFlags: "read flags"
        case .readHistory: "read the history"
        case .readReleases: "read releases"
        case .readUsage: "read usage"
        case .readTenancy: "read organizations"
        case .readAccess: "read members and tokens"
        case .readCluster: "read the cluster's state"
        case .prepare: "change drafts, segments and descriptions"
        case .release: "change what users get"
        case .overrideBelow: "set overrides"
        case .overrideOrganization: "set overrides of an organization, or locks"
        case .overridePlatform: "set overrides of the platform"
        case .manageTenancy: "change environments, plans and companies"
        case .manageAccess: "change members and tokens"
        case .managePlatform: "change organizations and quotas"
        case .manageCluster: "manage the cluster"
        }
    }
}

extension Authority {
    /// Whether it allows `action` on something of an organization and an environment: the one table
    /// of rights.
    ///
    /// An empty organization stands for the platform's own, an empty environment for what belongs to
    /// none; an authority that is limited to one allows neither. What is not listed is denied.
    public func permits(
        _ action: AccessAction,
        organization: String = "",
        environment: String = ""
    ) -> Bool {
        guard self.role.permits(action) else { return false }
        // Whoever is known at all may do these, wherever it belongs.
        if action == .introduceOneself || action == .openSession { return true }
        return (self.organization.isEmpty || self.organization == organization)
            && (self.environment.isEmpty || self.environment == environment)
    }

    /// Whether it allows `action` on what lives in `environment`.
    public func permits(_ action: AccessAction, in environment: EnvironmentID) -> Bool {
        self.permits(
            action,
            organization: environment.organization,
            environment: environment.environment
        )
    }

    /// What is said when it does not: the same whatever is there or not, and without its name.
    public func refusal(of action: AccessAction) -> String {
        let place =
            switch (self.organization.isEmpty, self.environment.isEmpty) {
            case (true, _): "the cluster"
            case (false, true): self.organization
            case (false, false): "\(self.organization)/\(self.environment)"
            }
        return "the role \(self.role.rawValue) in \(place) may not \(action.words) here"
    }

    /// Whether it may hand out `role`: never more than it is itself.
    public func permits(granting role: Role, organization: String) -> Bool {
        role == .superAdmin
            ? self.permits(.managePlatform)
            : self.permits(.manageAccess, organization: organization)
                && (!role.isHuman || self.role.rank <= role.rank)
    }
}

extension Role {
    /// Whether somebody of flesh and blood has it, and not an application.
    public var isHuman: Bool { self != .serverSDK && self != .clientSDK }

    /// 0 for the role that may do the most; roles of applications come after all others.
    public var rank: Int {
        switch self {
        case .superAdmin: 0
        case .organizationAdmin: 1
        case .releaseManager: 2
        case .developer: 3
        case .viewer: 4
        case .serverSDK: 5
        case .clientSDK: 6
        }
    }

    /// The lesser of two roles; an application's role is never raised nor lowered by a person's.
    public func capped(by other: Role) -> Role { self.rank < other.rank ? other : self }

    fileprivate func permits(_ action: AccessAction) -> Bool {
        switch action {
        case .introduceOneself, .watchValues, .evaluate:
            true
        case .reportUsage:
            // A person's counts would falsify the metrics.
            !self.isHuman || self == .superAdmin
        case .watchRules, .readFlags:
            self != .clientSDK
        case .readHistory, .readReleases, .readUsage, .readTenancy, .readCluster:
            self.rank <= Role.viewer.rank
        case .openSession, .prepare:
            self.rank <= Role.developer.rank
        case .release, .overrideBelow:
            self.rank <= Role.releaseManager.rank
        case .readAccess, .overrideOrganization, .manageTenancy, .manageAccess:
            self.rank <= Role.organizationAdmin.rank
        case .overridePlatform, .managePlatform, .manageCluster:
            self == .superAdmin
        }
    }
}
