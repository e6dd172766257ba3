extension Command {
    /// The organization whose object it touches; empty for what belongs to none.
    public var organization: String {
        switch self {
        case .openSession, .recordUsage: ""
        case .putOrganization(let organization): organization.id
        case .putEnvironment(let environment): environment.id.organization
        case .putPlan(let plan): plan.organization
        case .putCompany(let company): company.organization
        case .putMember(let member): member.organization
        case .createToken(let token): token.organization
        case .removeMember(let organization, _), .revokeToken(let organization, _),
            .removePlan(let organization, _), .removeCompany(let organization, _),
            .acknowledgeAlert(let organization, _):
            organization
        default: self.place?.organization ?? ""
        }
    }

    /// The environment whose object it touches; empty for what belongs to an organization as a
    /// whole, or to none.
    public var environment: String { self.place?.environment ?? "" }

    /// The environment whose flag or segment it touches; `nil` when it touches none.
    public var place: EnvironmentID? {
        switch self {
        case .openSession, .putOrganization, .putEnvironment, .putPlan, .putCompany, .putMember,
            .removeMember, .removePlan, .removeCompany, .createToken, .revokeToken,
            .acknowledgeAlert, .recordUsage:
            nil
        case .createFlag(let place, _), .updateFlag(let place, _, _), .archiveFlag(let place, _),
            .restoreFlag(let place, _, _, _), .setOverride(let place, _, _),
            .removeOverride(let place, _, _, _), .putSegment(let place, _),
            .removeSegment(let place, _), .emergencyRollback(let place, _),
            .startRelease(let place, _, _), .controlRelease(let place, _, _, _),
            .recordSchedule(let place, _, _, _), .advanceRelease(let place, _, _, _):
            place
        }
    }

    /// The least that the command takes, as far as it can be told without the state.
    ///
    /// What more it takes the state machine knows: what status a flag has, which overrides it
    /// replaces, whether an organization is new.
    public var leastAction: AccessAction {
        switch self {
        case .openSession: .openSession
        case .putOrganization, .putEnvironment, .putPlan, .putCompany, .removePlan, .removeCompany:
            .manageTenancy
        case .putMember, .removeMember: .manageAccess
        case .createToken(let token): token.accessAction
        case .revokeToken(let organization, _):
            organization.isEmpty ? .managePlatform : .manageAccess
        case .createFlag(_, let definition):
            definition.status == .draft ? .prepare : .release
        case .updateFlag(_, _, let patch): patch.accessAction(on: .draft)
        case .archiveFlag: .prepare
        case .restoreFlag: .release
        case .setOverride(_, _, let override): override.accessAction
        case .removeOverride(_, _, let level, _):
            Override(level: level, variation: "").accessAction
        case .putSegment, .removeSegment: .prepare
        case .emergencyRollback: .release
        case .startRelease, .controlRelease: .release
        case .acknowledgeAlert: .release
        case .recordSchedule, .advanceRelease, .recordUsage: .manageCluster
        }
    }
}

extension FlagPatch {
    /// What it takes to apply the patch to a flag that is in `status`.
    public func accessAction(on status: FlagStatus) -> AccessAction {
        let staysDraft = status == .draft && (self.status ?? .draft) == .draft
        return staysDraft || self.isDescription ? .prepare : .release
    }

    /// Whether it changes nothing that evaluation looks at.
    private var isDescription: Bool {
        var rest = self
        rest.name = nil
        rest.description = nil
        rest.tags = nil
        rest.owner = nil
        rest.schema = nil
        rest.reason = ""
        return rest == FlagPatch()
    }
}

extension FlagDefinition {
    /// What it takes to create the flag, or to make it so when it was `previous`; each once, in the
    /// order of `AccessAction.allCases`.
    public func accessActions(replacing previous: FlagDefinition? = nil) -> [AccessAction] {
        var actions: Set<AccessAction> = [
            self.status == .draft && (previous?.status ?? .draft) == .draft ? .prepare : .release
        ]
        let before = previous?.targeting.overrides ?? []
        let after = self.targeting.overrides
        for override in before where !after.contains(override) {
            actions.insert(override.accessAction)
        }
        for override in after where !before.contains(override) {
            actions.insert(override.accessAction)
        }
        return AccessAction.allCases.filter { actions.contains($0) }
    }
}

extension Override {
    /// What it takes to set or to remove it.
    public var accessAction: AccessAction {
        switch self.level {
        case .platform: .overridePlatform
        case .organization: .overrideOrganization
        case .plan, .company, .user: self.isLocked ? .overrideOrganization : .overrideBelow
        }
    }
}

extension AccessToken {
    /// What it takes to create or to revoke it.
    public var accessAction: AccessAction {
        self.organization.isEmpty || self.role == .superAdmin
            ? .managePlatform : .manageAccess
    }
}

extension Organization {
    /// What it takes to make the organization so when it was `previous`, or was not there.
    public func accessAction(replacing previous: Organization?) -> AccessAction {
        previous?.quotas == self.quotas ? .manageTenancy : .managePlatform
    }
}
