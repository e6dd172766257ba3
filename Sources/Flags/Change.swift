/// What was done to a flag: the `action` column of its history.
public enum HistoryAction: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is new.
    case create
    /// It was switched on.
    case enable
    /// It was switched off.
    case disable
    /// Its share was changed.
    case rolloutUpdate = "rollout_update"
    /// It was paused.
    case pause
    /// It is active again.
    case resume
    /// It has done its work.
    case complete
    /// It is again what it was at an earlier revision.
    case rollback
    /// Something else of it was changed.
    case update
    /// It was taken out of use.
    case archive
    /// A flag that was rolled back is a draft again.
    case reopen
    /// It was switched off everywhere at once.
    case emergencyRollback = "emergency_rollback"
    /// Its start date has come.
    case scheduleStart = "schedule_start"
    /// Its end date has come.
    case scheduleEnd = "schedule_end"
    /// A level of the hierarchy forces a variation.
    case overrideSet = "override_set"
    /// A level of the hierarchy forces nothing any more.
    case overrideRemove = "override_remove"
    /// A release of it began.
    case releaseStart = "release_start"
    /// Its release began a step.
    case releaseStep = "release_step"
    /// Somebody approved the step that its release is at.
    case releaseApprove = "release_approve"
    /// Its release was paused.
    case releasePause = "release_pause"
    /// Its release goes on.
    case releaseResume = "release_resume"
    /// Its release began a step before the time.
    case releaseSkip = "release_skip"
    /// Its release was ended; it stays as it is.
    case releaseAbort = "release_abort"
    /// Its release came to its end.
    case releaseComplete = "release_complete"
    /// It is gone.
    case remove
    /// A token is worth nothing any more.
    case revoke
    /// Somebody knows of the alert.
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
    /// Whether it is pushed ahead of everything else: an emergency rollback, or one to an
    /// earlier revision.
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
