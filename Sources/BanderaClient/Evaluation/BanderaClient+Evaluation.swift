public import Flags

/// Evaluation: local, immediate, callable from any thread.
extension BanderaClient: FlagEvaluating {
    /// What the flag named `key` is for `context`, by what the client knows now.
    ///
    /// A client that has a ``ClientConfiguration/context`` answers for that one, whatever `context`
    /// says. The evaluation is counted, unless ``ClientConfiguration/usage`` is off or there is no
    /// such flag.
    public func evaluate(
        _ key: FlagKey,
        context: borrowing EvaluationContext
    ) -> EvaluationAnswer {
        let publication = self.published.publication
        let evaluation = publication.evaluate(key, context)
        if let recorder = self.recorder, evaluation.errorCode?.isOfFlag ?? true {
            if case .values(let values)? = publication.source {
                recorder.evaluated(key, evaluation.variation, values.context)
            } else {
                recorder.evaluated(key, evaluation.variation, context)
            }
        }
        return EvaluationAnswer(
            evaluation: evaluation,
            freshness: publication.freshness,
            revision: publication.revision
        )
    }

    /// Counts that something happened to whom `context` describes.
    ///
    /// Nothing is counted while ``ClientConfiguration/usage`` is off, or for a flag that does not
    /// exist. Never waits: what there is no room for is counted in ``usage``.
    public func track(
        _ event: UsageEvent,
        _ key: FlagKey,
        variation: String?,
        context: borrowing EvaluationContext
    ) {
        guard let recorder = self.recorder else { return }
        let publication = self.published.publication
        let evaluation = publication.evaluate(key, context)
        guard evaluation.errorCode?.isOfFlag ?? true else { return }
        let variation = variation ?? evaluation.variation
        if case .values(let values)? = publication.source {
            recorder.happened(event, key, variation, values.context)
        } else {
            recorder.happened(event, key, variation, context)
        }
    }

    /// What became of the evaluations and events that were counted, up to the last report.
    public var usage: UsageStatistics { self.recorder?.statistics ?? UsageStatistics() }
}

extension PublishedRuleset.Publication {
    @inline(__always)
    fileprivate func evaluate(
        _ key: FlagKey,
        _ context: borrowing EvaluationContext
    ) -> Evaluation {
        guard let source = self.source else { return Evaluation(error: .providerNotReady) }
        return source.evaluate(key, context, now: WallClock.now)
    }
}

extension EvaluationErrorCode {
    /// Whether there is a flag whose error it is.
    fileprivate var isOfFlag: Bool { self != .flagNotFound && self != .providerNotReady }
}
