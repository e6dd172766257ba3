/// What a flag serves where nothing decided before: the rollout's share gets its variations, the
/// rest the off variation.
struct Fallthrough: Sendable {
    /// Those below a bucket are in.
    private final class Gate: Sendable {
        let bucketing: Bucketing
        let end: UInt32
        let outside: Served

        init(_ flag: Flag, outside: Served) {
            self.bucketing = Bucketing(salt: flag.salt, bucketBy: flag.bucketBy)
            self.end = flag.rollout.thousandths
            self.outside = outside
        }
    }

    private let gate: Gate?
    private let inside: Distribution

    init(_ flag: Flag) {
        let on = Served(flag.onVariation, of: flag)
        let off = Served(flag.offVariation, of: flag)
        let weights = flag.targeting.weights.filter { $0.weight > 0 }
        let isAlwaysOff =
            flag.rollout == .none
            || weights.isEmpty && flag.onVariation == flag.offVariation
            || weights.count == 1 && weights[0].variation == flag.offVariation
        if isAlwaysOff {
            self.inside = Distribution(single: off)
        } else if weights.isEmpty {
            self.inside = Distribution(single: on)
        } else {
            self.inside = Distribution(
                weights,
                of: flag,
                bucketing: Bucketing(
                    salt: flag.salt,
                    bucketBy: flag.bucketBy,
                    for: .weights
                )
            )
        }
        let isOpen = isAlwaysOff || flag.rollout == .all
        self.gate = isOpen ? nil : Gate(flag, outside: off)
    }

    func evaluate(
        _ context: borrowing EvaluationContext,
        _ explainer: Explainer?
    ) -> Evaluation {
        guard let gate = self.gate else {
            explainer?.noteWholeRollout(self.inside)
            explainer?.noteWeights(self.inside, context, of: nil)
            return self.inside.evaluate(context, single: .static)
        }
        let bucket = gate.bucketing.bucket(context)
        explainer?.noteRollout(bucket, below: gate.end, self.inside)
        guard let bucket else { return Evaluation(error: .targetingKeyMissing) }
        guard bucket.rawValue < gate.end else { return gate.outside.evaluation(.split) }
        explainer?.noteWeights(self.inside, context, of: nil)
        return self.inside.evaluate(context, single: .split)
    }
}
