package import Flags
internal import HashTreeCollections

extension FlagStore {
    /// The flag named `key`, archived or not; `nil` when there is none.
    package func flag(_ environment: EnvironmentID, _ key: FlagKey) -> StoredFlag? {
        self.places[environment]?.flags[key]
    }

    /// The environment's flags, sorted by key; `nil` when there is no such environment.
    package func flags(
        in environment: EnvironmentID,
        includeArchived: Bool = false
    ) -> [StoredFlag]? {
        guard let place = self.places[environment] else { return nil }
        return place.flags.values
            .filter { includeArchived || !$0.compiled.flag.isArchived }
            .sorted { $0.compiled.flag.key < $1.compiled.flag.key }
    }

    /// What the flag named `key` is for `context` at `now`.
    package func evaluate(
        _ environment: EnvironmentID,
        _ key: FlagKey,
        _ context: EvaluationContext,
        now: Timestamp
    ) -> Evaluation {
        guard let place = self.places[environment], let flag = place.compiledFlag(key) else {
            return Evaluation(error: .flagNotFound)
        }
        return flag.evaluate(context, now: now, in: place)
    }

    /// All organizations, sorted by id.
    package var organizations: [Organization] {
        self.tenants.values.map(\.organization).sorted { $0.id < $1.id }
    }

    /// All environments, or those of one organization, sorted by id.
    package func environments(of organization: String? = nil) -> [Environment] {
        self.places.values.map(\.environment)
            .filter { organization == nil || $0.id.organization == organization }
            .sorted { $0.id < $1.id }
    }

    /// Whether there is an environment named `id`.
    package func hasEnvironment(_ id: EnvironmentID) -> Bool { self.places[id] != nil }

    /// All plans, or those of one organization, sorted by organization and id.
    package func plans(of organization: String? = nil) -> [Plan] {
        self.chosenTenants(organization).flatMap { $0.plans.values.sorted { $0.id < $1.id } }
    }

    /// All companies, or those of one organization, sorted by organization and id.
    package func companies(of organization: String? = nil) -> [Company] {
        self.chosenTenants(organization).flatMap { $0.companies.values.sorted { $0.id < $1.id } }
    }

    /// The session that revision `id` opened; `nil` when it never was or has ended.
    package func session(_ id: Revision) -> Session? {
        self.sessions.slot(of: id).flatMap { self.sessions[$0] }
    }

    /// How many sessions are open.
    package var sessionCount: Int { self.sessions.count }

    private func chosenTenants(_ organization: String?) -> [Tenant] {
        guard let organization else {
            return self.tenants.values.sorted { $0.organization.id < $1.organization.id }
        }
        return self.tenants[organization].map { [$0] } ?? []
    }
}
