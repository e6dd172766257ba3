/// What a rule or the fallthrough serves: one variation, or several by weight.
///
/// Never copied: it is read where it lies.
struct Distribution: ~Copyable, Sendable {
    /// A variation and the bucket that it ends before.
    private struct Arm: Sendable {
        let end: UInt32
        let served: Served
    }

    private final class Division: Sendable {
        let bucketing: Bucketing
        let arms: [Arm]
        let last: Served

        init(_ bucketing: consuming Bucketing, _ arms: [Arm], last: Served) {
            self.bucketing = bucketing
            self.arms = arms
            self.last = last
        }

        func evaluate(_ bucket: Bucket) -> Evaluation {
            for index in self.arms.indices where bucket.rawValue < self.arms[index].end {
                return self.arms[index].served.evaluation(.split)
            }
            return self.last.evaluation(.split)
        }
    }

    private enum Form: Sendable {
        /// No bucket is needed, so no unit either.
        case single(Served)
        case weighted(Division)
    }

    private let form: Form

    private init(form: Form) { self.form = form }

    /// Everybody gets the same.
    init(single served: Served) { self.init(form: .single(served)) }

    /// Each unit gets one of `weights` by its bucket; the last one takes what they do not add up
    /// to.
    ///
    /// Only one with a share of nothing but its own is a single one.
    init(
        _ weights: [WeightedVariation],
        of flag: Flag,
        bucketing: consuming Bucketing
    ) {
        let shares = weights.filter { $0.weight > 0 }
        guard let last = shares.last ?? weights.last else {
            self.init(single: Served(error: .general))
            return
        }
        guard shares.count > 1 else {
            self.init(single: Served(last.variation, of: flag))
            return
        }
        var end: UInt32 = 0
        var arms: [Arm] = []
        for share in shares.dropLast() {
            end += min(share.weight, WeightedVariation.total - end)
            arms.append(Arm(end: end, served: Served(share.variation, of: flag)))
        }
        let rest = Served(last.variation, of: flag)
        self.init(form: .weighted(Division(bucketing, arms, last: rest)))
    }

    /// The one that everybody gets; `nil` when there are several.
    var single: Served? {
        if case .single(let served) = self.form { served } else { nil }
    }

    /// What `context` gets: for `reason` if everybody gets the same, else it is a split.
    func evaluate(
        _ context: borrowing EvaluationContext,
        single reason: EvaluationReason
    ) -> Evaluation {
        switch self.form {
        case .single(let served):
            return served.evaluation(reason)
        case .weighted(let division):
            guard let bucket = division.bucketing.bucket(context) else {
                return Evaluation(error: .targetingKeyMissing)
            }
            return division.evaluate(bucket)
        }
    }

    /// The bucket that decides for `context`; `nil` when none is needed, or there is no unit.
    func bucket(_ context: borrowing EvaluationContext) -> Bucket? {
        switch self.form {
        case .single: nil
        case .weighted(let division): division.bucketing.bucket(context)
        }
    }
}
