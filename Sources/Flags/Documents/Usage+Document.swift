extension UsageCounts: Documented {
    private static let names = [
        "evaluations", "views", "clicks", "errors", "conversions", "latencies",
        "latency_microseconds", "feedbacks", "feedback_thousandths",
    ]

    /// The counts that are not 0.
    public var document: Value {
        .document([
            "evaluations": .wholeIfAny(self.evaluations),
            "views": .wholeIfAny(self.views),
            "clicks": .wholeIfAny(self.clicks),
            "errors": .wholeIfAny(self.errors),
            "conversions": .wholeIfAny(self.conversions),
            "latencies": .wholeIfAny(self.latencies),
            "latency_microseconds": .wholeIfAny(self.latencyMicroseconds),
            "feedbacks": .wholeIfAny(self.feedbacks),
            "feedback_thousandths": .wholeIfAny(self.feedbackThousandths),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "counts", Self.names)
        self.init()
        self.evaluations = try reader.whole("evaluations", default: 0)
        self.views = try reader.whole("views", default: 0)
        self.clicks = try reader.whole("clicks", default: 0)
        self.errors = try reader.whole("errors", default: 0)
        self.conversions = try reader.whole("conversions", default: 0)
        self.latencies = try reader.whole("latencies", default: 0)
        self.latencyMicroseconds = try reader.whole("latency_microseconds", default: 0)
        self.feedbacks = try reader.whole("feedbacks", default: 0)
        self.feedbackThousandths = try reader.whole("feedback_thousandths", default: 0)
    }
}

extension FeatureMetrics: Documented {
    private static let names = [
        "flag", "usage_count", "error_rate", "performance_impact", "adoption_rate",
        "user_feedback_score", "users", "last_updated",
    ]

    /// Every figure; `user_feedback_score` only when there is one.
    public var document: Value {
        .document([
            "flag": .string(self.flag.rawValue),
            "usage_count": .whole(self.usageCount),
            "error_rate": .number(self.errorRate),
            "performance_impact": .number(self.performanceImpact),
            "adoption_rate": .number(self.adoptionRate),
            "user_feedback_score": self.userFeedbackScore.map { .number($0) } ?? .null,
            "users": .whole(self.users),
            "last_updated": .moment(self.lastUpdated),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "metrics", Self.names)
        self.init(
            flag: FlagKey(try reader.text("flag")),
            usageCount: try reader.whole("usage_count"),
            errorRate: try reader.number("error_rate"),
            performanceImpact: try reader.number("performance_impact"),
            adoptionRate: try reader.number("adoption_rate"),
            userFeedbackScore: try reader.numberIfAny("user_feedback_score"),
            users: try reader.whole("users"),
            lastUpdated: try reader.moment("last_updated")
        )
    }
}
