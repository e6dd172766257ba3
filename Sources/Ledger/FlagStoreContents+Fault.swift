internal import FlagStore
internal import Flags
internal import Releases
internal import Usage

extension FlagStoreContents {
    /// Why no store can have had these contents; `nil` when one can.
    ///
    /// An index that lies gives rows twice, or in another order; the tables' keys forbid it.
    var fault: String? {
        guard Self.ascend(self.organizations, { [$0.id] }),
            Self.ascend(self.environments, { [$0.id.organization, $0.id.environment] }),
            Self.ascend(self.plans, { [$0.organization, $0.id] }),
            Self.ascend(self.companies, { [$0.organization, $0.id] }),
            Self.ascend(self.members, { [$0.organization, $0.name] }),
            Self.ascend(self.tokens, { [$0.organization, $0.id] }),
            Self.ascend(self.flags, { Self.path($0.environment, $0.flag.key.rawValue) }),
            Self.ascend(self.segments, { Self.path($0.environment, $0.segment.key) }),
            Self.ascend(self.totals, { Self.path($0.environment, $0.flag.rawValue) }),
            Self.ascend(self.windows, { [$0.organization] }),
            Self.ascend(self.releases.map(\.id)), Self.ascend(self.alerts.map(\.id)),
            Self.ascend(self.sessions.map(\.id))
        else { return "rows are there twice" }
        if self.hasStrangers { return "rows belong to tenants that are not there" }
        guard self.revisions.allSatisfy({ $0 <= self.applied }) else {
            return "rows are newer than its revision"
        }
        return nil
    }

    /// Whether something belongs to an organization or environment that is not there.
    private var hasStrangers: Bool {
        let organizations = Set(self.organizations.map(\.id))
        let environments = Set(self.environments.map(\.id))
        let owners: [[String]] = [
            self.environments.map(\.id.organization), self.plans.map(\.organization),
            self.companies.map(\.organization), self.members.map(\.organization),
            // A super admin's token belongs to the platform.
            self.tokens.map(\.organization).filter { !$0.isEmpty },
            self.windows.map(\.organization),
        ]
        let places: [[EnvironmentID]] = [
            self.flags.map(\.environment), self.segments.map(\.environment),
            self.releases.map(\.environment), self.alerts.map(\.environment),
            self.totals.map(\.environment),
        ]
        return !owners.joined().allSatisfy(organizations.contains)
            || !places.joined().allSatisfy(environments.contains)
    }

    private var revisions: [Revision] {
        let revisions: [[Revision]] = [
            self.organizations.map(\.revision), self.environments.map(\.revision),
            self.plans.map(\.revision), self.companies.map(\.revision),
            self.members.map(\.revision), self.tokens.map(\.revision),
            self.flags.map(\.flag.revision), self.flags.compactMap(\.flag.release),
            self.segments.map(\.segment.revision), self.releases.map(\.revision),
            self.releases.map(\.id), self.alerts.map(\.id), self.sessions.map(\.id),
            self.sessions.map(\.lastUsed),
        ]
        return Array(revisions.joined())
    }

    private static func ascend(_ ids: [Revision]) -> Bool {
        zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// Whether the keys ascend, byte by byte, as SQLite orders them.
    private static func ascend<Item>(_ items: [Item], _ key: (Item) -> [String]) -> Bool {
        zip(items, items.dropFirst()).allSatisfy { earlier, later in
            for (lesser, greater) in zip(key(earlier), key(later)) {
                if lesser.utf8.elementsEqual(greater.utf8) { continue }
                return lesser.utf8.lexicographicallyPrecedes(greater.utf8)
            }
            return false
        }
    }

    private static func path(_ environment: EnvironmentID, _ key: String) -> [String] {
        [environment.organization, environment.environment, key]
    }
}
