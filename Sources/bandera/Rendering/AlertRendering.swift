internal import Flags

/// Alerts, and how urgent changes reached the watchers, as the program shows them.
enum AlertRendering {
    /// Alerts, a row each.
    static func document(_ alerts: [Alert]) -> Document {
        let table = Table(
            [
                .numbers(Texts.headingID), .words(Texts.headingEnvironment),
                .words(Texts.headingFlag), .words(Texts.headingKind), .words(Texts.headingTime),
                .words(Texts.headingActor), .words(Texts.headingMessage),
                .words(Texts.headingDelivered), .words(Texts.headingAcknowledged),
            ],
            rows: alerts.map { alert in
                [
                    alert.id.description, alert.environment.description, alert.flag.rawValue,
                    alert.kind.rawValue, alert.raisedAt.rfc3339, alert.raisedBy, alert.message,
                    alert.deliveries.map(self.text).joined(separator: "; "),
                    alert.acknowledgedAt == nil ? "" : alert.acknowledgedBy,
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.name("alerts")
            json.documents(alerts)
            json.endObject()
        }
    }

    /// What an emergency rollback came to, and how fast it reached everybody.
    static func document(
        _ report: DeliverySummary,
        of key: FlagKey,
        in environment: EnvironmentID
    ) -> Document {
        let done = WriteRendering.document(
            "emergency-rollback",
            "flag",
            key.rawValue,
            at: report.revision,
            in: environment
        )
        let table = Table(
            [
                .words(Texts.headingRegion), .numbers(Texts.headingNode),
                .numbers(Texts.headingWatchers), .numbers(Texts.headingAcknowledged),
                .numbers(Texts.headingTook),
            ],
            rows: report.regions.map { region in
                [
                    region.region, Texts.all, String(region.watchers), String(region.acknowledged),
                    Texts.milliseconds(UInt64(region.milliseconds)),
                ]
            }
                + report.deliveries.map { delivery in
                    [
                        delivery.region, String(delivery.node), String(delivery.watchers),
                        String(delivery.acknowledged),
                        Texts.milliseconds(UInt64(delivery.milliseconds)),
                    ]
                }
        )
        let note = report.isComplete ? "" : "\n\(Texts.deliveriesMissing)"
        return Document(text: "\(done.text)\n\(table.text)\(note)") { json in
            json.beginObject()
            json.member("action", "emergency-rollback")
            json.member("kind", "flag")
            json.member("environment", environment.description)
            json.member("key", key.rawValue)
            json.member("revision", report.revision.rawValue)
            json.members("regions", report.regions) { region, json in
                json.beginObject()
                json.member("region", region.region)
                json.member("watchers", region.watchers)
                json.member("acknowledged", region.acknowledged)
                json.member("milliseconds", region.milliseconds)
                json.endObject()
            }
            json.name("deliveries")
            json.documents(report.deliveries)
            json.member("complete", report.isComplete)
            json.endObject()
        }
    }

    private static func text(_ delivery: Alert.Delivery) -> String {
        Texts.delivered(
            region: delivery.region,
            acknowledged: delivery.acknowledged,
            of: delivery.watchers,
            milliseconds: delivery.milliseconds
        )
    }
}
