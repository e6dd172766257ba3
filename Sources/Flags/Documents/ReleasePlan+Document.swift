extension ReleasePlan: Documented {
    /// `steps`.
    public var document: Value {
        .document(["steps": .array(self.steps.map(\.document))])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a release plan", ["steps"])
        self.init(steps: try reader.items("steps"))
    }
}

extension ReleaseStep: Documented {
    private static let names = [
        "rollout_percentage", "audience", "regions", "hold", "hold_ms", "approvals",
        "evaluations_min",
    ]

    /// `rollout_percentage`, `audience`, `regions`, `hold` (such as `1h30m`), `approvals` and
    /// `evaluations_min`.
    public var document: Value {
        let hold = HoldText.text(milliseconds: self.holdMilliseconds)
        return .document([
            "rollout_percentage": self.rollout.map { .number($0.percent) } ?? .null,
            "audience": self.audience.map(\.document) ?? .null,
            "regions": .texts(self.regions),
            "hold": hold.map { .string($0) } ?? .null,
            "hold_ms": hold == nil ? .wholeIfAny(self.holdMilliseconds) : .null,
            "approvals": .wholeIfAny(self.approvals),
            "evaluations_min": .wholeIfAny(self.evaluationsMin),
        ])
    }

    /// Reads `document`; the hold is a text, or milliseconds in `hold_ms`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a step", Self.names)
        var hold: Int64 = try reader.whole("hold_ms", default: 0)
        if let text = try reader.textIfAny("hold") {
            guard !reader.has("hold_ms") else {
                throw FlagsError(.invalidDocument, "a step has hold or hold_ms, not both")
            }
            hold = try HoldText.milliseconds(text)
        }
        self.init(
            rollout: try reader.percentageIfAny("rollout_percentage"),
            audience: try reader.itemIfAny("audience"),
            regions: try reader.texts("regions"),
            holdMilliseconds: hold,
            approvals: try reader.whole("approvals", default: 0),
            evaluationsMin: try reader.whole("evaluations_min", default: 0)
        )
    }
}
