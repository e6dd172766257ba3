/// What a flag serves where nothing decided before: one variation, or several by weight.
///
/// The fallthrough is one; every rule will be one too.
struct Distribution: Sendable {
    /// A variation and the bucket that it ends before.
    struct Arm: Sendable {
        let end: UInt32
        let evaluation: Evaluation
    }

    private enum Form: Sendable {
        /// One variation at 100 %: no bucket is needed, so no unit either.
        case single(Evaluation)
        case weighted(Bucketing, arms: [Arm], last: Evaluation)
    }

    private let form: Form

    private init(form: Form) { self.form = form }

    /// Everybody gets the same.
    init(single variation: Variation) {
        self.form = .single(
            Evaluation(value: variation.value, variation: variation.name, reason: .static)
        )
    }

    /// `first` for the share of `rollout`, `rest` for everybody else.
    init(rollout: RolloutPercentage, first: Variation, rest: Variation, bucketing: Bucketing) {
        if rollout == .all || first.name == rest.name {
            self.init(single: first)
        } else if rollout == .none {
            self.init(single: rest)
        } else {
            let inside = Evaluation(value: first.value, variation: first.name, reason: .split)
            let outside = Evaluation(value: rest.value, variation: rest.name, reason: .split)
            let arm = Arm(end: rollout.thousandths, evaluation: inside)
            self.init(form: .weighted(bucketing, arms: [arm], last: outside))
        }
    }

    func evaluate(_ context: borrowing EvaluationContext) -> Evaluation {
        switch self.form {
        case .single(let evaluation):
            return evaluation
        case .weighted(let bucketing, let arms, let last):
            guard let bucket = bucketing.bucket(context) else {
                return Evaluation(error: .targetingKeyMissing)
            }
            for index in arms.indices where bucket.rawValue < arms[index].end {
                return arms[index].evaluation
            }
            return last
        }
    }
}
