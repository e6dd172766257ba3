extension Alert: Documented {
    private static let names = [
        "id", "environment", "flag", "kind", "message", "raised_at", "raised_by",
        "acknowledged_at", "acknowledged_by", "deliveries",
    ]

    /// `id`, `environment`, `flag`, `kind`, `message`, who and when, and `deliveries`.
    public var document: Value {
        .document([
            "id": .whole(self.id.rawValue),
            "environment": .string(self.environment.description),
            "flag": .string(self.flag.rawValue),
            "kind": .string(self.kind.rawValue),
            "message": .text(self.message),
            "raised_at": .moment(self.raisedAt),
            "raised_by": .text(self.raisedBy),
            "acknowledged_at": .moment(self.acknowledgedAt),
            "acknowledged_by": .text(self.acknowledgedBy),
            "deliveries": .documents(self.deliveries),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an alert", Self.names)
        self.init(
            id: Revision(try reader.whole("id")),
            environment: try reader.environment("environment"),
            flag: FlagKey(try reader.text("flag")),
            kind: try reader.choice("kind"),
            message: try reader.text("message", default: ""),
            raisedAt: try reader.moment("raised_at"),
            raisedBy: try reader.text("raised_by", default: ""),
            acknowledgedAt: try reader.momentIfAny("acknowledged_at"),
            acknowledgedBy: try reader.text("acknowledged_by", default: ""),
            deliveries: try reader.items("deliveries")
        )
    }
}

extension Alert.Delivery: Documented {
    private static let names = ["region", "node", "watchers", "acknowledged", "milliseconds"]

    /// `region`, `node`, `watchers`, `acknowledged` and `milliseconds`.
    public var document: Value {
        .document([
            "region": .text(self.region),
            "node": .whole(self.node),
            "watchers": .whole(self.watchers),
            "acknowledged": .whole(self.acknowledged),
            "milliseconds": .whole(self.milliseconds),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a delivery", Self.names)
        self.init(
            region: try reader.text("region", default: ""),
            node: try reader.whole("node"),
            watchers: try reader.whole("watchers"),
            acknowledged: try reader.whole("acknowledged"),
            milliseconds: try reader.whole("milliseconds")
        )
    }
}
