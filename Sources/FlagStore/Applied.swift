package import Flags

/// What came of one command.
package struct Applied: Hashable, Sendable {
    /// The answer for the client: for a duplicate, the one that it was given the first time.
    package let outcome: Outcome
    /// Whether the command had been applied before, so that nothing was done now.
    package let isDuplicate: Bool
    /// What changed; `nil` when nothing did.
    package let effect: Effect?
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
    /// It changed nothing.
    case refused(Refusal)
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
    }

    /// The kind of refusal.
    package let code: Code
    /// What is wrong and what would be right.
    package let message: String

    /// Creates a refusal.
    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

/// What a command changed: the state after it.
package enum Effect: Hashable, Sendable {
    case organization(Organization)
    case environment(Environment)
    case plan(Plan)
    case company(Company)
    /// `after` is the flag now; a `Change` for watchers is made of it.
    case flag(HistoryRow)

    /// What watchers are told; `nil` when no flag changed.
    package var change: Change? {
        guard case .flag(let row) = self else { return nil }
        return Change(revision: row.revision, environment: row.environment, flag: row.after)
    }
}
