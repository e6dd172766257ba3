/// What an evaluation may look up: the other flags and the segments of its environment.
///
/// One evaluation asks one scope, which does not change meanwhile.
public protocol EvaluationScope {
    /// The flag named `key`, archived or not; `nil` when there is none.
    func compiledFlag(_ key: FlagKey) -> CompiledFlag?
    /// The segment named `key`; `nil` when there is none.
    func compiledSegment(_ key: String) -> CompiledSegment?
}
