package import ClientProtocol
package import FlagStore
package import Flags
package import PeerProtocol
internal import Raft

extension EvaluateResponse {
    /// What a node answers from the state that it has.
    package init(
        _ request: EvaluateRequest,
        in store: FlagStore,
        by node: Member,
        now: Timestamp,
        routed: Bool = false
    ) {
        let time = request.time ?? now
        let explanation =
            request.wantsExplanation
            ? store.explain(request.environment, request.key, request.context, now: time) : nil
        let evaluation =
            explanation?.evaluation
            ?? store.evaluate(request.environment, request.key, request.context, now: time)
        self.init(
            evaluation: evaluation,
            revision: store.applied,
            node: node.id.rawValue,
            region: node.region,
            routed: routed,
            explanation: explanation
        )
    }
}
