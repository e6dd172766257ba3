internal import Flags
internal import HashTreeCollections
internal import Usage

/// How much there is of what people look at first.
package struct StoreOverview: Hashable, Sendable {
    /// Flags that are active and enabled.
    package var activeFeatures = 0
    /// Releases that run or are paused.
    package var pendingReleases = 0
    /// Alerts of rollbacks that nobody has acknowledged.
    package var rollbackAlerts = 0
    /// Customers of the organizations.
    package var companies = 0
    /// Distinct users of all flags, estimated.
    package var users: UInt64 = 0
}

extension FlagStore {
    /// The overview of one organization, or of all; counted while things change, not by looking at
    /// every flag.
    package func overview(of organization: String? = nil) -> StoreOverview {
        var overview = StoreOverview()
        var users = HyperLogLog()
        for tenant in self.chosenTenants(organization) {
            overview.activeFeatures += tenant.servingCount
            overview.pendingReleases += tenant.releases.count - tenant.releases.endedCount
            for alert in tenant.alerts.values
            where alert.kind.isRollback && alert.acknowledgedAt == nil {
                overview.rollbackAlerts += 1
            }
            overview.companies += tenant.companies.count
            users.merge(tenant.users)
        }
        overview.users = users.estimate
        return overview
    }
}
