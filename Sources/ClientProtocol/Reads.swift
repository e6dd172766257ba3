package import Flags

/// Asks for one flag.
package struct GetFlagRequest: Hashable, Sendable {
    /// Where the flag lives.
    package var environment: EnvironmentID
    /// Which flag.
    package var key: FlagKey
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// Answer as of a moment after the call began.
    package var isLinearizable: Bool
    /// The flag as it was at this revision, as the history remembers it; zero means now.
    package var asOf: Revision

    package init(
        environment: EnvironmentID,
        key: FlagKey,
        atLeast: Revision = .zero,
        isLinearizable: Bool = false,
        asOf: Revision = .zero
    ) {
        self.environment = environment
        self.key = key
        self.atLeast = atLeast
        self.isLinearizable = isLinearizable
        self.asOf = asOf
    }
}

/// A flag, as of a revision.
package struct GetFlagResponse: Hashable, Sendable {
    /// As it is at `revision`.
    package var flag: Flag
    /// The revision that the node had applied.
    package var revision: Revision

    package init(flag: Flag, revision: Revision) {
        self.flag = flag
        self.revision = revision
    }
}

/// Asks for all flags of an environment.
package struct ListFlagsRequest: Hashable, Sendable {
    /// Where the flags live.
    package var environment: EnvironmentID
    /// Whether archived flags are listed too.
    package var includeArchived: Bool
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// Answer as of a moment after the call began.
    package var isLinearizable: Bool
    /// The key after which flags are wanted; empty means from the first on.
    package var after: String

    package init(
        environment: EnvironmentID,
        includeArchived: Bool = false,
        atLeast: Revision = .zero,
        isLinearizable: Bool = false,
        after: String = ""
    ) {
        self.environment = environment
        self.includeArchived = includeArchived
        self.atLeast = atLeast
        self.isLinearizable = isLinearizable
        self.after = after
    }
}

/// The flags of an environment, sorted by key, as many as one answer holds.
package struct ListFlagsResponse: Hashable, Sendable {
    /// The revision that the node had applied.
    package var revision: Revision
    /// Archived ones only when they were asked for.
    package var flags: [Flag]
    /// Whether there are more after the last.
    package var hasMore: Bool

    package init(revision: Revision, flags: [Flag], hasMore: Bool = false) {
        self.revision = revision
        self.flags = flags
        self.hasMore = hasMore
    }

    /// What the next ones are asked for after; `nil` when there are none.
    package var next: String? { self.hasMore ? self.flags.last?.key.rawValue : nil }
}

/// Asks what was done to a flag.
package struct HistoryRequest: Hashable, Sendable {
    /// Where the flag lives.
    package var environment: EnvironmentID
    /// Which flag.
    package var key: FlagKey
    /// At most so many rows; 0 means the node's limit.
    package var limit: UInt32
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// Answer as of a moment after the call began.
    package var isLinearizable: Bool
    /// The revision before which rows are wanted; zero means from the newest on.
    package var before: Revision

    package init(
        environment: EnvironmentID,
        key: FlagKey,
        limit: UInt32 = 0,
        atLeast: Revision = .zero,
        isLinearizable: Bool = false,
        before: Revision = .zero
    ) {
        self.environment = environment
        self.key = key
        self.limit = limit
        self.atLeast = atLeast
        self.isLinearizable = isLinearizable
        self.before = before
    }
}

/// What was done to a flag, newest first.
package struct HistoryResponse: Hashable, Sendable {
    /// The last changes, no more than were asked for or than one answer holds.
    package var rows: [HistoryRow]
    /// The revision that the node had applied.
    package var revision: Revision
    /// Whether there are older ones before the last.
    package var hasMore: Bool

    package init(rows: [HistoryRow], revision: Revision, hasMore: Bool = false) {
        self.rows = rows
        self.revision = revision
        self.hasMore = hasMore
    }

    /// What the older ones are asked for before; `nil` when there are none.
    package var next: Revision? { self.hasMore ? self.rows.last?.revision : nil }
}
