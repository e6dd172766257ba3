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

    package init(
        environment: EnvironmentID,
        key: FlagKey,
        context: EvaluationContext,
        region: String = "",
        atLeast: Revision = .zero,
        isLinearizable: Bool = false
    ) {
        self.environment = environment
        self.key = key
        self.context = context
        self.region = region
        self.atLeast = atLeast
        self.isLinearizable = isLinearizable
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

    package init(
        evaluation: Evaluation,
        revision: Revision,
        node: UInt64,
        region: String,
        routed: Bool
    ) {
        self.evaluation = evaluation
        self.revision = revision
        self.node = node
        self.region = region
        self.routed = routed
    }
}
