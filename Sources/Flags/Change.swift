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
}

/// A change as watchers are told of it: the flag as it is after `revision`.
///
/// An archived flag is still delivered (`flag.isArchived`), so that a watcher forgets it.
public struct Change: Hashable, Sendable {
    /// The change's place in the one order.
    public let revision: Revision
    /// Where the flag lives.
    public let environment: EnvironmentID
    /// The flag as the change left it.
    public let flag: Flag

    /// Creates a change.
    public init(revision: Revision, environment: EnvironmentID, flag: Flag) {
        self.revision = revision
        self.environment = environment
        self.flag = flag
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
