package import Flags

/// A plan that is being carried out: what the replicated state remembers of it.
///
/// A pure machine (`Release+Machine.swift`): it is told the time and what was counted, and says
/// what it sets.
package struct Release: Hashable, Sendable {
    /// Where it stands.
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// Can become any other.
        case running
        /// Can become `running`, `aborted` or `rolledBack`.
        case paused
        /// The last step's gate opened. Final.
        case completed
        /// Somebody ended it; the flag stayed as it was. Final.
        case aborted
        /// The flag was rolled back under it. Final.
        case rolledBack = "rolled_back"
    }

    /// Somebody's consent to a step.
    package struct Approval: Hashable, Sendable {
        /// Which step.
        package var step: UInt32
        /// Who.
        package var actor: String
        /// When.
        package var time: Timestamp

        package init(step: UInt32, actor: String, time: Timestamp) {
            self.step = step
            self.actor = actor
            self.time = time
        }
    }

    /// The revision that started it.
    package var id: Revision
    /// Where its flag lives.
    package var environment: EnvironmentID
    /// Whose release it is.
    package var flag: FlagKey
    /// What it does.
    package var plan: ReleasePlan
    /// Where it stands.
    package var state: State
    /// The step that it is at, from 0.
    package var step: UInt32
    /// When that step began, moved on by every pause.
    package var stepStartedAt: Timestamp
    /// When it was paused; `nil` while it is not.
    package var pausedAt: Timestamp?
    /// Of all steps, in order.
    package var approvals: [Approval]
    /// How many evaluations of the flag had been reported when the step began.
    package var evaluationsBefore: UInt64
    /// Who started it: nobody approves their own.
    package var startedBy: String
    /// When it was started.
    package var startedAt: Timestamp
    /// When it ended; `nil` while it has not.
    package var finishedAt: Timestamp?
    /// The change that made it what it is now.
    package var revision: Revision

    package init(
        id: Revision,
        environment: EnvironmentID,
        flag: FlagKey,
        plan: ReleasePlan,
        state: State = .running,
        step: UInt32 = 0,
        stepStartedAt: Timestamp,
        pausedAt: Timestamp? = nil,
        approvals: [Approval] = [],
        evaluationsBefore: UInt64 = 0,
        startedBy: String,
        startedAt: Timestamp,
        finishedAt: Timestamp? = nil,
        revision: Revision
    ) {
        self.id = id
        self.environment = environment
        self.flag = flag
        self.plan = plan
        self.state = state
        self.step = step
        self.stepStartedAt = stepStartedAt
        self.pausedAt = pausedAt
        self.approvals = approvals
        self.evaluationsBefore = evaluationsBefore
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.revision = revision
    }
}
