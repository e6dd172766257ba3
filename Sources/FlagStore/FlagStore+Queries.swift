package import Flags
internal import HashTreeCollections
package import Releases
package import Usage

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

    /// How what the flag named `key` is for `context` at `now` comes about; `nil` when there is no
    /// such flag.
    package func explain(
        _ environment: EnvironmentID,
        _ key: FlagKey,
        _ context: EvaluationContext,
        now: Timestamp
    ) -> Explanation? {
        guard let place = self.places[environment] else { return nil }
        return place.compiledFlag(key)?.explain(context, now: now, in: place)
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

    /// The organization named `id`; `nil` when there is none.
    package func organization(_ id: String) -> Organization? { self.tenants[id]?.organization }

    /// The first `limit` companies of an organization whose ids come after one, sorted by id.
    package func companies(of organization: String, after id: String, limit: Int) -> [Company] {
        guard let companies = self.tenants[organization]?.companies else { return [] }
        return companies.keys.lazy.filter { id.isEmpty || $0 > id }.smallest(limit)
            .compactMap { companies[$0] }
    }

    /// All members, or those of one organization, sorted by organization and name.
    package func members(of organization: String? = nil) -> [TeamMember] {
        self.chosenTenants(organization).flatMap { $0.members.values.sorted { $0.name < $1.name } }
    }

    /// The environment's segments, sorted by key; `nil` when there is no such environment.
    package func segments(in environment: EnvironmentID) -> [Segment]? {
        guard let place = self.places[environment] else { return nil }
        return place.segments.values.map(\.segment).sorted { $0.key < $1.key }
    }

    /// The segment named `key`; `nil` when there is none.
    package func segment(_ environment: EnvironmentID, _ key: String) -> Segment? {
        self.places[environment]?.segments[key]?.segment
    }

    /// The releases of an environment, or of one flag, newest first; `nil` when there is no such
    /// environment.
    package func releases(
        in environment: EnvironmentID,
        flag: FlagKey? = nil,
        includeFinished: Bool = true
    ) -> [Release]? {
        guard self.hasEnvironment(environment) else { return nil }
        let releases = self.tenants[environment.organization]?.releases.sorted ?? []
        return releases.reversed().map(\.release).filter { release in
            release.environment == environment && (flag == nil || release.flag == flag)
                && (includeFinished || release.isUnfinished)
        }
    }

    /// The alerts of an organization, or of all, newest first.
    package func alerts(
        of organization: String? = nil,
        includeAcknowledged: Bool = true
    ) -> [Alert] {
        self.chosenTenants(organization).flatMap { Array($0.alerts.values) }
            .filter { includeAcknowledged || $0.acknowledgedAt == nil }
            .sorted { $0.id > $1.id }
    }

    /// The alert that revision `id` raised; `nil` when there is none, or it was forgotten.
    package func alert(_ id: Revision) -> Alert? {
        guard let organization = self.alertHomes[id] else { return nil }
        return self.tenants[organization]?.alerts[id]
    }

    /// Everything that was ever reported of the environment's flags, sorted by flag.
    package func totals(in environment: EnvironmentID) -> [UsageTotals] {
        (self.places[environment]?.totals.values).map { $0.sorted { $0.flag < $1.flag } } ?? []
    }

    /// How a flag does; `nil` when nothing was ever reported of it.
    package func metrics(_ environment: EnvironmentID, _ key: FlagKey) -> FeatureMetrics? {
        guard let totals = self.places[environment]?.totals[key],
            let flag = self.places[environment]?.flags[key]?.flag
        else { return nil }
        return FeatureMetrics(totals, of: flag)
    }

    /// How the environment's flags do that were ever used, sorted by key; `nil` when there is no
    /// such environment.
    package func metrics(in environment: EnvironmentID) -> [FeatureMetrics]? {
        guard self.hasEnvironment(environment) else { return nil }
        return self.totals(in: environment).compactMap { self.metrics(environment, $0.flag) }
    }

    /// How the first `limit` of those flags do whose keys come after one, sorted by key.
    package func metrics(
        in environment: EnvironmentID,
        after key: String,
        limit: Int
    ) -> [FeatureMetrics] {
        guard let totals = self.places[environment]?.totals else { return [] }
        return totals.keys.lazy.filter { key.isEmpty || $0.rawValue > key }.smallest(limit)
            .compactMap { self.metrics(environment, $0) }
    }

    /// The session that revision `id` opened; `nil` when it never was or has ended.
    package func session(_ id: Revision) -> Session? {
        self.sessions.slot(of: id).flatMap { self.sessions[$0] }
    }

    /// How many sessions are open.
    package var sessionCount: Int { self.sessions.count }

    func chosenTenants(_ organization: String?) -> [Tenant] {
        guard let organization else {
            return self.tenants.values.sorted { $0.organization.id < $1.organization.id }
        }
        return self.tenants[organization].map { [$0] } ?? []
    }
}
