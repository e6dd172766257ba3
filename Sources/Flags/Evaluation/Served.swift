/// A variation of a flag, ready to be given for whatever reason.
struct Served: Sendable {
    private let value: Value?
    private let variation: String?
    private let errorCode: EvaluationErrorCode?

    /// The variation of `flag` named `name`; one that is missing is an error at evaluation, never a
    /// trap.
    init(_ name: String, of flag: Flag) {
        let variation = flag.variation(named: name)
        self.value = variation?.value
        self.variation = variation?.name
        self.errorCode = variation == nil ? .general : nil
    }

    /// Nothing, because of an error.
    init(error: EvaluationErrorCode) {
        self.value = nil
        self.variation = nil
        self.errorCode = error
    }

    /// The variation, given for `reason`.
    func evaluation(_ reason: EvaluationReason) -> Evaluation {
        Evaluation(
            value: self.value,
            variation: self.variation,
            reason: self.errorCode == nil ? reason : .error,
            errorCode: self.errorCode
        )
    }
}
