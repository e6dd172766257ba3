internal import ClientProtocol
package import Flags

/// What a call asks for, as far as rights are concerned, and where.
package struct AccessQuestion: Hashable, Sendable {
    /// What is to be done.
    package let action: AccessAction
    /// Whose; empty for the platform's own.
    package let organization: String
    /// Where in it; empty for what belongs to no environment.
    package let environment: String

    init(_ action: AccessAction, organization: String = "", environment: String = "") {
        self.action = action
        self.organization = organization
        self.environment = environment
    }

    init(_ action: AccessAction, _ environment: EnvironmentID) {
        self.action = action
        self.organization = environment.organization
        self.environment = environment.environment
    }
}

extension MethodCall {
    /// What it asks for: the one place that maps methods to rights.
    ///
    /// - Parameter own: who asks, whose organization and environment stand in for what requests
    ///   leave out; both are empty for those who may see all.
    package func question(own: Authority) -> AccessQuestion {
        switch self {
        // The least that it takes: the state machine, which knows what there is, asks again.
        case .write(let request):
            AccessQuestion(
                request.command.leastAction,
                organization: request.command.organization,
                // Where an alert is only the state knows.
                environment: request.command.isAboutAlert
                    ? own.environment : request.command.environment
            )
        case .getFlag(let request): AccessQuestion(.readFlags, request.environment)
        case .listFlags(let request): AccessQuestion(.readFlags, request.environment)
        case .segments(let request): AccessQuestion(.readFlags, request.environment)
        case .history(let request): AccessQuestion(.readHistory, request.environment)
        case .audit(let request):
            AccessQuestion(
                .readHistory,
                organization: request.organization,
                environment: request.environment
            )
        case .verifyHistory(let request):
            AccessQuestion(.readHistory, organization: request.organization)
        // Explanations and the past show rules.
        case .evaluate(let request):
            AccessQuestion(
                request.wantsExplanation || request.asOf != .zero ? .readFlags : .evaluate,
                request.environment
            )
        case .watch(let request):
            AccessQuestion(
                request.context == nil ? .watchRules : .watchValues,
                request.environment
            )
        case .releases(let request): AccessQuestion(.readReleases, request.environment)
        case .alerts(let request):
            AccessQuestion(
                .readReleases,
                organization: request.organization.or(own.organization),
                environment: request.environment.or(own.environment)
            )
        case .reportUsage(let report): AccessQuestion(.reportUsage, report.environment)
        case .queryUsage(let query): AccessQuestion(.readUsage, query.environment)
        case .metrics(let request): AccessQuestion(.readUsage, request.environment)
        case .overview(let request):
            AccessQuestion(.readUsage, organization: request.organization.or(own.organization))
        case .tenancy(let request):
            AccessQuestion(.readTenancy, organization: request.organization.or(own.organization))
        case .whoAmI, .topology: AccessQuestion(.introduceOneself)
        case .status:
            AccessQuestion(
                .readCluster,
                organization: own.organization,
                environment: own.environment
            )
        case .administer, .stateHash: AccessQuestion(.manageCluster)
        }
    }

    /// The organization that the request names, as the caller wrote it; may be empty.
    var namedOrganization: String { self.question(own: .platform).organization }
}

extension Command {
    fileprivate var isAboutAlert: Bool {
        if case .acknowledgeAlert = self { true } else { false }
    }
}

extension String {
    fileprivate func or(_ other: String) -> String { self.isEmpty ? other : self }
}
