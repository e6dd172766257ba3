package import Flags
internal import HashTreeCollections

extension FlagStore {
    /// How much of everything an organization may have; `nil` when there is no such.
    package func quotas(of organization: String) -> Quotas? {
        self.tenants[organization]?.organization.quotas
    }

    /// Keeps count of the organizations whose writes are counted.
    mutating func noteWriteQuota(_ before: Quotas?, _ after: Quotas) {
        if (before?.writesPerSecond ?? 0) > 0 { self.writeQuotaCount -= 1 }
        if after.writesPerSecond > 0 { self.writeQuotaCount += 1 }
    }

    /// Counts a write of an organization that has a quota of them, or refuses it.
    ///
    /// Seconds are those of the replicated clock. What the cluster itself does, and what takes a
    /// flag away from everybody, is never refused for a quota.
    mutating func countWrite(_ command: Command) throws(Refusal) -> Effect? {
        guard self.writeQuotaCount > 0, command.isCountedAsWrite else { return nil }
        let organization = command.organization
        guard let quota = self.tenants[organization]?.organization.quotas.writesPerSecond,
            quota > 0
        else { return nil }
        let milliseconds = self.time.milliseconds
        let second = (milliseconds - (milliseconds < 0 ? 999 : 0)) / 1_000
        var window = self.tenants[organization]?.window ?? WriteWindow()
        if window.second != second { window = WriteWindow(second: second) }
        guard window.count < quota else {
            throw Refusal(
                code: .quotaExceeded,
                message: "\(organization) may change \(quota) things in a second: wait for the "
                    + "next one, or ask for a greater quota of writes",
                retryAfterMilliseconds: UInt32(clamping: (second + 1) * 1_000 - milliseconds)
            )
        }
        window.count += 1
        self.tenants[organization]?.window = window
        return .writeWindow(organization, window)
    }

    func checkCompanyQuota(of organization: String, _ count: Int) throws(Refusal) {
        guard count < FlagsLimits.companiesPerOrganizationMax else {
            throw .tooMany(
                "companies of \(organization)",
                FlagsLimits.companiesPerOrganizationMax
            )
        }
        try self.checkQuota(of: organization, "companies", count, \.companies)
    }

    func checkFlagQuota(of organization: String) throws(Refusal) {
        let count = self.tenants[organization]?.flagCount ?? 0
        try self.checkQuota(of: organization, "flags that are not archived", count, \.flags)
    }

    private func checkQuota(
        of organization: String,
        _ what: String,
        _ count: Int,
        _ quota: KeyPath<Quotas, UInt32>
    ) throws(Refusal) {
        guard let most = self.tenants[organization]?.organization.quotas[keyPath: quota], most > 0,
            count >= Int(most)
        else { return }
        throw Refusal(
            code: .quotaExceeded,
            message: "\(organization) has \(count) \(what), and its quota is \(most)"
        )
    }
}

extension Command {
    /// Whether it uses up its organization's writes of a second.
    fileprivate var isCountedAsWrite: Bool {
        switch self {
        case .openSession, .putOrganization, .emergencyRollback, .recordSchedule, .advanceRelease,
            .recordUsage:
            false
        default:
            true
        }
    }
}
