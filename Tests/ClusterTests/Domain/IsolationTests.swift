import BanderaClient
import ClientProtocol
import Flags
import GRDB
import LocalCluster
import Testing

extension ClusterTests {
    /// One tenant can never read, name, count or change another's objects, whatever its role.
    @Suite
    struct IsolationTests {
        @Test func noCredentialOfATenantReachesAnythingOfAnother() async throws {
            try await withLocalCluster(LocalClusterConfiguration(cluster: "tests")) { cluster in
                let client = try cluster.access.client(timeout: .seconds(20))
                defer { client.shutdown() }
                let tenants = Tenants(cluster: cluster, client: client)
                try await tenants.prepare()
                let before = try await Self.picture(client)
                for role in Role.allCases where role != .superAdmin {
                    let isSDK = role == .serverSDK || role == .clientSDK
                    let place = isSDK ? Tenants.own.environment : ""
                    let caller = try await tenants.caller(role, in: place)
                    defer { caller.shutdown() }
                    try await Self.expectNothingForeign(caller, role)
                    try await Self.expectOwn(caller, role)
                }
                try await Self.expectClientSDKSeesOnlyValues(tenants)
                #expect(try await Self.picture(client) == before, "something foreign was changed")
                try await Self.expectDeniedAttemptsAreRecorded(cluster)
            }
        }

        /// Every call and command about the other organization is refused in the same words, whether
        /// what it names is there or not.
        private static func expectNothingForeign(
            _ caller: AdministrationClient,
            _ role: Role
        ) async throws {
            for method in ClientMethod.allCases where !EveryMethod.ofNobody.contains(method) {
                var words: Set<String> = []
                for subject in [Tenants.flag.rawValue, Tenants.nobody] {
                    words.insert(
                        try await Self.refusal("\(role) \(method)") {
                            try await EveryMethod.call(
                                method,
                                of: Tenants.foreign,
                                subject,
                                by: caller
                            )
                        }
                    )
                }
                #expect(words.count == 1, "\(role) \(method) tells what is there: \(words)")
            }
            let existing = EveryCommand.all(of: Tenants.foreign, Tenants.flag.rawValue)
            let missing = EveryCommand.all(of: Tenants.foreign, Tenants.nobody)
            #expect(existing.count == EveryCommand.count)
            for (first, second) in zip(existing, missing) {
                // A write that is meant opens a session first, which some roles may not.
                for isDryRun in [false, true] {
                    var words: Set<String> = []
                    for command in [first, second] {
                        words.insert(
                            try await Self.refusal("\(role) \(command)") {
                                let terms = WriteTerms(isDryRun: isDryRun)
                                _ = try await caller.write(command, on: terms)
                            }
                        )
                    }
                    #expect(words.count == 1, "\(role) \(first) tells what is there: \(words)")
                }
            }
            for method in [ClientMethod.administer, .stateHash] {
                _ = try await Self.refusal("\(role) \(method)") {
                    try await EveryMethod.call(method, of: Tenants.own, "", by: caller)
                }
            }
        }

        /// The words in which something was refused; records an issue when it was not.
        private static func refusal(
            _ what: String,
            _ body: () async throws -> Void
        ) async throws -> String {
            do {
                try await body()
                Issue.record("\(what) was not refused")
                return ""
            } catch let error as BanderaError {
                #expect(error.code == .unauthorized, "\(what): \(error)")
                return error.message
            }
        }

        /// In its own organization it may do what its role permits: the refusals prove something.
        private static func expectOwn(_ caller: AdministrationClient, _ role: Role) async throws {
            let who = try await caller.whoAmI()
            #expect(who.authority.role == role)
            #expect(who.authority.organization == Tenants.own.organization)
            if role != .clientSDK {
                let flags = try await caller.listFlags(in: Tenants.own).flags
                #expect(flags.contains { $0.key == Tenants.flag })
            }
            if role.rank <= Role.viewer.rank {
                let tenancy = try await caller.tenancy(wantsCompanies: true)
                #expect(tenancy.organizations.map(\.id) == [Tenants.own.organization])
                let alerts = try await caller.alerts(AlertsRequest()).alerts
                #expect(alerts.allSatisfy { $0.environment == Tenants.own })
                let overview = try await caller.overview(OverviewRequest())
                #expect(overview.companies == 1 && overview.pendingReleases == 1)
            }
        }

        /// An app's token opens nothing but values of its own environment.
        private static func expectClientSDKSeesOnlyValues(_ tenants: Tenants) async throws {
            let caller = try await tenants.caller(
                .clientSDK,
                in: Tenants.own.environment,
                named: "app"
            )
            defer { caller.shutdown() }
            let allowed: Set<ClientMethod> = [.evaluate, .reportUsage, .whoAmI, .topology]
            for method in ClientMethod.allCases where !allowed.contains(method) {
                _ = try await Self.refusal("client SDK \(method)") {
                    try await EveryMethod.call(
                        method,
                        of: Tenants.own,
                        Tenants.flag.rawValue,
                        by: caller
                    )
                }
            }
            for method in allowed {
                try await EveryMethod.call(
                    method,
                    of: Tenants.own,
                    Tenants.flag.rawValue,
                    by: caller
                )
            }
            let request = WatchRequest(
                environment: Tenants.own,
                context: EvaluationContext(targetingKey: "ana")
            )
            for try await event in try await caller.watch(request) {
                guard case .values(let values) = event else {
                    Issue.record("a client SDK was sent \(event)")
                    break
                }
                #expect(values.values.contains { $0.flag == Tenants.flag })
                break
            }
        }

        /// Everything of the other organization, as an operator sees it.
        private static func picture(_ client: AdministrationClient) async throws -> [String] {
            let place = Tenants.foreign
            let tenancy = try await client.tenancy(
                organization: place.organization,
                wantsCompanies: true
            )
            let flags = try await client.listFlags(in: place, includeArchived: true).flags
            let segments = try await client.segments(in: place).segments
            let rows = try await client.audit(AuditRequest(organization: place.organization)).rows
            return tenancy.organizations.map { "\($0)" } + tenancy.environments.map { "\($0)" }
                + tenancy.plans.map { "\($0)" } + tenancy.companies.map { "\($0)" }
                + tenancy.members.map { "\($0)" } + tenancy.tokens.map { "\($0)" }
                + flags.map { "\($0.document)" } + segments.map { "\($0)" } + rows.map(\.hash)
        }

        /// What was refused is counted and kept: operators can see who tried what.
        private static func expectDeniedAttemptsAreRecorded(
            _ cluster: LocalCluster
        ) async throws {
            let folder = try cluster.node(1).dataFolder
            var configuration = Configuration()
            configuration.readonly = true
            let ledger = try DatabaseQueue(
                path: "\(folder)/ledger.sqlite",
                configuration: configuration
            )
            try await Patience.wait(.seconds(30), for: "the refused calls in the records") {
                let count = try? await ledger.read { database in
                    try Int.fetchOne(
                        database,
                        sql: "SELECT sum(count) FROM denied_attempts WHERE actor LIKE '%viewer%'"
                    )
                }
                return (count.flatMap(\.self) ?? 0) >= EveryCommand.count ? () : nil
            }
            try ledger.close()
        }
    }
}
