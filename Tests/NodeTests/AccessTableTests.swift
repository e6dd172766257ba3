import ClientProtocol
import Flags
import Node
import Testing
import Wire

/// Every method against every role, in the caller's organization and in another one.
///
/// What is not listed here is denied.
struct AccessTableTests {
    static let own = EnvironmentID(organization: "acme", environment: "production")
    static let foreign = EnvironmentID(organization: "globex", environment: "production")
    static let nowhere = EnvironmentID(organization: "nobody", environment: "nowhere")

    /// What each role may call on its own organization's things.
    static let allowed: [Role: Set<ClientMethod>] = {
        let everybody: Set<ClientMethod> = [.whoAmI, .topology, .evaluate]
        let reads: Set<ClientMethod> = [
            .getFlag, .listFlags, .segments, .history, .audit, .verifyHistory, .watch, .releases,
            .alerts, .queryUsage, .metrics, .overview, .tenancy, .status,
        ]
        let viewer = everybody.union(reads)
        let developer = viewer.union([.write])
        return [
            .clientSDK: everybody.union([.reportUsage]),
            .serverSDK: everybody.union(
                [.getFlag, .listFlags, .segments, .watch, .reportUsage]
            ),
            .viewer: viewer,
            .developer: developer,
            .releaseManager: developer,
            .organizationAdmin: developer,
            .superAdmin: Set(ClientMethod.allCases),
        ]
    }()

    @Test(arguments: Role.allCases)
    func aRoleMayCallWhatIsListedAndNothingElse(_ role: Role) throws {
        let caller = Self.caller(role)
        for method in ClientMethod.allCases {
            let isAllowed = Self.allowed[role]?.contains(method) == true
            let call = try Self.call(method, in: Self.own)
            #expect(Self.permits(caller, call) == isAllowed, "\(role) \(method)")
        }
    }

    @Test(arguments: Role.allCases.filter { $0 != .superAdmin })
    func nobodyReachesAnotherOrganization(_ role: Role) throws {
        let caller = Self.caller(role)
        // About the caller and the nodes only.
        let placeless: Set<ClientMethod> = [.whoAmI, .topology, .status]
        for method in ClientMethod.allCases where !placeless.contains(method) {
            let call = try Self.call(method, in: Self.foreign)
            #expect(!Self.permits(caller, call), "\(role) \(method)")
            // Whether there is such a thing makes no difference to what is said.
            let other = try Self.call(method, in: Self.nowhere)
            #expect(Self.refusal(caller, call) == Self.refusal(caller, other))
        }
    }

    @Test func aRefusalNamesNoForeignObject() throws {
        for method in ClientMethod.allCases where method != .whoAmI && method != .topology {
            let call = try Self.call(method, in: Self.foreign)
            let status = Self.refusal(Self.caller(.clientSDK), call)
            #expect(status?.code == .permissionDenied, "\(method)")
            #expect(status?.message.contains("globex") == false)
        }
    }

    @Test func aClientSDKSeesValuesAndNoRules() throws {
        let caller = Self.caller(.clientSDK)
        var watch = WatchRequest(environment: Self.own)
        #expect(!Self.permits(caller, .watch(watch)))
        watch.context = EvaluationContext(targetingKey: "u1")
        #expect(Self.permits(caller, .watch(watch)))
        var evaluate = EvaluateRequest(
            environment: Self.own,
            key: FlagKey("f"),
            context: EvaluationContext(targetingKey: "u1")
        )
        #expect(Self.permits(caller, .evaluate(evaluate)))
        evaluate.wantsExplanation = true
        #expect(!Self.permits(caller, .evaluate(evaluate)))
        evaluate.wantsExplanation = false
        evaluate.asOf = Revision(3)
        #expect(!Self.permits(caller, .evaluate(evaluate)))
    }

    @Test func anEnvironmentsAuthorityDoesNotReachTheNextOne() throws {
        let staging = EnvironmentID(organization: "acme", environment: "staging")
        for role in [Role.serverSDK, .clientSDK, .releaseManager] {
            let caller = Caller(
                actor: "token/acme/t",
                authority: Authority(
                    role: role,
                    organization: "acme",
                    environment: "production"
                )
            )
            for method in [ClientMethod.evaluate, .getFlag, .watch, .write, .reportUsage] {
                #expect(!Self.permits(caller, try Self.call(method, in: staging)))
            }
        }
    }

    @Test("What is asked of no organization is asked of one's own, and of all by who may see all")
    func requestsWithoutOrganization() {
        let viewer = Self.caller(.viewer)
        for call in [
            MethodCall.alerts(AlertsRequest()), .overview(OverviewRequest()),
            .tenancy(TenancyRequest()),
        ] {
            #expect(call.question(own: viewer.authority).organization == "acme")
            #expect(Self.permits(viewer, call))
            #expect(Self.permits(Caller(node: 1), call))
        }
        // The platform's own history is not theirs.
        #expect(!Self.permits(viewer, .audit(AuditRequest(organization: ""))))
    }

