import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import TLS

/// Two organizations with something of everything, and a token for whoever is asked for.
struct Tenants {
    /// Whose credentials are used.
    static let own = EnvironmentID(organization: "acme", environment: "production")
    /// Whose objects are asked for.
    static let foreign = EnvironmentID(organization: "globex", environment: "production")
    /// A flag that both have.
    static let flag = FlagKey("shared")
    /// A name that nobody has.
    static let nobody = "nobody"

    let cluster: LocalCluster
    let client: AdministrationClient

    /// Puts a plan, a company, a member, a segment, flags, a release and an alert into both.
    func prepare() async throws {
        for place in [Self.own, Self.foreign] {
            let owner = place.organization
            let commands: [Command] = [
                .putOrganization(Organization(id: owner, name: owner)),
                .putEnvironment(Environment(id: place, name: "Production")),
                .putPlan(Plan(organization: owner, id: "PRO", name: "Pro")),
                .putCompany(
                    Company(organization: owner, id: "hooli", name: "Hooli", plan: "", region: "")
                ),
                .putMember(
                    TeamMember(organization: owner, name: "ana", role: .organizationAdmin)
                ),
                .putSegment(place, SegmentDefinition(key: "beta", included: ["ana"])),
                .createFlag(place, ClusterTests.definition("shared")),
                .createFlag(place, ClusterTests.definition("released")),
                .startRelease(place, FlagKey("released"), Self.plan),
                .createFlag(place, ClusterTests.definition("burnt")),
                .emergencyRollback(place, FlagKey("burnt")),
            ]
            for command in commands { _ = try await self.client.write(command) }
        }
    }

    static let plan = ReleasePlan(steps: [
        ReleaseStep(rollout: RolloutPercentage.none, holdMilliseconds: 3_600_000),
        ReleaseStep(rollout: .all),
    ])

    /// A client that shows a new token of the own organization.
    func caller(
        _ role: Role,
        in environment: String = "",
        named name: String? = nil
    ) async throws -> AdministrationClient {
        let secret = "secret-\(name ?? role.rawValue)-\(environment)"
        let token = AccessToken(
            id: name ?? "\(role.rawValue)\(environment)",
            organization: Self.own.organization,
            environment: environment,
            role: role,
            sha256: SHA256.hex(Array(secret.utf8))
        )
        _ = try await self.client.write(.createToken(token))
        return try self.caller(secret)
    }

    /// A client that shows a token.
    func caller(_ secret: String) throws -> AdministrationClient {
        guard let certificates = self.cluster.certificates else {
            throw LocalClusterError(.notOwned, "the certificates are somebody else's")
        }
        var access = self.cluster.access
        access.credentials = .token(secret, authority: certificates.authorityPath)
        return try access.client(timeout: .seconds(10))
    }
}

/// Every method of the client port as a call about somebody's objects.
enum EveryMethod {
    /// Calls `method` about `place`, and about `subject` where it is about one thing.
    static func call(
        _ method: ClientMethod,
        of place: EnvironmentID,
        _ subject: String,
        by client: AdministrationClient
    ) async throws {
        let owner = place.organization
        let (start, end) = (Timestamp(milliseconds: 0), Timestamp(milliseconds: 86_400_000))
        switch method {
        case .write: _ = try await client.write(.archiveFlag(place, FlagKey(subject)))
        case .getFlag: _ = try await client.getFlag(FlagKey(subject), in: place)
        case .listFlags: _ = try await client.listFlags(in: place)
        case .history: _ = try await client.history(of: FlagKey(subject), in: place)
        case .evaluate:
            let context = EvaluationContext(targetingKey: "u")
            _ = try await client.evaluate(
                EvaluateRequest(environment: place, key: FlagKey(subject), context: context)
            )
        case .watch:
            for try await _ in try await client.watch(WatchRequest(environment: place)) { return }
        case .status: _ = try await client.status()
        case .topology: _ = try await client.topology()
        case .administer: _ = try await client.administer(.transfer(to: nil))
        case .stateHash: _ = try await client.stateHash(StateHashRequest.hold)
        case .tenancy: _ = try await client.tenancy(organization: owner)
        case .whoAmI: _ = try await client.whoAmI()
        case .segments: _ = try await client.segments(in: place)
        case .audit: _ = try await client.audit(AuditRequest(organization: owner))
        case .verifyHistory: _ = try await client.verifyHistory(of: owner)
        case .releases:
            _ = try await client.releases(ReleasesRequest(environment: place, flag: subject))
        case .alerts: _ = try await client.alerts(AlertsRequest(organization: owner))
        case .reportUsage:
            _ = try await client.reportUsage(UsageReport(environment: place, start: start))
        case .queryUsage:
            _ = try await client.usage(
                UsageQuery(environment: place, from: start, to: end, resolution: .hour)
            )
        case .metrics: _ = try await client.metrics(MetricsRequest(environment: place))
        case .overview: _ = try await client.overview(OverviewRequest(organization: owner))
        }
    }

    /// Those that are about nobody's objects.
    static let ofNobody: Set<ClientMethod> = [.whoAmI, .topology, .status, .administer, .stateHash]
}

/// Every command as a change of somebody's objects.
enum EveryCommand {
    /// Commands about `place`; `subject` is the flag and everything else that is named.
    static func all(of place: EnvironmentID, _ subject: String) -> [Command] {
        let (owner, key) = (place.organization, FlagKey(subject))
        var patch = FlagPatch()
        patch.name = "mine now"
        let definition = ClusterTests.definition(subject)
        let token = AccessToken(
            id: subject,
            organization: owner,
            role: .viewer,
            sha256: String(repeating: "a", count: 64)
        )
        return [
            .putOrganization(Organization(id: owner, name: "mine now")),
            .putEnvironment(Environment(id: place, name: "mine now")),
            .putPlan(Plan(organization: owner, id: subject, name: "mine now")),
            .putCompany(
                Company(organization: owner, id: subject, name: "", plan: "", region: "")
            ),
            .putMember(TeamMember(organization: owner, name: subject, role: .viewer)),
            .removePlan(owner, subject), .removeCompany(owner, subject),
            .removeMember(owner, subject), .createToken(token), .revokeToken(owner, subject),
            .createFlag(place, definition), .updateFlag(place, key, patch),
            .archiveFlag(place, key),
            .restoreFlag(place, key, definition, from: Revision(3)),
            .setOverride(place, key, Override(level: .user, subject: "u", variation: "on")),
            .removeOverride(place, key, .user, subject: "u"),
            .putSegment(place, SegmentDefinition(key: subject)),
            .removeSegment(place, key: subject), .emergencyRollback(place, key),
            .startRelease(place, key, Tenants.plan),
            .controlRelease(place, key, .abort, step: 0),
            .acknowledgeAlert(owner, Revision(1)),
            .recordSchedule(place, key, .start, date: Timestamp(milliseconds: 0)),
            .advanceRelease(place, key, release: Revision(1), step: 0),
            .recordUsage(UsageBatch(node: 1)),
        ]
    }

    /// How many commands there are beside `openSession`, which belongs to nobody.
    static let count = 25
}
