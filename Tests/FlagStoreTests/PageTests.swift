import FlagStore
import Flags
import Testing

/// Pages of what there may be very many of.
struct PageTests {
    @Test func pagesOfCompaniesAreSortedAndLeaveNothingOut() {
        var log = Log.prepared()
        log.apply(.putPlan(Plan(organization: "acme", id: "gold", name: "Gold")))
        for number in 0..<250 {
            // In an order that is nobody's.
            let id = "company-\(number * 7 % 250)"
            log.apply(
                .putCompany(
                    Company(organization: "acme", id: id, name: "C", plan: "gold", region: "R1")
                )
            )
        }
        let all = log.store.companies(of: "acme")
        #expect(all.count >= 250)
        for limit in [1, 7, 100, 1_000] {
            var found: [Company] = []
            while true {
                let page = log.store.companies(
                    of: "acme",
                    after: found.last?.id ?? "",
                    limit: limit
                )
                #expect(page.count <= limit)
                guard !page.isEmpty else { break }
                found += page
            }
            #expect(found == all)
        }
        #expect(log.store.companies(of: "nobody", after: "", limit: 10).isEmpty)
        #expect(log.store.companies(of: "acme", after: "", limit: 0).isEmpty)
    }
}