    @Test func writesTakeTheRightOfTheirCommand() {
        let key = FlagKey("f")
        let least: [(Command, Role)] = [
            (.openSession, .developer),
            (.putSegment(Self.own, SegmentDefinition(key: "s")), .developer),
            (.createFlag(Self.own, FlagDefinition(key: key)), .developer),
            (.createFlag(Self.own, FlagDefinition(key: key, status: .active)), .releaseManager),
            (.emergencyRollback(Self.own, key), .releaseManager),
            (.controlRelease(Self.own, key, .pause, step: 0), .releaseManager),
            (
                .setOverride(
                    Self.own,
                    key,
                    Override(level: .company, subject: "c", variation: "on")
                ),
                .releaseManager
            ),
            (
                .setOverride(Self.own, key, Override(level: .organization, variation: "on")),
                .organizationAdmin
            ),
            (
                .putCompany(
                    Company(organization: "acme", id: "c", name: "C", plan: "", region: "")
                ),
                .organizationAdmin
            ),
            (.removeCompany("acme", "c"), .organizationAdmin),
            (
                .putMember(TeamMember(organization: "acme", name: "ana", role: .viewer)),
                .organizationAdmin
            ),
            (.setOverride(Self.own, key, Override(level: .platform, variation: "on")), .superAdmin),
            (
                .createToken(AccessToken(id: "t", organization: "", role: .superAdmin, sha256: "")),
                .superAdmin
            ),
        ]
        for (command, role) in least {
            for other in Role.allCases where other.isHuman {
                let call = MethodCall.write(WriteRequest(command: command))
                let isAllowed = other.rank <= role.rank
                #expect(
                    Self.permits(Self.caller(other), call) == isAllowed,
                    "\(other) \(command)"
                )
            }
            for sdk in [Role.serverSDK, .clientSDK] {
                let call = MethodCall.write(WriteRequest(command: command))
                #expect(!Self.permits(Self.caller(sdk), call), "\(sdk) \(command)")
            }
        }
    }

    // MARK: Helpers

    private static func caller(_ role: Role) -> Caller {
        let isEverywhere = role == .superAdmin
        return Caller(
            actor: "member/acme/ana",
            authority: Authority(role: role, organization: isEverywhere ? "" : "acme")
        )
    }

    private static func permits(_ caller: Caller, _ call: MethodCall) -> Bool {
        Self.refusal(caller, call) == nil
    }

    private static func refusal(_ caller: Caller, _ call: MethodCall) -> Status? {
        guard let policy = try? AccessPolicy(cluster: "dev", tokens: []) else {
            return Status(code: .internal)
        }
        do throws(Status) {
            try policy.check(caller, makes: call)
            return nil
        } catch {
            return error
        }
    }

    /// A call of a method, as it comes over the wire.
    private static func call(
        _ method: ClientMethod,
        in environment: EnvironmentID
    ) throws -> MethodCall {
        try MethodCall(method, Self.body(method, environment))
    }

    private static func body(_ method: ClientMethod, _ environment: EnvironmentID) -> [UInt8] {
        let key = FlagKey("f")
        let organization = environment.organization
        let context = EvaluationContext(targetingKey: "u1")
        let start = Timestamp(milliseconds: 0)
        return switch method {
        case .write:
            WriteRequest(command: .putSegment(environment, SegmentDefinition(key: "s"))).encode()
        case .getFlag: GetFlagRequest(environment: environment, key: key).encode()
        case .listFlags: ListFlagsRequest(environment: environment).encode()
        case .segments: SegmentsRequest(environment: environment).encode()
        case .history: HistoryRequest(environment: environment, key: key).encode()
        case .audit: AuditRequest(organization: organization).encode()
        case .verifyHistory: VerifyHistoryRequest(organization: organization).encode()
        case .evaluate:
            EvaluateRequest(environment: environment, key: key, context: context).encode()
        case .watch: WatchRequest(environment: environment).encode()
        case .releases: ReleasesRequest(environment: environment).encode()
        case .alerts: AlertsRequest(organization: organization).encode()
        case .reportUsage: UsageReport(environment: environment, start: start).encode()
        case .queryUsage:
            UsageQuery(environment: environment, from: start, to: start, resolution: .minute)
                .encode()
        case .metrics: MetricsRequest(environment: environment).encode()
        case .overview: OverviewRequest(organization: organization).encode()
        case .tenancy: TenancyRequest(organization: organization).encode()
        case .whoAmI: WhoAmIRequest().encode()
        case .status: StatusRequest().encode()
        case .topology: TopologyRequest().encode()
        case .administer: AdministerRequest(.transfer(to: nil)).encode()
        case .stateHash: StateHashRequest.hold.encode()
        }
    }
}
