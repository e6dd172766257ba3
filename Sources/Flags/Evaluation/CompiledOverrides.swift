/// The overrides of a flag, made for finding the one that decides for a context.
final class CompiledOverrides: Sendable {
    /// What a level forces.
    struct Decision: Sendable {
        let level: OverrideLevel
        let isLocked: Bool
        let served: Served
    }

    /// One level's overrides, by subject.
    private struct Level: Sendable {
        let subjects: TextSet
        let decisions: [Decision]

        init(_ level: OverrideLevel, of flag: Flag) {
            let own = flag.targeting.overrides.filter { $0.level == level }
            self.subjects = TextSet(own.map(\.subject))
            self.decisions = own.map {
                Decision(
                    level: level,
                    isLocked: $0.isLocked,
                    served: Served($0.variation, of: flag)
                )
            }
        }

        func decision(for subject: borrowing String) -> Decision? {
            guard !subject.isEmpty, let position = self.subjects.position(of: subject) else {
                return nil
            }
            return self.decisions[position]
        }
    }

    private let platform: Decision?
    private let organization: Decision?
    private let plans: Level
    private let companies: Level
    private let users: Level

    /// `nil` when there are none.
    init?(_ flag: Flag) {
        guard !flag.targeting.overrides.isEmpty else { return nil }
        self.platform = Level(.platform, of: flag).decisions.first
        self.organization = Level(.organization, of: flag).decisions.first
        self.plans = Level(.plan, of: flag)
        self.companies = Level(.company, of: flag)
        self.users = Level(.user, of: flag)
    }

    /// The override that wins for `context`: the highest locked one, else the nearest.
    func decision(for context: borrowing EvaluationContext) -> Decision? {
        if let platform = self.platform, platform.isLocked { return platform }
        if let organization = self.organization, organization.isLocked { return organization }
        let plan = self.plans.decision(for: context.plan)
        if let plan, plan.isLocked { return plan }
        let company = self.companies.decision(for: context.company)
        if let company, company.isLocked { return company }
        return self.users.decision(for: context.targetingKey)
            ?? company ?? plan ?? self.organization ?? self.platform
    }
}
