/// What was done to a flag: the `action` column of its history.
public enum HistoryAction: String, Hashable, Sendable, Codable, CaseIterable {
    case create
    case enable
    case disable
    case rolloutUpdate = "rollout_update"
    case pause
    case resume
    case complete
    case rollback
    case update
    case archive
    /// A flag that was rolled back is a draft again.
    case reopen
    case emergencyRollback = "emergency_rollback"
    case scheduleStart = "schedule_start"
    case scheduleEnd = "schedule_end"
    case overrideSet = "override_set"
    case overrideRemove = "override_remove"
    case releaseStart = "release_start"
    case releaseStep = "release_step"
    case releaseApprove = "release_approve"
    case releasePause = "release_pause"
    case releaseResume = "release_resume"
    case releaseSkip = "release_skip"
    case releaseAbort = "release_abort"
    case releaseComplete = "release_complete"
    case remove
    case revoke
    case acknowledge
}

/// A change as watchers are told of it: a flag or a segment as it is after `revision`.
public struct Change: Hashable, Sendable {
    /// What changed.
    public enum Item: Hashable, Sendable {
        /// An archived flag is still delivered (`isArchived`), so that a watcher forgets it.
        case flag(Flag)
        case segment(Segment)
        /// The key of a segment that is gone.
        case segmentRemoved(String)
    }

    /// The change's place in the one order.
    public let revision: Revision
    /// Where it lives.
    public let environment: EnvironmentID
    /// What changed, as the change left it.
    public let item: Item
    /// Whether it is pushed ahead of everything else: an emergency rollback.
    public let isUrgent: Bool

    /// Creates a change.
    public init(
        revision: Revision,
        environment: EnvironmentID,
        item: Item,
        isUrgent: Bool = false
    ) {
        self.revision = revision
        self.environment = environment
        self.item = item
        self.isUrgent = isUrgent
    }

    /// A change of a flag.
    public init(revision: Revision, environment: EnvironmentID, flag: Flag) {
        self.init(revision: revision, environment: environment, item: .flag(flag))
    }

    /// The flag that changed; `nil` when it was something else.
    public var flag: Flag? {
        if case .flag(let flag) = self.item { flag } else { nil }
    }
}

/// One row of a flag's history.
public struct HistoryRow: Hashable, Sendable {
    /// Where the flag lives.
    public let environment: EnvironmentID
    /// The change's place in the one order.
    public let revision: Revision
    /// When it was asked for.
    public let time: Timestamp
    /// Who asked for it.
    public let actor: String
    /// What was done.
    public let action: HistoryAction
    /// Why, in the words of who asked; may be empty.
    public let reason: String
    /// `nil` when the flag was created by this change.
    public let before: Flag?
    /// The flag as the change left it.
    public let after: Flag

    /// Creates a row.
    public init(
        environment: EnvironmentID,
        revision: Revision,
        time: Timestamp,
        actor: String,
        action: HistoryAction,
        reason: String,
        before: Flag?,
        after: Flag
    ) {
        self.environment = environment
        self.revision = revision
        self.time = time
        self.actor = actor
        self.action = action
        self.reason = reason
        self.before = before
        self.after = after
    }
}

/// One row of the history of anything that is not a flag, such as a segment, a company or a member.
public struct ObjectHistoryRow: Hashable, Sendable {
    /// What kind of thing a row is about.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case organization
        case environment
        case plan
        case company
        case member
        case token
        case segment
        case release
        case alert
    }

    /// The tenant; empty for the platform's own.
    public let organization: String
    /// The environment within it; empty for what belongs to no environment.
    public let environment: String
    /// What it is about.
    public let kind: Kind
    /// Its id or key.
    public let subject: String
    /// The change's place in the one order.
    public let revision: Revision
    /// When it was asked for.
    public let time: Timestamp
    /// Who asked for it.
    public let actor: String
    /// What was done.
    public let action: HistoryAction
    /// Why, in the words of who asked; may be empty.
    public let reason: String
    /// The thing before, as its document; null when it was created by this change.
    public let before: Value
    /// The thing after; null when it is gone.
    public let after: Value

    /// Creates a row.
    public init(
        organization: String,
        environment: String = "",
        kind: Kind,
        subject: String,
        revision: Revision,
        time: Timestamp,
        actor: String,
        action: HistoryAction,
        reason: String,
        before: Value,
        after: Value
    ) {
        self.organization = organization
        self.environment = environment
        self.kind = kind
        self.subject = subject
        self.revision = revision
        self.time = time
        self.actor = actor
        self.action = action
        self.reason = reason
        self.before = before
        self.after = after
    }
}
