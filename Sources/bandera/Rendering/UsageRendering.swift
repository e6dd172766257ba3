internal import ClientProtocol
internal import Flags

/// What was used, as the program shows it.
enum UsageRendering {
    /// What was used when, a row a period, variation and value.
    static func document(_ response: UsageQueryResponse) -> Document {
        let table = Table(
            [
                .words(Texts.headingStart), .words(Texts.headingFlag),
                .words(Texts.headingVariation), .words(Texts.headingFor),
                .numbers(Texts.headingEvaluations), .numbers(Texts.headingViews),
                .numbers(Texts.headingClicks), .numbers(Texts.headingConversions),
                .numbers(Texts.headingErrors), .numbers(Texts.headingLatency),
                .numbers(Texts.headingFeedback),
            ],
            rows: response.rows.map(self.cells)
        )
        let note = response.isCut ? "\n\(Texts.usageCut)" : ""
        return Document(text: table.text + note) { json in
            json.beginObject()
            json.member("revision", response.revision.rawValue)
            json.member("cut", response.isCut)
            json.members("rows", response.rows) { row, json in
                json.beginObject()
                json.name("start")
                json.time(row.start)
                json.member("flag", row.flag.rawValue)
                json.member("variation", row.variation)
                json.member("dimension", row.dimension.rawValue)
                json.member("value", row.value)
                json.name("counts")
                json.value(row.counts.document)
                json.endObject()
            }
            json.endObject()
        }
    }

    private static func cells(_ row: UsageRow) -> [String] {
        let counts = row.counts
        return [
            row.start.rfc3339, row.flag.rawValue, row.variation, row.value,
            String(counts.evaluations), String(counts.views), String(counts.clicks),
            String(counts.conversions), String(counts.errors),
            counts.latencies == 0
                ? "" : Texts.microseconds(counts.latencyMicroseconds / counts.latencies),
            counts.feedbacks == 0
                ? ""
                : DecimalText.text(
                    Double(counts.feedbackThousandths) / Double(counts.feedbacks) / 1_000
                ),
        ]
    }

    /// How flags do, a row each.
    static func document(_ response: MetricsResponse) -> Document {
        let table = Table(
            [
                .words(Texts.headingFlag), .numbers(Texts.headingEvaluations),
                .numbers(Texts.headingUsers), .numbers(Texts.headingErrorRate),
                .numbers(Texts.headingImpact), .numbers(Texts.headingAdoption),
                .numbers(Texts.headingFeedback), .words(Texts.headingUpdated),
            ],
            rows: response.metrics.map { metrics in
                [
                    metrics.flag.rawValue, String(metrics.usageCount), String(metrics.users),
                    DecimalText.percent(metrics.errorRate),
                    DecimalText.percent(metrics.performanceImpact),
                    DecimalText.percent(metrics.adoptionRate),
                    metrics.userFeedbackScore.map { DecimalText.text($0) } ?? "",
                    metrics.lastUpdated.rfc3339,
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("revision", response.revision.rawValue)
            json.name("metrics")
            json.documents(response.metrics)
            json.endObject()
        }
    }

    /// How everything is: name and value in rows.
    static func document(_ response: OverviewResponse) -> Document {
        let uptime = HoldText.text(
            milliseconds: Int64(clamping: response.uptimeMilliseconds / 1_000 * 1_000)
        )
        let table = Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: [
                [Texts.headingActiveFeatures, String(response.activeFeatures)],
                [Texts.headingPendingReleases, String(response.pendingReleases)],
                [Texts.headingRollbackAlerts, String(response.rollbackAlerts)],
                [Texts.headingHealthyNodes, "\(response.healthyNodes) / \(response.nodes)"],
                [Texts.headingCompanies, String(response.companies)],
                [Texts.headingUsers, String(response.users)],
                [Texts.headingUptime, uptime ?? "0s"],
                [Texts.headingDropped, String(response.droppedUsage)],
                [Texts.headingRevision, response.revision.description],
            ]
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("revision", response.revision.rawValue)
            json.member("active_features", response.activeFeatures)
            json.member("pending_releases", response.pendingReleases)
            json.member("rollback_alerts", response.rollbackAlerts)
            json.member("healthy_nodes", response.healthyNodes)
            json.member("nodes", response.nodes)
            json.member("companies", response.companies)
            json.member("users", response.users)
            json.member("uptime_ms", response.uptimeMilliseconds)
            json.member("dropped_usage", response.droppedUsage)
            json.endObject()
        }
    }
}

/// Fractions with two decimals, for tables.
enum DecimalText {
    /// The number with at most two decimals.
    static func text(_ number: Double) -> String {
        guard number.isFinite, number.magnitude < 1e15 else { return "\(number)" }
        let hundredths = Int64((number * 100).rounded())
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        guard rest != 0 else { return "\(sign)\(whole)" }
        let decimals = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
        return "\(sign)\(whole).\(decimals)"
    }

    /// A share of one, in percent.
    static func percent(_ share: Double) -> String { "\(self.text(share * 100)) %" }
}
