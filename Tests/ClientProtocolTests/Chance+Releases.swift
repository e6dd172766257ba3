import Flags
import Releases
import WireTestKit

extension Chance {
    mutating func plan() -> ReleasePlan {
        ReleasePlan(
            steps: self.list {
                ReleaseStep(
                    rollout: $0.flip() ? $0.rollout() : nil,
                    audience: $0.flip() ? ($0.flip() ? Audience() : $0.audience()) : nil,
                    regions: $0.strings(),
                    holdMilliseconds: Int64.random(in: .min ... .max, using: &$0),
                    approvals: $0.number(),
                    evaluationsMin: $0.next()
                )
            }
        )
    }

    mutating func release() -> Release {
        Release(
            id: self.revision(),
            environment: self.environment(),
            flag: FlagKey(self.string()),
            plan: self.plan(),
            state: self.any(Release.State.self),
            step: self.number(),
            stepStartedAt: self.time(),
            pausedAt: self.flip() ? self.time() : nil,
            approvals: self.list {
                Release.Approval(step: $0.number(), actor: $0.string(), time: $0.time())
            },
            evaluationsBefore: self.next(),
            startedBy: self.string(),
            startedAt: self.time(),
            finishedAt: self.flip() ? self.time() : nil,
            revision: self.revision()
        )
    }

    mutating func delivery() -> Alert.Delivery {
        Alert.Delivery(
            region: self.string(),
            node: self.next(),
            watchers: self.number(),
            acknowledged: self.number(),
            milliseconds: self.number()
        )
    }

    mutating func alert() -> Alert {
        Alert(
            id: self.revision(),
            environment: self.environment(),
            flag: FlagKey(self.string()),
            kind: self.any(Alert.Kind.self),
            message: self.string(),
            raisedAt: self.time(),
            raisedBy: self.string(),
            acknowledgedAt: self.flip() ? self.time() : nil,
            acknowledgedBy: self.string(),
            deliveries: self.list { $0.delivery() }
        )
    }
}
