extension Explainer {
    func noteFlag(isFound: Bool) {
        self.note(
            "flag",
            [
                ("key", .string(self.flag.key.rawValue)),
                ("revision", .number(Double(self.flag.revision.rawValue))),
            ],
            isFound ? "found" : self.flag.isArchived ? "archived" : "lacks its variations",
            isDecisive: !isFound
        )
    }

    func noteState(isOpen: Bool, now: Timestamp) {
        var inputs: [(String, Value)] = [
            ("status", .string(self.flag.status.rawValue)), ("enabled", .bool(self.flag.enabled)),
            ("now", .string(now.rfc3339)),
        ]
        if let start = self.flag.start { inputs.append(("start", .string(start.rfc3339))) }
        if let end = self.flag.end { inputs.append(("end", .string(end.rfc3339))) }
        let outcome =
            if isOpen {
                "open"
            } else if self.flag.status != .active {
                "not active: serves \(self.flag.offVariation)"
            } else if !self.flag.enabled {
                "switched off: serves \(self.flag.offVariation)"
            } else {
                "outside its dates: serves \(self.flag.offVariation)"
            }
        self.note("state", inputs, outcome, isDecisive: !isOpen)
    }

    func notePrerequisite(at index: Int, gave evaluation: Evaluation?, isMet: Bool) {
        let prerequisite = self.flag.targeting.prerequisites[index]
        var inputs: [(String, Value)] = [
            ("flag", .string(prerequisite.flag.rawValue)),
            ("wanted", Self.list(prerequisite.variations)),
        ]
        if let variation = evaluation?.variation { inputs.append(("given", .string(variation))) }
        if let evaluation { inputs.append(("reason", .string(evaluation.reason.rawValue))) }
        let failure = evaluation == nil ? "unknown, or too deep" : "failed"
        self.note(
            "prerequisite",
            inputs,
            isMet ? "met" : "\(failure): serves \(self.flag.offVariation)",
            isDecisive: !isMet
        )
    }

    func noteOverrides(
        _ context: borrowing EvaluationContext,
        _ decision: CompiledOverrides.Decision?
    ) {
        var inputs: [(String, Value)] = []
        for override in self.flag.targeting.overrides {
            let subject: String? =
                switch override.level {
                case .platform, .organization: nil
                case .plan: context.plan
                case .company: context.company
                case .user: context.targetingKey
                }
            if let subject, subject != override.subject || subject.isEmpty { continue }
            let locked = override.isLocked ? " (locked)" : ""
            inputs.append((override.level.rawValue, .string(override.variation + locked)))
        }
        guard let decision else {
            self.note("override", inputs, "none applies", isDecisive: false)
            return
        }
        let name = decision.served.evaluation(.targetingMatch).variation ?? "nothing"
        let why = decision.isLocked ? "is locked" : "is nearest"
        self.note(
            "override",
            inputs,
            "\(decision.level.rawValue) \(why): serves \(name)",
            isDecisive: true
        )
    }

    func noteTarget(at index: Int, _ value: Value?, isListed: Bool) {
        let target = self.flag.targeting.targets[index]
        self.note(
            "target",
            [
                ("attribute", .string(Self.attribute(target.attribute))),
                ("value", value ?? .null),
                ("values", Self.list(target.values)),
            ],
            isListed ? "listed: serves \(target.variation)" : "not listed",
            isDecisive: isListed
        )
    }

    func noteAudience(_ context: borrowing EvaluationContext, isAdmitted: Bool) {
        let audience = self.flag.audience
        let lists = [
            ("plan", audience.plans, context.plan), ("role", audience.roles, context.role),
            ("company", audience.companies, context.company),
            ("region", audience.regions, context.region),
        ]
        var inputs: [(String, Value)] = []
        for (name, list, own) in lists where !list.isEmpty {
            inputs.append((name, .string(own)))
            inputs.append(("\(name) in", Self.list(list)))
        }
        self.note(
            "audience",
            inputs,
            isAdmitted ? "admitted" : "not admitted: serves \(self.flag.offVariation)",
            isDecisive: !isAdmitted
        )
    }

    /// The first values of a list, and how many more there are.
    static func list(_ texts: [String]) -> Value {
        Self.list(values: texts.prefix(Self.listedMax + 1).map { .string($0) }, of: texts.count)
    }

    static func list(values: [Value], of count: Int) -> Value {
        guard count > Self.listedMax else { return .array(values) }
        let more = Value.string("and \(count - Self.listedMax) more")
        return .array(Array(values.prefix(Self.listedMax)) + [more])
    }

    static func attribute(_ name: String) -> String {
        name.isEmpty ? Flag.targetingKeyName : name
    }
}
