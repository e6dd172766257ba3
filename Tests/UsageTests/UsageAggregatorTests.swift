import Flags
import Testing
import Usage

@Suite struct UsageAggregatorTests {
    @Test func oneOccasionIsCountedOnceByEachDimension() {
        var aggregator = UsageAggregator(node: 3)
        let occasion = Fixture.occasion(company: "globex", plan: "gold")
        let time = Timestamp(milliseconds: Fixture.midnight.milliseconds + 59_999)
        for _ in 0..<2 { aggregator.add(occasion, Fixture.evaluations(5), at: time) }
        let batch = aggregator.drain()
        #expect(batch.node == 3)
        #expect(
            batch.rows == [
                Fixture.row("on", .total, "", Fixture.evaluations(10)),
                Fixture.row("on", .company, "globex", Fixture.evaluations(10)),
                Fixture.row("on", .plan, "gold", Fixture.evaluations(10)),
            ]
        )
        #expect(aggregator.isEmpty && aggregator.drain().isEmpty)
    }

    @Test func aBatchDoesNotDependOnTheOrderOfReports() {
        var reports: [(UsageAggregator.Occasion, Timestamp)] = []
        for index in 0..<300 {
            let occasion = Fixture.occasion(
                index % 3 == 0 ? "on" : "off",
                flag: FlagKey("flag-\(index % 7)"),
                company: "company-\(index % 11)"
            )
            let minute = Int64(index % 4) * 60_000
            reports.append(
                (occasion, Timestamp(milliseconds: Fixture.midnight.milliseconds + minute))
            )
        }
        func batch(_ reports: [(UsageAggregator.Occasion, Timestamp)]) -> UsageBatch {
            var aggregator = UsageAggregator(node: 1)
            for (occasion, time) in reports {
                aggregator.add(occasion, Fixture.evaluations(1), at: time)
                aggregator.add(Fixture.sketch("on", [occasion.company]))
            }
            return aggregator.drain()
        }
        let forth = batch(reports)
        #expect(forth == batch(reports.reversed()))
        #expect(forth.rows.map(\.start) == forth.rows.map(\.start).sorted())
    }

    @Test func aBatchHasNoMoreRowsThanAskedForAndNoneIsLost() {
        var aggregator = UsageAggregator(node: 1)
        for index in 0..<100 {
            let occasion = Fixture.occasion(flag: FlagKey("flag-\(index)"), company: "globex")
            aggregator.add(occasion, Fixture.evaluations(1), at: Fixture.midnight)
        }
        var rows: [UsageRow] = []
        while !aggregator.isEmpty {
            let batch = aggregator.drain(maxRows: 7)
            #expect(batch.rows.count <= 7 && !batch.rows.isEmpty)
            rows.append(contentsOf: batch.rows)
        }
        #expect(rows.count == 200 && Set(rows).count == 200)
    }

    @Test func valuesBeyondTheLimitAreCountedTogetherAlsoAcrossBatches() {
        var aggregator = UsageAggregator(node: 1)
        let max = UsageLimits.valuesPerDimensionMax
        var rows: [UsageRow] = []
        for index in 0..<max + 50 {
            let occasion = Fixture.occasion(company: "company-\(index)")
            aggregator.add(occasion, Fixture.evaluations(1), at: Fixture.midnight)
            if index % 60 == 0 { rows.append(contentsOf: aggregator.drain().rows) }
        }
        rows.append(contentsOf: aggregator.drain().rows)
        let companies = rows.filter { $0.dimension == .company }
        #expect(Set(companies.map(\.value)).count == max + 1)
        let others = companies.filter { $0.value == UsageRow.others }
        #expect(others.reduce(0) { $0 + $1.counts.evaluations } == 50)
        let total = rows.filter { $0.dimension == .total }
        #expect(total.reduce(0) { $0 + $1.counts.evaluations } == UInt64(max + 50))
    }

    @Test func onlyRegistersThatGrewAreSentAgain() {
        var aggregator = UsageAggregator(node: 1)
        aggregator.add(Fixture.sketch("on", Fixture.users(500)))
        let first = aggregator.drain().sketches
        #expect(first == [Fixture.sketch("on", Fixture.users(500))])
        aggregator.add(Fixture.sketch("on", Fixture.users(500)))
        #expect(aggregator.drain().sketches.isEmpty)
        aggregator.add(Fixture.sketch("on", Fixture.users(520)))
        let grown = aggregator.drain().sketches
        #expect((1...20).contains(grown.first?.registers.count ?? 0))
        var union = HyperLogLog()
        for sketch in first + grown { union.merge(sparse: sketch.registers) }
        #expect(union.sparse == Fixture.sketch("on", Fixture.users(520)).registers)
    }

    @Test func aBatchThatWasNotReplicatedComesAgainWithWhatFollowed() {
        var aggregator = UsageAggregator(node: 1)
        let occasion = Fixture.occasion(company: "globex")
        aggregator.add(occasion, Fixture.evaluations(2), at: Fixture.midnight)
        aggregator.add(Fixture.sketch("on", ["ana"]))
        aggregator.add(DeniedAttempt(actor: "eve", organization: "acme", method: "write", count: 1))
        aggregator.drop(9)
        let lost = aggregator.drain()
        aggregator.add(occasion, Fixture.evaluations(3), at: Fixture.midnight)
        aggregator.putBack(lost)
        let batch = aggregator.drain()
        #expect(batch.rows.map(\.counts.evaluations) == [5, 5])
        #expect(batch.sketches == lost.sketches && batch.denied == lost.denied)
        #expect(batch.dropped == 9)
    }

    @Test func whatThereIsNoRoomForIsCounted() {
        var aggregator = UsageAggregator(node: 1)
        var refused: UInt64 = 0
        let share = UsageLimits.periodsMax / 2
        for index in 0..<share + 10 {
            let occasion = Fixture.occasion(flag: FlagKey("flag-\(index)"))
            refused += aggregator.add(occasion, Fixture.evaluations(3), at: Fixture.midnight)
        }
        #expect(refused == 30)
        #expect(aggregator.pendingRows == share)
        #expect(aggregator.drain(maxRows: 1).dropped == 30)
    }

    @Test func anOrganizationThatFillsItsShareLeavesRoomForOthers() {
        var aggregator = UsageAggregator(node: 1)
        func count(_ organization: String, _ flag: Int) -> UInt64 {
            var occasion = Fixture.occasion(flag: FlagKey("flag-\(flag)"))
            occasion.environment = EnvironmentID(organization: organization, environment: "p")
            return aggregator.add(occasion, Fixture.evaluations(1), at: Fixture.midnight)
        }
        for index in 0..<UsageLimits.periodsMax { _ = count("greedy", index) }
        for name in ["modest", "other"] {
            let lost = (0..<1_000).reduce(0) { $0 + count(name, $1) }
            #expect(lost == 0)
        }
        // And its turn comes in the first batch.
        let rows = aggregator.drain().rows
        let organizations = Dictionary(grouping: rows, by: \.environment.organization)
        #expect(organizations.mapValues(\.count)["modest"] ?? 0 > 600)
        #expect(organizations.mapValues(\.count)["other"] ?? 0 > 600)
    }

    @Test func everyOfVeryManyOrganizationsHasItsTurn() {
        var aggregator = UsageAggregator(node: 1)
        let organizations = (0..<100).map { "organization-\($0)" }
        for organization in organizations {
            for index in 0..<100 {
                var occasion = Fixture.occasion(flag: FlagKey("flag-\(index)"))
                occasion.environment = EnvironmentID(organization: organization, environment: "p")
                aggregator.add(occasion, Fixture.evaluations(1), at: Fixture.midnight)
            }
        }
        var served: Set<String> = []
        for _ in 0..<4 {
            served.formUnion(aggregator.drain().rows.map(\.environment.organization))
        }
        #expect(served == Set(organizations))
    }

    @Test func sketchesOfAnOrganizationWithTooManyAreRefusedAndOthersAreKept() {
        var aggregator = UsageAggregator(node: 1)
        func sketch(_ organization: String, _ flag: Int) -> UsageSketch {
            var sketch = Fixture.sketch("on", ["ana"])
            sketch.environment = EnvironmentID(organization: organization, environment: "p")
            sketch.flag = FlagKey("flag-\(flag)")
            return sketch
        }
        let share = UsageLimits.sketchesMax / 2
        var kept: [Bool] = []
        for index in 0...share { kept.append(aggregator.add(sketch("greedy", index))) }
        #expect(kept == Array(repeating: true, count: share) + [false])
        let isOtherKept = aggregator.add(sketch("modest", 0))
        #expect(isOtherKept)
        #expect(aggregator.drain().dropped == 1)
        // What was passed on gives way.
        while !aggregator.isEmpty { _ = aggregator.drain() }
        let isKept = aggregator.add(sketch("greedy", share))
        #expect(isKept)
    }

    @Test func refusedCallsAreAddedUpAndBounded() {
        var aggregator = UsageAggregator(node: 1)
        for index in 0..<UsageLimits.deniedPendingMax * 2 {
            aggregator.add(
                DeniedAttempt(actor: "eve-\(index)", organization: "a", method: "m", count: 2)
            )
        }
        let denied = aggregator.drain().denied
        #expect(denied.count == UsageLimits.deniedPendingMax)
        #expect(denied.reduce(0) { $0 + $1.count } == UInt64(UsageLimits.deniedPendingMax * 4))
    }

    @Test func onlyACredibleClockChoosesTheMinute() {
        let now = Timestamp(milliseconds: Fixture.midnight.milliseconds + 30_000)
        func minute(_ offset: Int64) -> Int64 {
            let reported = Timestamp(milliseconds: now.milliseconds + offset)
            return UsageAggregator.minute(reported: reported, now: now).milliseconds
                - Fixture.midnight.milliseconds
        }
        #expect(minute(-600_000) == -600_000)
        #expect(minute(40_000) == 60_000)
        #expect(minute(120_000) == 0)
        #expect(minute(-86_400_000) == 0)
        let ancient = Timestamp(milliseconds: .min)
        #expect(UsageAggregator.minute(reported: ancient, now: now) == Fixture.midnight)
    }
}
