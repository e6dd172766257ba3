import Flags

/// Evaluates as design section 7 reads, with nothing made ready and nothing shared with what it
/// checks but the bucket, which has golden vectors of its own.
struct ReferenceEvaluator {
    let flags: [FlagKey: Flag]
    let clauses: ReferenceClauses

    init(flags: [Flag], segments: [Segment]) {
        self.flags = Dictionary(uniqueKeysWithValues: flags.map { ($0.key, $0) })
        self.clauses = ReferenceClauses(
            segments: Dictionary(uniqueKeysWithValues: segments.map { ($0.key, $0.definition) })
        )
    }

    func evaluate(_ key: FlagKey, _ context: EvaluationContext, now: Timestamp) -> Evaluation {
        guard let flag = self.flags[key], !flag.isArchived else {
            return Evaluation(error: .flagNotFound)
        }
        func serve(_ name: String, _ reason: EvaluationReason) -> Evaluation {
            let value = flag.variations.first { $0.name == name }?.value
            return Evaluation(value: value, variation: name, reason: reason)
        }
        let hasBegun = flag.start.map { now >= $0 } ?? true
        let hasEnded = flag.end.map { now >= $0 } ?? false
        guard flag.enabled, flag.status == .active, hasBegun, !hasEnded else {
            return serve(flag.offVariation, .disabled)
        }
        for prerequisite in flag.targeting.prerequisites {
            let given = self.evaluate(prerequisite.flag, context, now: now)
            let isAlive = ![.disabled, .error, .prerequisiteFailed].contains(given.reason)
            guard isAlive, prerequisite.variations.contains(given.variation ?? "") else {
                return serve(flag.offVariation, .prerequisiteFailed)
            }
        }
        if let override = self.override(flag, context) {
            return serve(override.variation, .targetingMatch)
        }
        for target in flag.targeting.targets {
            let name = target.attribute.isEmpty ? "targetingKey" : target.attribute
            if self.clauses.names(target.values, self.clauses.value(name, context)) {
                return serve(target.variation, .targetingMatch)
            }
        }
        let lists = [
            (flag.audience.plans, context.plan), (flag.audience.roles, context.role),
            (flag.audience.companies, context.company), (flag.audience.regions, context.region),
        ]
        guard lists.allSatisfy({ $0.isEmpty || $0.contains($1) }) else {
            return serve(flag.offVariation, .default)
        }
        for rule in flag.targeting.rules where self.clauses.holdAll(rule.clauses, context) {
            switch rule.serve {
            case .variation(let name):
                return serve(name, .targetingMatch)
            case .split(let split):
                let unit = split.bucketBy.isEmpty ? flag.bucketBy : split.bucketBy
                return self.divide(split.weights, flag, flag.salt, unit, context, .targetingMatch)
            }
        }
        return self.rollout(flag, context)
    }

    private func rollout(_ flag: Flag, _ context: EvaluationContext) -> Evaluation {
        var weights = flag.targeting.weights.filter { $0.weight > 0 }
        if weights.isEmpty {
            weights = [WeightedVariation(variation: flag.onVariation, weight: 100_000)]
        }
        let off = [WeightedVariation(variation: flag.offVariation, weight: 100_000)]
        let isOff = flag.rollout == .none || weights.map(\.variation) == [flag.offVariation]
        let share = isOff ? off : weights
        if isOff || flag.rollout == .all {
            return self.divide(share, flag, flag.salt + ".weights", flag.bucketBy, context, .static)
        }
        guard let unit = self.clauses.unit(flag.bucketBy, context) else {
            return Evaluation(error: .targetingKeyMissing)
        }
        let isIn = Bucket(salt: flag.salt, unit: unit).rawValue < flag.rollout.thousandths
        return self.divide(
            isIn ? weights : off,
            flag,
            flag.salt + ".weights",
            flag.bucketBy,
            context,
            .split
        )
    }

    private func divide(
        _ weights: [WeightedVariation],
        _ flag: Flag,
        _ salt: String,
        _ attribute: String,
        _ context: EvaluationContext,
        _ reason: EvaluationReason
    ) -> Evaluation {
        func serve(_ name: String, _ reason: EvaluationReason) -> Evaluation {
            let value = flag.variations.first { $0.name == name }?.value
            return Evaluation(value: value, variation: name, reason: reason)
        }
        let shares = weights.filter { $0.weight > 0 }
        if shares.count == 1 { return serve(shares[0].variation, reason) }
        guard let unit = self.clauses.unit(attribute, context) else {
            return Evaluation(error: .targetingKeyMissing)
        }
        var bucket = Int(Bucket(salt: salt, unit: unit).rawValue)
        for share in shares {
            bucket -= Int(share.weight)
            if bucket < 0 { return serve(share.variation, .split) }
        }
        return Evaluation(error: .general)
    }

    private func override(_ flag: Flag, _ context: EvaluationContext) -> Override? {
        let applying = flag.targeting.overrides.filter { override in
            switch override.level {
            case .platform, .organization: true
            case .plan: override.subject == context.plan
            case .company: override.subject == context.company
            case .user: override.subject == context.targetingKey
            }
        }
        let highestFirst = applying.sorted { $0.level < $1.level }
        return highestFirst.first { $0.isLocked } ?? highestFirst.last
    }
}
