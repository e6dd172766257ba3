package import Flags

/// What a release still waits for before its next step begins.
package struct ReleaseGate: Hashable, Sendable {
    /// When the step's hold is over.
    package let holdsUntil: Timestamp
    /// How many people must still approve.
    package let approvalsMissing: UInt32
    /// How many evaluations must still be reported.
    package let evaluationsMissing: UInt64

    /// Whether only time is missing, or nothing.
    package var waitsForTimeOnly: Bool {
        self.approvalsMissing == 0 && self.evaluationsMissing == 0
    }

    /// Whether nothing is missing at `now`.
    package func isOpen(at now: Timestamp) -> Bool {
        self.waitsForTimeOnly && self.holdsUntil <= now
    }

    /// What is missing at `now`, for people; empty when nothing is.
    package func description(at now: Timestamp) -> String {
        var parts: [String] = []
        if self.holdsUntil > now { parts.append("its hold, until \(self.holdsUntil.rfc3339)") }
        if self.approvalsMissing > 0 {
            parts.append(Self.counted(UInt64(self.approvalsMissing), "more approval"))
        }
        if self.evaluationsMissing > 0 {
            parts.append(Self.counted(self.evaluationsMissing, "more evaluation"))
        }
        return parts.joined(separator: " and ")
    }

    private static func counted(_ count: UInt64, _ what: String) -> String {
        count == 1 ? "1 \(what)" : "\(count) \(what)s"
    }
}

extension Release {
    /// The step that it is at; `nil` for a release whose plan has no such step.
    package var currentStep: ReleaseStep? {
        self.plan.steps.indices.contains(Int(self.step)) ? self.plan.steps[Int(self.step)] : nil
    }

    /// Whether it runs or is paused: only then does anything change it.
    package var isUnfinished: Bool { self.state == .running || self.state == .paused }

    /// What its step waits for, when so many evaluations of the flag have been reported.
    package func gate(evaluations: UInt64) -> ReleaseGate {
        guard let step = self.currentStep else {
            return ReleaseGate(
                holdsUntil: self.stepStartedAt,
                approvalsMissing: 0,
                evaluationsMissing: 0
            )
        }
        var given: UInt32 = 0
        for approval in self.approvals where approval.step == self.step { given += 1 }
        let counted = evaluations - min(evaluations, self.evaluationsBefore)
        return ReleaseGate(
            holdsUntil: self.stepStartedAt.advanced(by: max(0, step.holdMilliseconds)),
            approvalsMissing: step.approvals - min(step.approvals, given),
            evaluationsMissing: step.evaluationsMin - min(step.evaluationsMin, counted)
        )
    }

    /// Whether its next step should begin, or it should end.
    package func isDue(now: Timestamp, evaluations: UInt64) -> Bool {
        self.state == .running && self.gate(evaluations: evaluations).isOpen(at: now)
    }

    /// When it is due if nothing but time passes; `nil` when it waits for anything else.
    package func nextDue(evaluations: UInt64) -> Timestamp? {
        guard self.state == .running else { return nil }
        let gate = self.gate(evaluations: evaluations)
        return gate.waitsForTimeOnly ? gate.holdsUntil : nil
    }
}
