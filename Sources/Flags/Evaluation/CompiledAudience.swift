/// An audience, made for asking whether a context is in it.
final class CompiledAudience: Sendable {
    private let plans: Membership
    private let roles: Membership
    private let companies: Membership
    private let regions: Membership

    /// `nil` when the audience is everybody.
    init?(_ audience: Audience) {
        guard !audience.isEverybody else { return nil }
        self.plans = Membership(audience.plans)
        self.roles = Membership(audience.roles)
        self.companies = Membership(audience.companies)
        self.regions = Membership(audience.regions)
    }

    func admits(_ context: borrowing EvaluationContext) -> Bool {
        self.plans.admits(context.plan) && self.roles.admits(context.role)
            && self.regions.admits(context.region) && self.companies.admits(context.company)
    }
}
