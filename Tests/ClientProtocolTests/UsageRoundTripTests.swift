import ClientProtocol
import Flags
import Testing
import Wire
import WireTestKit

@Suite struct UsageRoundTripTests {
    @Test func reportsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<20 {
            try expectSurvives(chance.usageReport(), seed: seed, rounds: 100)
        }
        try expectSurvives(UsageReceipt(dropped: chance.next()), seed: seed)
    }

    @Test func batchesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<20 {
            let request = WriteRequest(command: .recordUsage(chance.usageBatch()))
            try expectSurvives(request, seed: seed, rounds: 100)
        }
        let nothing = WriteRequest(command: .recordUsage(UsageBatch(node: 0)))
        #expect(try WriteRequest.decode(nothing.encode()) == nothing)
    }

    @Test func queriesSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for resolution in UsageResolution.allCases {
            let query = UsageQuery(
                environment: chance.environment(),
                flag: chance.string(),
                from: chance.time(),
                to: chance.time(),
                resolution: resolution,
                dimension: chance.any(UsageDimension.self),
                value: chance.string(),
                atLeast: chance.revision()
            )
            try expectSurvives(query, seed: seed)
        }
        let rows = chance.usageRows(20)
        let response = UsageQueryResponse(revision: chance.revision(), rows: rows, isCut: true)
        try expectSurvives(response, seed: seed)
    }

    @Test func metricsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = MetricsRequest(
            environment: chance.environment(),
            flag: chance.string(),
            atLeast: chance.revision(),
            after: chance.string()
        )
        try expectSurvives(request, seed: seed)
        let metrics = [nil, 0, 4.5].map { score in
            FeatureMetrics(
                flag: FlagKey(chance.string()),
                usageCount: chance.next(),
                errorRate: 0.25,
                performanceImpact: -0.5,
                adoptionRate: 1,
                userFeedbackScore: score,
                users: chance.next(),
                lastUpdated: chance.time()
            )
        }
        let response = MetricsResponse(
            revision: chance.revision(),
            metrics: metrics,
            hasMore: chance.flip()
        )
        try expectSurvives(response, seed: seed)
    }

    @Test func overviewsSurviveAbuse() throws {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        let request = OverviewRequest(organization: chance.string(), atLeast: chance.revision())
        try expectSurvives(request, seed: seed)
        let response = OverviewResponse(
            revision: chance.revision(),
            activeFeatures: chance.next(),
            pendingReleases: chance.next(),
            rollbackAlerts: chance.next(),
            healthyNodes: chance.next(),
            nodes: chance.next(),
            companies: chance.next(),
            users: chance.next(),
            uptimeMilliseconds: chance.next(),
            droppedUsage: chance.next()
        )
        try expectSurvives(response, seed: seed)
    }

    /// Rows of 100 flags with two variations each: in total, and by 30 values of four dimensions.
    private func rows(_ counts: (Int) -> UsageCounts) -> [UsageRow] {
        let dimensions: [(UsageDimension, Int)] = [
            (.total, 1), (.company, 20), (.plan, 4), (.role, 3), (.region, 3),
        ]
        var rows: [UsageRow] = []
        for flag in 0..<100 {
            for variation in ["on", "off"] {
                for (dimension, values) in dimensions {
                    for value in 0..<values {
                        rows.append(
                            UsageRow(
                                environment: EnvironmentID(
                                    organization: "acme",
                                    environment: "production"
                                ),
                                flag: FlagKey("checkout.feature-\(flag)"),
                                variation: variation,
                                dimension: dimension,
                                value: dimension == .total ? "" : "\(dimension)-\(value)",
                                start: Timestamp(milliseconds: 1_700_000_040_000),
                                counts: counts(rows.count)
                            )
                        )
                    }
                }
            }
        }
        return rows
    }

    @Test func aLargeBatchIsSmall() throws {
        let rows = self.rows { index in
            var counts = UsageCounts()
            counts.evaluations = UInt64(10 + index % 100)
            return counts
        }
        #expect(rows.count == 6_200)
        let request = WriteRequest(command: .recordUsage(UsageBatch(node: 1, rows: rows)))
        let bytes = request.encode()
        print("a batch of \(rows.count) rows of evaluations has \(bytes.count) bytes")
        #expect(bytes.count < 3 * rows.count)
        #expect(try WriteRequest.decode(bytes) == request)
    }

    @Test func aLargeBatchOfAllThatHappensIsStillSmall() throws {
        let rows = self.rows { index in
            var counts = UsageCounts()
            counts.evaluations = UInt64(1_000 + index)
            counts.views = UInt64(500 + index % 400)
            counts.latencies = 100
            counts.latencyMicroseconds = 1_000_000
            return counts
        }
        let request = WriteRequest(command: .recordUsage(UsageBatch(node: 1, rows: rows)))
        let bytes = request.encode()
        print("a batch of \(rows.count) rows of four counts has \(bytes.count) bytes")
        #expect(bytes.count < 12 * rows.count)
        #expect(try WriteRequest.decode(bytes) == request)
    }

    @Test func aReportOfManyCombinationsIsSmall() throws {
        var entries: [UsageReport.Entry] = []
        for flag in 0..<100 {
            for company in 0..<20 {
                var counts = UsageCounts()
                counts.evaluations = UInt64(1 + company)
                entries.append(
                    UsageReport.Entry(
                        flag: FlagKey("checkout.feature-\(flag)"),
                        variation: company % 2 == 0 ? "on" : "off",
                        company: "company-\(company)",
                        plan: "plan-\(company % 4)",
                        role: "role-\(company % 3)",
                        region: "MX",
                        counts: counts
                    )
                )
            }
        }
        entries.sort { ($0.flag, $0.variation) < ($1.flag, $1.variation) }
        let report = UsageReport(
            environment: EnvironmentID(organization: "acme", environment: "production"),
            start: Timestamp(milliseconds: 1_700_000_040_000),
            entries: entries
        )
        let bytes = report.encode()
        print("a report of \(entries.count) entries has \(bytes.count) bytes")
        #expect(bytes.count < 5 * entries.count)
        #expect(try UsageReport.decode(bytes) == report)
    }

    @Test func aFullSketchTakesAByteForEachRegister() throws {
        let sketch = UsageSketch(
            environment: EnvironmentID(organization: "acme", environment: "production"),
            flag: FlagKey("f"),
            variation: "on",
            registers: (0..<1024).map { UInt16($0 << 6 | 5) }
        )
        let batch = UsageBatch(node: 1, sketches: [sketch])
        let request = WriteRequest(command: .recordUsage(batch))
        let bytes = request.encode()
        #expect(bytes.count < 1024 + 64)
        #expect(try WriteRequest.decode(bytes) == request)
    }
}
