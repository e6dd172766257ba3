package import Flags

/// Asks for one flag.
package struct GetFlagRequest: Hashable, Sendable {
    package var environment: EnvironmentID
    package var key: FlagKey
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(environment: EnvironmentID, key: FlagKey, atLeast: Revision = .zero) {
        self.environment = environment
        self.key = key
        self.atLeast = atLeast
    }
}

/// A flag, as of a revision.
package struct GetFlagResponse: Hashable, Sendable {
    package var flag: Flag
    package var revision: Revision

    package init(flag: Flag, revision: Revision) {
        self.flag = flag
        self.revision = revision
    }
}

/// Asks for all flags of an environment.
package struct ListFlagsRequest: Hashable, Sendable {
    package var environment: EnvironmentID
    package var includeArchived: Bool
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(
        environment: EnvironmentID,
        includeArchived: Bool = false,
        atLeast: Revision = .zero
    ) {
        self.environment = environment
        self.includeArchived = includeArchived
        self.atLeast = atLeast
    }
}

/// The flags of an environment, sorted by key.
package struct ListFlagsResponse: Hashable, Sendable {
    package var revision: Revision
    package var flags: [Flag]

    package init(revision: Revision, flags: [Flag]) {
        self.revision = revision
        self.flags = flags
    }
}

/// Asks what was done to a flag.
package struct HistoryRequest: Hashable, Sendable {
    package var environment: EnvironmentID
    package var key: FlagKey
    /// At most so many rows; 0 means the node's limit.
    package var limit: UInt32
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(
        environment: EnvironmentID,
        key: FlagKey,
        limit: UInt32 = 0,
        atLeast: Revision = .zero
    ) {
        self.environment = environment
        self.key = key
        self.limit = limit
        self.atLeast = atLeast
    }
}

/// What was done to a flag, newest first.
package struct HistoryResponse: Hashable, Sendable {
    package var rows: [HistoryRow]
    package var revision: Revision

    package init(rows: [HistoryRow], revision: Revision) {
        self.rows = rows
        self.revision = revision
    }
}
