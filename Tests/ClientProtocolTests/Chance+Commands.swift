import ClientProtocol
import Flags
import WireTestKit

extension Chance {
    /// One command of each kind, with random contents.
    mutating func commands() -> [Command] {
        let environment = self.environment()
        let key = FlagKey(self.string())
        return [
            .openSession,
            .putOrganization(self.organization()),
            .putEnvironment(self.tenantEnvironment()),
            .putPlan(self.tenantPlan()),
            .putCompany(self.company()),
            .putMember(self.member()),
            .removePlan(self.string(), self.string()),
            .removeCompany(self.string(), self.string()),
            .removeMember(self.string(), self.string()),
            .createToken(self.token()),
            .revokeToken(self.string(), self.string()),
            .createFlag(environment, self.definition()),
            .updateFlag(environment, key, self.patch()),
            .archiveFlag(environment, key),
            .restoreFlag(environment, key, self.definition(), from: self.revision()),
            .setOverride(environment, key, self.override()),
            .removeOverride(
                environment,
                key,
                self.any(OverrideLevel.self),
                subject: self.string()
            ),
            .putSegment(environment, self.segmentDefinition()),
            .removeSegment(environment, key: self.string()),
            .emergencyRollback(environment, key),
            .startRelease(environment, key, self.plan()),
            .controlRelease(
                environment,
                key,
                self.any(ReleaseAction.self),
                step: self.number()
            ),
            .acknowledgeAlert(self.string(), self.revision()),
            .recordSchedule(environment, key, self.any(ScheduleEdge.self), date: self.time()),
            .advanceRelease(environment, key, release: self.revision(), step: self.number()),
            .recordUsage(self.usageBatch()),
        ]
    }

    mutating func organization() -> Organization {
        Organization(
            id: self.string(),
            name: self.string(),
            branding: Branding(
                logo: self.string(),
                primaryColor: self.string(),
                accentColor: self.string(),
                locale: self.string(),
                host: self.string()
            ),
            quotas: Quotas(
                flags: self.number(),
                companies: self.number(),
                watches: self.number(),
                writesPerSecond: self.number()
            ),
            revision: self.revision()
        )
    }

    mutating func tenantEnvironment() -> Environment {
        Environment(id: self.environment(), name: self.string(), revision: self.revision())
    }

    mutating func tenantPlan() -> Plan {
        Plan(
            organization: self.string(),
            id: self.string(),
            name: self.string(),
            description: self.string(),
            revision: self.revision()
        )
    }

    mutating func company() -> Company {
        Company(
            organization: self.string(),
            id: self.string(),
            name: self.string(),
            plan: self.string(),
            region: self.string(),
            attributes: self.fields(depth: 2),
            revision: self.revision()
        )
    }

    mutating func member() -> TeamMember {
        TeamMember(
            organization: self.string(),
            name: self.string(),
            role: self.any(Role.self),
            revision: self.revision()
        )
    }

    mutating func token() -> AccessToken {
        AccessToken(
            id: self.string(),
            organization: self.string(),
            environment: self.string(),
            role: self.any(Role.self),
            member: self.string(),
            sha256: self.string(),
            expiresAt: self.flip() ? self.time() : nil,
            createdAt: self.time(),
            createdBy: self.string(),
            revokedAt: self.flip() ? self.time() : nil,
            revision: self.revision()
        )
    }
}
