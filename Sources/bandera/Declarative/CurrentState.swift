internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// What a cluster has of what a file is about.
struct CurrentState: Sendable {
    /// By id.
    var organizations: [String: Organization] = [:]
    var environments: [EnvironmentID: Environment] = [:]
    /// By `organization/id`.
    var plans: [String: Plan] = [:]
    /// By `organization/id`.
    var companies: [String: Company] = [:]
    /// By environment and key.
    var segments: [EnvironmentID: [String: Segment]] = [:]
    /// By environment and key; archived ones too, because their keys stay taken.
    var flags: [EnvironmentID: [FlagKey: Flag]] = [:]

    /// Nothing.
    init() {}

    /// Asks the cluster for everything that `desired` is about.
    init(for desired: DesiredState, from client: AdministrationClient) async throws {
        for owner in desired.owners {
            let tenancy = try await client.tenancy(organization: owner)
            for item in tenancy.organizations { self.organizations[item.id] = item }
            for item in tenancy.environments { self.environments[item.id] = item }
            for item in tenancy.plans { self.plans["\(owner)/\(item.id)"] = item }
            guard desired.companies.contains(where: { $0.organization == owner }) else { continue }
            for item in try await client.companies(of: owner) {
                self.companies["\(owner)/\(item.id)"] = item
            }
        }
        for place in desired.places where self.environments[place] != nil {
            try await self.load(place, from: client)
        }
    }

    /// Adds the segments and flags of an environment.
    mutating func load(
        _ environment: EnvironmentID,
        from client: AdministrationClient
    ) async throws {
        let segments = try await client.segments(in: environment).segments
        self.segments[environment] = Dictionary(
            uniqueKeysWithValues: segments.map { ($0.key, $0) }
        )
        let flags = try await client.listFlags(in: environment, includeArchived: true).flags
        self.flags[environment] = Dictionary(uniqueKeysWithValues: flags.map { ($0.key, $0) })
    }
}
