import Flags
import Testing
import Usage

@Suite struct UsageTotalsTests {
    private func totals() -> UsageTotals {
        UsageTotals(environment: Fixture.environment, flag: Fixture.flag)
    }

    @Test func onlyRowsOfEverythingAreAdded() {
        var totals = self.totals()
        totals.add(Fixture.row("on", Fixture.evaluations(3)), at: Fixture.midnight)
        totals.add(
            Fixture.row("on", .company, "globex", Fixture.evaluations(3)),
            at: Fixture.midnight
        )
        totals.add(Fixture.row("off", Fixture.evaluations(4)), at: Timestamp(milliseconds: 5))
        #expect(totals.variations.map(\.name) == ["off", "on"])
        #expect(totals.evaluations == 7)
        #expect(totals.lastUpdated == Fixture.midnight)
    }

    @Test func theOrderOfReportsDoesNotMatter() {
        let rows = ["on", "off", "", "blue", "on"].map { Fixture.row($0, Fixture.evaluations(2)) }
        let sketches = [
            Fixture.sketch("on", Fixture.users(50)), Fixture.sketch("blue", Fixture.users(70)),
            Fixture.sketch("on", Fixture.users(50, from: 20)),
        ]
        var (forth, back) = (self.totals(), self.totals())
        for row in rows { forth.add(row, at: Fixture.midnight) }
        for sketch in sketches { forth.merge(sketch) }
        for sketch in sketches.reversed() { back.merge(sketch) }
        for row in rows.reversed() { back.add(row, at: Fixture.midnight) }
        #expect(forth == back)
        #expect((66...74).contains(forth.users { $0 == "on" }))
    }

    @Test func tooManyVariationsShareOnePlace() {
        var totals = self.totals()
        for index in 0..<500 {
            totals.add(Fixture.row("v\(index)", Fixture.evaluations(1)), at: Fixture.midnight)
            totals.merge(Fixture.sketch("v\(index)", ["user-\(index)"]))
        }
        #expect(totals.variations.count == UsageLimits.variationsPerFlagMax)
        #expect(totals.evaluations == 500)
        let others = totals.variations.first { $0.name == UsageRow.others }
        #expect(others?.counts.evaluations == 500 - UInt64(UsageLimits.variationsPerFlagMax - 1))
    }
}

@Suite struct UsageTotalsDocumentTests {
    private func totals() -> UsageTotals {
        var totals = UsageTotals(environment: Fixture.environment, flag: Fixture.flag)
        totals.add(Fixture.row("on", Fixture.evaluations(3)), at: Fixture.midnight)
        totals.add(Fixture.row("", Fixture.evaluations(.max)), at: Fixture.midnight)
        totals.merge(Fixture.sketch("on", Fixture.users(40_000)))
        return totals
    }

    @Test func aDocumentIsReadBackWhole() throws {
        let totals = self.totals()
        #expect(try UsageTotals(document: totals.document) == totals)
        #expect(Set(totals.variations.flatMap(\.registers)).count > 10)
    }

    @Test func everyRankHasItsDigit() throws {
        let ranks = (0..<1_024).map { UInt8($0 % 56) }
        let variation = UsageTotals.Variation(name: "on", registers: ranks)
        #expect(try UsageTotals.Variation(document: variation.document) == variation)
    }

    @Test func registersThatAreNoneAreRefused() throws {
        for users in ["AB", String(repeating: "4", count: 1_024)] {
            let document = Value.object([Value.Field(name: "users", value: .string(users))])
            #expect(throws: FlagsError(.invalidDocument, "")) {
                try UsageTotals.Variation(document: document)
            }
        }
    }
}
