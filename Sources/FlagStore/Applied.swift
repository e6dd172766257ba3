package import Flags
package import Releases
package import Usage

/// What came of one command.
package struct Applied: Hashable, Sendable {
    /// The answer for the client: for a duplicate, the one that it was given the first time.
    package let outcome: Outcome
    /// Whether the command had been applied before, so that nothing was done now.
    package let isDuplicate: Bool
    /// What changed, in the order in which it is recorded; empty when nothing did.
    package let effects: [Effect]
    /// The command's session as it is now; `nil` without one, and when it was refused for its
    /// session.
    package let session: Session?
    /// Sessions that ended with this command, in order of their last use.
    package let expiredSessions: [Revision]
    /// The store's clock after the command: the latest time of any command so far.
    package let time: Timestamp
}

/// The judgement on a command.
package enum Outcome: Hashable, Sendable {
    /// It holds, at this revision.
    case done(Revision)
    /// It changed nothing, but that its organization has one write less for the current second.
    case refused(Refusal)
}

extension Outcome {
    /// Whether the same command would be judged the same a moment later.
    var isFinal: Bool {
        if case .refused(let refusal) = self { refusal.retryAfterMilliseconds == 0 } else { true }
    }
}

/// Why a command was refused.
package struct Refusal: Error, Hashable, Sendable {
    /// The kind of refusal.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case notFound = "not_found"
        case alreadyExists = "already_exists"
        case invalid
        case sessionExpired = "session_expired"
        case sequenceTooOld = "sequence_too_old"
        case limitExceeded = "limit_exceeded"
        case illegalTransition = "illegal_transition"
        /// The caller's right does not reach so far.
        case permissionDenied = "permission_denied"
        /// The organization has used up its quota.
        case quotaExceeded = "quota_exceeded"
        /// It was changed since the revision that the command is based on.
        case stale
    }

    /// The kind of refusal.
    package let code: Code
    /// What is wrong and what would be right.
    package let message: String
    /// When the same command may be done, by the store's clock; 0 when time changes nothing.
    ///
    /// Such a refusal is no outcome that a session remembers: the command is judged again.
    package let retryAfterMilliseconds: UInt32

    /// Creates a refusal.
    package init(code: Code, message: String, retryAfterMilliseconds: UInt32 = 0) {
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}

/// One thing that a command changed: the state after it.
package enum Effect: Hashable, Sendable {
    case organization(Organization)
    case environment(Environment)
    case plan(Plan)
    case company(Company)
    /// The organization and the plan's id.
    case planRemoved(String, String)
    /// The organization and the company's id.
    case companyRemoved(String, String)
    case member(TeamMember)
    /// The organization and the member's name.
    case memberRemoved(String, String)
    case token(AccessToken)
    /// The organization and the id of a token that was worth nothing, and is no longer kept.
    case tokenForgotten(String, String)
    case segment(EnvironmentID, Segment)
    case segmentRemoved(EnvironmentID, key: String, revision: Revision)
    case release(Release)
    /// A release that had ended, and is no longer among the last ones that the store keeps.
    case releaseForgotten(Revision)
    case alert(Alert)
    /// An alert that is no longer among the last ones that the store keeps.
    case alertForgotten(Revision)
    /// The flag as it is now is the row's `after`.
    case flag(HistoryRow)
    /// A row of history about something that is not a flag.
    case history(ObjectHistoryRow)
    /// Usage to be added to what is recorded for the same keys.
    case usage([UsageRow])
    /// A flag's totals as they are now.
    case totals(UsageTotals)
    /// Refused calls, counted at a time.
    case denied([DeniedAttempt], at: Timestamp)
    /// Evaluations and events that were not counted: the sum so far.
    case dropped(UInt64)
    /// How far an organization has used up its writes of the current second.
    case writeWindow(String, WriteWindow)
}

/// An organization's writes of one second, counted by the replicated clock.
package struct WriteWindow: Hashable, Sendable {
    /// Since 1970.
    package var second: Int64
    /// Writes judged within it.
    package var count: UInt32

    package init(second: Int64 = 0, count: UInt32 = 0) {
        self.second = second
        self.count = count
    }
}

extension Applied {
    /// Whether a flag was taken back, so that it is measured how that reaches everybody.
    private var raisesRollback: Bool {
        self.effects.contains { effect in
            guard case .alert(let alert) = effect else { return false }
            return alert.kind.isRollback
        }
    }

    /// What watchers are told; `nil` when neither a flag nor a segment changed.
    package var change: Change? {
        for effect in self.effects {
            switch effect {
            case .flag(let row):
                return Change(
                    revision: row.revision,
                    environment: row.environment,
                    item: .flag(row.after),
                    isUrgent: self.raisesRollback
                )
            case .segment(let environment, let segment):
                return Change(
                    revision: segment.revision,
                    environment: environment,
                    item: .segment(segment)
                )
            case .segmentRemoved(let environment, let key, let revision):
                return Change(
                    revision: revision,
                    environment: environment,
                    item: .segmentRemoved(key)
                )
            default:
                continue
            }
        }
        return nil
    }
}
