import FlagStore
import Flags
import Testing
import Usage

@Suite struct UsageCommandTests {
    @Test func reportsAddUp() throws {
        var log = Log.prepared()
        log.create("checkout")
        let first = log.report("checkout", evaluations: 10, users: [1 << 6 | 3])
        let second = log.report("checkout", evaluations: 5, users: [1 << 6 | 2, 2 << 6 | 4])
        let totals = try #require(log.store.totals(in: Log.production).first)
        #expect(totals.evaluations == 15 && totals.lastUpdated.milliseconds == log.time)
        #expect(second.effects.last == .totals(totals))
        guard case .usage(let rows)? = first.effects.first else {
            Issue.record("no rows")
            return
        }
        #expect(rows.count == 1 && rows[0].counts.evaluations == 10)
        #expect(totals.variations.first?.registers[1] == 3)
        let metrics = try #require(log.store.metrics(Log.production, FlagKey("checkout")))
        #expect(metrics.usageCount == 15 && metrics.users > 0)
        #expect(log.store.metrics(in: Log.production) == [metrics])
        #expect(log.store.overview(of: "acme").users == metrics.users)
        #expect(log.store.flag(Log.production, FlagKey("checkout"))?.flag.revision == Revision(3))
    }

    @Test func whatIsNotThereIsNotCounted() {
        var log = Log.prepared()
        let applied = log.report("nothing", evaluations: 10, users: [1 << 6 | 3])
        #expect(applied.refusal == nil && applied.effects.isEmpty)
        #expect(log.store.totals(in: Log.production).isEmpty)
        #expect(log.store.overview().users == 0)
    }

    @Test func namesOfVariationsThatTheFlagLacksAreCountedAsOne() throws {
        var log = Log.prepared()
        log.create("checkout")
        var counts = UsageCounts()
        counts.evaluations = 1
        func row(_ variation: String) -> UsageRow {
            UsageRow(
                environment: Log.production,
                flag: FlagKey("checkout"),
                variation: variation,
                dimension: .total,
                value: "",
                start: Timestamp(milliseconds: 0),
                counts: counts
            )
        }
        let sketch = UsageSketch(
            environment: Log.production,
            flag: FlagKey("checkout"),
            variation: "made up",
            registers: [1 << 6 | 3]
        )
        let rows = ["", "on", "x", "y", UsageRow.others].map { row($0) }
        let applied = log.apply(
            .recordUsage(UsageBatch(node: 1, rows: rows, sketches: [sketch]))
        )
        let totals = try #require(log.store.totals(in: Log.production).first)
        #expect(totals.variations.map(\.name) == ["", UsageRow.others, "on"])
        #expect(totals.variations.map(\.counts.evaluations) == [1, 3, 1])
        guard case .usage(let recorded)? = applied.effects.first else {
            Issue.record("no rows")
            return
        }
        let others = UsageRow.others
        #expect(recorded.map(\.variation) == ["", "on", others, others, others])
    }

    @Test func deniedAndDroppedAreRecorded() {
        var log = Log.prepared()
        let attempt = DeniedAttempt(actor: "eve", organization: "acme", method: "Write", count: 3)
        let batch = UsageBatch(node: 1, denied: [attempt], dropped: 7)
        let applied = log.apply(.recordUsage(batch))
        let time = Timestamp(milliseconds: log.time)
        #expect(applied.effects == [.denied([attempt], at: time), .dropped(7)])
        log.apply(.recordUsage(UsageBatch(node: 2, dropped: .max)))
        #expect(log.store.dropped == .max)
        #expect(FlagStore(restoring: log.store.contents()).dropped == .max)
    }

    @Test func theOverviewIsWhatCountingWouldGive() {
        var log = Log.prepared()
        log.apply(.putOrganization(Organization(id: "globex", name: "")))
        for index in 0..<20 { log.create("flag-\(index)") { $0.enabled = index % 2 == 0 } }
        log.update("flag-0") { $0.enabled = false }
        log.update("flag-1") { $0.enabled = true }
        log.update("flag-2") { $0.status = .paused }
        log.apply(.archiveFlag(Log.production, FlagKey("flag-4")))
        log.apply(.emergencyRollback(Log.production, FlagKey("flag-6")))
        let flags = log.store.flags(in: Log.production)?.map(\.flag) ?? []
        let active = flags.filter { $0.status == .active && $0.enabled }.count
        #expect(log.store.overview(of: "acme").activeFeatures == active && active == 7)
        #expect(log.store.overview().rollbackAlerts == 1)
        #expect(log.store.overview(of: "globex").activeFeatures == 0)
        let restored = FlagStore(restoring: log.store.contents())
        #expect(restored.overview() == log.store.overview())
    }
}
