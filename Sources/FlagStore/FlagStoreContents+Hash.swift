internal import Flags

extension FlagStoreContents {
    /// A digest of all of it: equal for equal contents, on every node and in every process.
    package func stateHash() -> UInt64 {
        var digest = StateDigest()
        digest.feed(self.applied)
        digest.feed(self.time)
        digest.feed(UInt64(self.organizations.count))
        for organization in self.organizations {
            digest.feed([organization.id, organization.name])
        }
        digest.feed(UInt64(self.environments.count))
        for environment in self.environments {
            digest.feed([environment.id.organization, environment.id.environment, environment.name])
        }
        digest.feed(UInt64(self.plans.count))
        for plan in self.plans { digest.feed([plan.organization, plan.id, plan.name]) }
        digest.feed(UInt64(self.companies.count))
        for company in self.companies {
            digest.feed([
                company.organization, company.id, company.name, company.plan, company.region,
            ])
        }
        digest.feed(UInt64(self.flags.count))
        for placed in self.flags {
            digest.feed([placed.environment.organization, placed.environment.environment])
            digest.feed(placed.flag)
        }
        digest.feed(UInt64(self.sessions.count))
        for session in self.sessions { digest.feed(session) }
        return digest.value
    }
}
