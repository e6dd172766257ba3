import FlagStore
import Flags
import Testing

@Suite struct TenancyTests {
    @Test func putsCreateAndReplace() {
        var log = Log.prepared()
        log.apply(.putPlan(Plan(organization: "acme", id: "PREMIUM", name: "Premium")))
        var company = Company(
            organization: "acme",
            id: "globex",
            name: "Globex",
            plan: "PREMIUM",
            region: "MX"
        )
        let applied = log.apply(.putCompany(company))
        company.revision = log.store.applied
        #expect(applied.effects.first == .company(company) && applied.effects.count == 2)
        #expect(applied.rows.map(\.action) == [.create] && applied.rows[0].before == .null)
        var renamed = Organization(id: "acme", name: "Acme, Inc.")
        #expect(log.apply(.putOrganization(renamed)).rows.map(\.action) == [.update])
        renamed.revision = log.store.applied
        #expect(log.store.organizations == [renamed])
        #expect(log.store.companies() == [company])
        #expect(log.store.plans(of: "acme").map(\.id) == ["PREMIUM"])
        #expect(log.store.environments(of: "acme").map(\.id) == [Log.production])
    }

    @Test func whatABelongingBelongsToMustBeThere() {
        var log = Log()
        let environment = Environment(id: Log.production, name: "")
        #expect(log.apply(.putEnvironment(environment)).refusal == .notFound)
        let plan = Plan(organization: "acme", id: "P", name: "")
        #expect(log.apply(.putPlan(plan)).refusal == .notFound)
        log.apply(.putOrganization(Organization(id: "acme", name: "")))
        let company = Company(organization: "acme", id: "c", name: "", plan: "P", region: "")
        #expect(log.apply(.putCompany(company)).message == "no plan P in acme")
    }

    @Test func wrongNamesAreRefusedAsInvalid() {
        var log = Log()
        let applied = log.apply(.putOrganization(Organization(id: "ACME", name: "")))
        #expect(applied.refusal == .invalid)
        #expect(applied.message.contains("a-z 0-9 -"))
    }

    @Test func anOrganizationHasABoundedNumberOfEnvironments() {
        var log = Log.prepared()
        for index in 1..<FlagsLimits.environmentsPerOrganizationMax {
            let id = EnvironmentID(organization: "acme", environment: "e\(index)")
            #expect(log.apply(.putEnvironment(Environment(id: id, name: ""))).refusal == nil)
        }
        let id = EnvironmentID(organization: "acme", environment: "one-more")
        let applied = log.apply(.putEnvironment(Environment(id: id, name: "")))
        #expect(applied.refusal == .limitExceeded)
        let again = Environment(id: Log.production, name: "Renamed")
        #expect(log.apply(.putEnvironment(again)).refusal == nil)
    }

    @Test func listsAreSortedAndKeptApartByOrganization() {
        var log = Log.prepared()
        log.apply(.putOrganization(Organization(id: "abc", name: "")))
        for (organization, plan) in [("acme", "B"), ("acme", "A"), ("abc", "Z")] {
            log.apply(.putPlan(Plan(organization: organization, id: plan, name: "")))
        }
        #expect(log.store.plans().map(\.id) == ["Z", "A", "B"])
        #expect(log.store.plans(of: "acme").map(\.id) == ["A", "B"])
        #expect(log.store.plans(of: "nobody").isEmpty)
        #expect(log.store.organizations.map(\.id) == ["abc", "acme"])
    }

    @Test func aHostShowsOneOrganization() {
        var log = Log.prepared()
        func put(_ id: String, host: String) -> Command {
            .putOrganization(Organization(id: id, name: id, branding: Branding(host: host)))
        }
        #expect(log.apply(put("acme", host: "flags.acme.example")).refusal == nil)
        let taken = log.apply(put("globex", host: "flags.acme.example"))
        #expect(taken.refusal == .alreadyExists && taken.message.contains("is taken"))
        #expect(!taken.message.contains("acme:") && log.store.organizations.count == 1)
        var restored = log
        restored.store = FlagStore(restoring: log.store.contents())
        let again = restored.apply(put("globex", host: "flags.acme.example"))
        #expect(again.refusal == .alreadyExists)
        #expect(log.apply(put("acme", host: "acme.example")).refusal == nil)
        #expect(log.apply(put("globex", host: "flags.acme.example")).refusal == nil)
        #expect(log.apply(put("acme", host: "flags.acme.example")).refusal == .alreadyExists)
        #expect(log.apply(put("globex", host: "")).refusal == nil)
        #expect(log.apply(put("acme", host: "flags.acme.example")).refusal == nil)
    }

    @Test func companiesAndPlansCanGo() {
        var log = Log.prepared()
        log.apply(.putPlan(Plan(organization: "acme", id: "PRO", name: "")))
        let company = Company(organization: "acme", id: "c", name: "", plan: "PRO", region: "")
        log.apply(.putCompany(company))
        let seen = log.store.applied
        let used = log.apply(.removePlan("acme", "PRO"))
        #expect(used.refusal == .invalid && used.message.contains("1 company"))
        log.apply(
            .putCompany(Company(organization: "acme", id: "c", name: "C", plan: "PRO", region: ""))
        )
        let remove = Command.removeCompany("acme", "c")
        #expect(log.apply(remove, basedOn: seen).refusal == .stale)
        let applied = log.apply(remove)
        #expect(applied.effects.first == .companyRemoved("acme", "c"))
        #expect(applied.rows.map(\.action) == [.remove] && applied.rows.first?.after == .null)
        #expect(log.apply(remove).refusal == .notFound)
        let gone = log.apply(.removePlan("acme", "PRO"))
        #expect(gone.effects.first == .planRemoved("acme", "PRO"))
        #expect(gone.rows.map(\.action) == [.remove])
        #expect(log.apply(.removePlan("acme", "PRO")).refusal == .notFound)
        #expect(log.store.companies().isEmpty && log.store.plans().isEmpty)
    }
}
