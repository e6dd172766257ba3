internal import Flags
internal import HashTreeCollections

extension FlagStore {
    /// Restores what `contents()` gave.
    package init(
        restoring contents: FlagStoreContents,
        limits: FlagStoreLimits = FlagStoreLimits()
    ) {
        self.init(limits: limits)
        self.applied = contents.applied
        self.time = contents.time
        for organization in contents.organizations {
            self.tenants[organization.id] = Tenant(organization: organization)
        }
        for environment in contents.environments {
            self.places[environment.id] = Place(environment: environment)
            self.tenants[environment.id.organization]?.environmentCount += 1
        }
        for plan in contents.plans { self.tenants[plan.organization]?.plans[plan.id] = plan }
        for company in contents.companies {
            self.tenants[company.organization]?.companies[company.id] = company
        }
        for placed in contents.flags {
            let stored = StoredFlag(compiled: CompiledFlag(placed.flag))
            self.places[placed.environment]?.flags[placed.flag.key] = stored
        }
        self.sessions = SessionTable(restoring: contents.sessions)
    }

    /// Everything in the store.
    package func contents() -> FlagStoreContents {
        let environments = self.environments()
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
            sessions: self.sessions.all
        )
    }

    /// A digest of everything in the store: equal on nodes that hold the same.
    package func stateHash() -> UInt64 { self.contents().stateHash() }
}
