import ClientProtocol
import Flags
import Testing
import Wire

/// What usage and the audit look like on the wire and in the log.
@Suite struct UsageGoldenTests {
    private let environment = EnvironmentID(organization: "o", environment: "e")

    private var counts: UsageCounts {
        var counts = UsageCounts()
        counts.evaluations = 300
        return counts
    }

    private var allCounts: UsageCounts {
        var counts = UsageCounts()
        counts.evaluations = 1
        counts.views = 2
        counts.clicks = 3
        counts.errors = 4
        counts.conversions = 5
        counts.latencies = 6
        counts.latencyMicroseconds = 7
        counts.feedbacks = 8
        counts.feedbackThousandths = 9
        return counts
    }

    private var rows: [UsageRow] {
        let cells: [(UsageDimension, String, UsageCounts)] = [
            (.total, "", self.counts), (.region, "r", self.allCounts), (.total, "", self.counts),
        ]
        return cells.map { dimension, value, counts in
            UsageRow(
                environment: self.environment,
                flag: FlagKey("f"),
                variation: "v",
                dimension: dimension,
                value: value,
                start: Timestamp(milliseconds: 60_000),
                counts: counts
            )
        }
    }

    private var sketch: UsageSketch {
        UsageSketch(
            environment: self.environment,
            flag: FlagKey("f"),
            variation: "v",
            registers: [1, 1 << 6 | 2, 1023 << 6 | 55]
        )
    }

    @Test func theBytesOfABatchAreFixed() {
        let delivery = Alert.Delivery(
            region: "r",
            node: 4,
            watchers: 5,
            acknowledged: 6,
            milliseconds: 7
        )
        let batch = UsageBatch(
            node: 1,
            rows: self.rows,
            sketches: [self.sketch],
            denied: [DeniedAttempt(actor: "a", organization: "o", method: "m", count: 2)],
            deliveries: [DeliveryReport(alert: Revision(3), delivery: delivery)],
            dropped: 5
        )
        expectBytes(
            WriteRequest(command: .recordUsage(batch)),
            "ea016a080112460a016f0a01650a01660a01760a01721202002c1a20080110021803200428"
                + "c0a907321200ac0201ff0301020304050607080906ac02220f08011002180320042a050102"
                + "f7fe031a0b0a016112016f1a016d2002220f0803120b0a017210041805200628072805"
        )
    }

    @Test func theBytesOfAReportAreFixed() {
        let entry = UsageReport.Entry(
            flag: FlagKey("f"),
            variation: "v",
            company: "c",
            region: "g",
            counts: self.counts
        )
        let report = UsageReport(
            environment: self.environment,
            start: Timestamp(milliseconds: 1),
            entries: [entry],
            sketches: [self.sketch],
            dropped: 2
        )
        expectBytes(
            report,
            "0a060a016f12016510011a2a0a01660a01760a01630a01671204030000041a091801200232"
                + "0300ac02220b180120022a050102f7fe032002"
        )
        expectBytes(
            UsageReceipt(dropped: 3),
            "0803"
        )
    }

    @Test func theBytesOfQueriesAreFixed() {
        let query = UsageQuery(
            environment: self.environment,
            flag: "f",
            from: Timestamp(milliseconds: 1),
            to: Timestamp(milliseconds: 2),
            resolution: .day,
            dimension: .role,
            value: "v",
            atLeast: Revision(3)
        )
        expectBytes(
            query,
            "0a060a016f12016512016618012002280330033a01764003"
        )
        let response = UsageQueryResponse(
            revision: Revision(1),
            rows: [self.rows[0]],
            isCut: true
        )
        expectBytes(
            response,
            "080112220a016f0a01650a01660a01761201001a11080110021803200428c0a907320300ac021801"
        )
    }

    @Test func theBytesOfMetricsAreFixed() {
        let metrics = FeatureMetrics(
            flag: FlagKey("f"),
            usageCount: 1,
            errorRate: 1,
            performanceImpact: -1,
            adoptionRate: 0.5,
            userFeedbackScore: 0,
            users: 2,
            lastUpdated: Timestamp(milliseconds: 3)
        )
        expectBytes(
            MetricsResponse(revision: Revision(1), metrics: [metrics]),
            "0801122d0a0166100119000000000000f03f21000000000000f0bf29000000000000e03f31"
                + "000000000000000038024003"
        )
        let overview = OverviewResponse(
            revision: Revision(1),
            activeFeatures: 2,
            pendingReleases: 3,
            rollbackAlerts: 4,
            healthyNodes: 5,
            nodes: 6,
            companies: 7,
            users: 8,
            uptimeMilliseconds: 9,
            droppedUsage: 10
        )
        expectBytes(
            overview,
            "080110021803200428053006380740084809500a"
        )
    }

    @Test func theBytesOfTheAuditAreFixed() {
        let request = AuditRequest(
            organization: "o",
            environment: "e",
            kind: "k",
            subject: "s",
            after: 1,
            limit: 2,
            atLeast: Revision(3)
        )
        expectBytes(
            request,
            "0a016f1201651a016b220173280130023803"
        )
        let row = AuditRow(
            id: 1,
            revision: Revision(2),
            organization: "o",
            environment: "e",
            kind: "k",
            subject: "s",
            time: Timestamp(milliseconds: 3),
            actor: "a",
            action: "c",
            reason: "r",
            before: "b",
            after: "f",
            previousHash: "p",
            hash: "h"
        )
        expectBytes(
            AuditResponse(revision: Revision(1), rows: [row], hasMore: true),
            "08011227080110021a016f2201652a016b32017338034201614a01635201725a0162620166"
                + "6a01707201681801"
        )
        let verified = VerifyHistoryResponse(
            revision: Revision(1),
            rows: 2,
            firstBad: 3,
            head: "h",
            node: 4
        )
        expectBytes(
            verified,
            "0801100218032201682804"
        )
        let me = WhoAmIResponse(
            actor: "a",
            authority: Authority(role: .viewer, organization: "o", environment: "e")
        )
        expectBytes(
            me,
            "0a01611208080512016f1a0165"
        )
    }
}
