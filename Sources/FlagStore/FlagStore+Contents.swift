internal import Flags
internal import HashTreeCollections
internal import Releases
internal import Usage

extension FlagStore {
    /// Restores what `contents()` gave.
    ///
    /// What is found by what is stored is made again; of releases that have ended and of alerts no
    /// more are taken than are kept.
    package init(
        restoring contents: FlagStoreContents,
        limits: FlagStoreLimits = FlagStoreLimits()
    ) {
        self.init(limits: limits)
        self.applied = contents.applied
        self.time = contents.time
        self.dropped = contents.dropped
        self.restoreTenants(contents)
        self.restorePlaces(contents)
        for alert in contents.alerts.sorted(by: { $0.id < $1.id }) { _ = self.keep(alert) }
        // In the order in which they ended; those that run are not dropped.
        for release in contents.releases.sorted(by: { ($0.revision, $0.id) < ($1.revision, $1.id) })
        { _ = self.store(release) }
        self.sessions = SessionTable(restoring: contents.sessions)
    }

    private mutating func restoreTenants(_ contents: FlagStoreContents) {
        for organization in contents.organizations {
            self.tenants[organization.id] = Tenant(organization: organization)
            self.noteWriteQuota(nil, organization.quotas)
            self.noteHost(nil, organization)
        }
        for plan in contents.plans { self.tenants[plan.organization]?.plans[plan.id] = plan }
        for company in contents.companies {
            self.tenants[company.organization]?.companies[company.id] = company
        }
        for member in contents.members {
            self.tenants[member.organization]?.members[member.name] = member
        }
        for window in contents.windows {
            self.tenants[window.organization]?.window = window.window
        }
        for token in contents.tokens { self.tokens.set(token) }
    }

    private mutating func restorePlaces(_ contents: FlagStoreContents) {
        for environment in contents.environments {
            self.places[environment.id] = Place(environment: environment)
            self.tenants[environment.id.organization]?.environmentCount += 1
        }
        for placed in contents.segments {
            let segment = placed.segment
            self.places[placed.environment]?.segments[segment.key] = StoredSegment(
                compiled: CompiledSegment(segment)
            )
            self.places[placed.environment]?.segmentUsers.replace(
                [],
                by: segment.definition.segmentKeys,
                of: .segment(segment.key)
            )
        }
        for placed in contents.flags {
            let stored = StoredFlag(compiled: CompiledFlag(placed.flag))
            guard self.hasEnvironment(placed.environment) else { continue }
            self.places[placed.environment]?.flags[placed.flag.key] = stored
            self.noteChange(from: nil, to: placed.flag, in: placed.environment)
            self.places[placed.environment]?.noteReferences(from: nil, to: placed.flag)
        }
        for totals in contents.totals {
            self.places[totals.environment]?.totals[totals.flag] = totals
            self.tenants[totals.environment.organization]?.users.merge(totals.sketch())
        }
    }

    /// Everything in the store.
    package func contents() -> FlagStoreContents {
        let environments = self.environments()
        let tenants = self.tenants.values.sorted { $0.organization.id < $1.organization.id }
        return FlagStoreContents(
            applied: self.applied,
            time: self.time,
            organizations: self.organizations,
            environments: environments,
            plans: self.plans(),
            companies: self.companies(),
            flags: environments.flatMap { environment in
                (self.flags(in: environment.id, includeArchived: true) ?? [])
                    .map { .init(environment: environment.id, flag: $0.flag) }
            },
            members: self.members(),
            tokens: self.tokens(),
            segments: environments.flatMap { environment in
                (self.segments(in: environment.id) ?? [])
                    .map { .init(environment: environment.id, segment: $0) }
            },
            releases: tenants.flatMap { $0.releases.values.map(\.release) }
                .sorted { $0.id < $1.id },
            alerts: tenants.flatMap { Array($0.alerts.values) }.sorted { $0.id < $1.id },
            totals: environments.flatMap { self.totals(in: $0.id) },
            windows: tenants.compactMap { tenant in
                tenant.window.map { .init(organization: tenant.organization.id, window: $0) }
            },
            dropped: self.dropped,
            sessions: self.sessions.all
        )
    }

    /// A digest of everything in the store: equal on nodes that hold the same.
    package func stateHash() -> UInt64 { self.contents().stateHash() }
}
