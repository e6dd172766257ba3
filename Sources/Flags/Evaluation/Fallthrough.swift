/// What a flag serves where nothing decided before: the rollout's share gets its variations, the
/// rest the off variation.
///
/// Never copied: it is read where it lies.
struct Fallthrough: ~Copyable, Sendable {
    /// Whether everybody is in, or nobody: no bucket is needed, so no unit either.
    private let isOpen: Bool
    private let bucketing: Bucketing
    /// Those below this bucket are in.
    private let end: UInt32
    private let inside: Distribution
    private let outside: Served

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
        self.isOpen = isAlwaysOff || flag.rollout == .all
        self.bucketing = Bucketing(salt: flag.salt, bucketBy: flag.bucketBy)
        self.end = flag.rollout.thousandths
        self.outside = off
    }

    func evaluate(
        _ context: borrowing EvaluationContext,
        _ explainer: Explainer?
    ) -> Evaluation {
        guard !self.isOpen else {
            explainer?.noteWholeRollout(self.inside)
            explainer?.noteWeights(self.inside, context, of: nil)
            return self.inside.evaluate(context, single: .static)
        }
        let bucket = self.bucketing.bucket(context)
        explainer?.noteRollout(bucket, below: self.end, self.inside)
        guard let bucket else { return Evaluation(error: .targetingKeyMissing) }
        guard bucket.rawValue < self.end else { return self.outside.evaluation(.split) }
        explainer?.noteWeights(self.inside, context, of: nil)
        return self.inside.evaluate(context, single: .split)
    }
}
