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
    /// - Parameter own: the organization of who asks, for requests that name none; empty for those
    ///   who may see all.
    package func question(own: String) -> AccessQuestion {
        switch self {
        // The least that it takes: the state machine, which knows what there is, asks again.
        case .write(let request):
            AccessQuestion(
                request.command.leastAction,
                organization: request.command.organization,
                environment: request.command.environment
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
            AccessQuestion(.readReleases, organization: request.organization.or(own))
        case .reportUsage(let report): AccessQuestion(.reportUsage, report.environment)
        case .queryUsage(let query): AccessQuestion(.readUsage, query.environment)
        case .metrics(let request): AccessQuestion(.readUsage, request.environment)
        case .overview(let request):
            AccessQuestion(.readUsage, organization: request.organization.or(own))
        case .tenancy(let request):
            AccessQuestion(.readTenancy, organization: request.organization.or(own))
        case .whoAmI, .topology: AccessQuestion(.introduceOneself)
        case .status: AccessQuestion(.readCluster, organization: own)
        case .administer, .stateHash: AccessQuestion(.manageCluster)
        }
    }

    /// The organization that the request names, as the caller wrote it; may be empty.
    var namedOrganization: String { self.question(own: "").organization }
}

extension String {
    fileprivate func or(_ other: String) -> String { self.isEmpty ? other : self }
}
