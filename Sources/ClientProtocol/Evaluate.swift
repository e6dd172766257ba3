package import Flags

/// Asks a node to evaluate a flag.
package struct EvaluateRequest: Hashable, Sendable {
    /// Where the flag lives.
    package var environment: EnvironmentID
    /// Which flag.
    package var key: FlagKey
    /// Who it is evaluated for.
    package var context: EvaluationContext
    /// Where to evaluate; empty means on the node that is asked.
    package var region: String
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// Answer as of a moment after the call began.
    package var isLinearizable: Bool
    /// Say how it came about, step by step.
    package var wantsExplanation: Bool
    /// Evaluate what the flags and segments were at this revision, as the history remembers them;
    /// zero means now.
    package var asOf: Revision
    /// Evaluate as at this moment; `nil` means now.
    package var time: Timestamp?

    package init(
        environment: EnvironmentID,
        key: FlagKey,
        context: EvaluationContext,
        region: String = "",
        atLeast: Revision = .zero,
        isLinearizable: Bool = false,
        wantsExplanation: Bool = false,
        asOf: Revision = .zero,
        time: Timestamp? = nil
    ) {
        self.environment = environment
        self.key = key
        self.context = context
        self.region = region
        self.atLeast = atLeast
        self.isLinearizable = isLinearizable
        self.wantsExplanation = wantsExplanation
        self.asOf = asOf
        self.time = time
    }
}

/// What a flag evaluated to, who said so, where, and at which revision.
package struct EvaluateResponse: Hashable, Sendable {
    /// What came out.
    package var evaluation: Evaluation
    /// The revision that the node had applied.
    package var revision: Revision
    /// The id of the node that evaluated.
    package var node: UInt64
    /// The region of that node.
    package var region: String
    /// Whether it is another node than the one that was asked.
    package var routed: Bool
    /// When it was asked for.
    package var explanation: Explanation?

    package init(
        evaluation: Evaluation,
        revision: Revision,
        node: UInt64,
        region: String,
        routed: Bool,
        explanation: Explanation? = nil
    ) {
        self.evaluation = evaluation
        self.revision = revision
        self.node = node
        self.region = region
        self.routed = routed
        self.explanation = explanation
    }
}
