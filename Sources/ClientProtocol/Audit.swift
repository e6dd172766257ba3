package import Flags

/// Asks for rows of history as they are recorded, oldest first: everything of an organization, an
/// environment or one thing.
package struct AuditRequest: Hashable, Sendable {
    /// Whose; empty means the platform's own rows only.
    package var organization: String
    /// The only environment; empty means all, and what belongs to none.
    package var environment: String
    /// `flag` or an `ObjectHistoryRow.Kind`; empty means all.
    package var kind: String
    /// The key or id of one thing; empty means all.
    package var subject: String
    /// Rows after this one: `AuditRow.id` of the last row seen.
    package var after: UInt64
    /// At most so many rows; 0 means the node's limit.
    package var limit: UInt32
    /// Answer once the node has applied this.
    package var atLeast: Revision

    package init(
        organization: String,
        environment: String = "",
        kind: String = "",
        subject: String = "",
        after: UInt64 = 0,
        limit: UInt32 = 0,
        atLeast: Revision = .zero
    ) {
        self.organization = organization
        self.environment = environment
        self.kind = kind
        self.subject = subject
        self.after = after
        self.limit = limit
        self.atLeast = atLeast
    }
}

/// A row of history exactly as it is recorded and chained: what an export writes, line by line.
package struct AuditRow: Hashable, Sendable {
    /// Orders all rows of the cluster: `revision << 3 | n` for the n-th row of a revision.
    package var id: UInt64
    package var revision: Revision
    package var organization: String
    /// Empty for what belongs to no environment.
    package var environment: String
    /// `flag` or an `ObjectHistoryRow.Kind`.
    package var kind: String
    package var subject: String
    package var time: Timestamp
    package var actor: String
    /// A `HistoryAction`.
    package var action: String
    package var reason: String
    /// JSON of what changed, as it was; empty when there was nothing before.
    package var before: String
    /// JSON of what changed, as it is; empty when there is nothing after.
    package var after: String
    /// The hash of the organization's row before, in hexadecimal; 64 zeros for its first.
    package var previousHash: String
    /// SHA-256 over `previousHash` and every field above, in hexadecimal.
    package var hash: String

    package init(
        id: UInt64,
        revision: Revision,
        organization: String,
        environment: String,
        kind: String,
        subject: String,
        time: Timestamp,
        actor: String,
        action: String,
        reason: String,
        before: String,
        after: String,
        previousHash: String,
        hash: String
    ) {
        self.id = id
        self.revision = revision
        self.organization = organization
        self.environment = environment
        self.kind = kind
        self.subject = subject
        self.time = time
        self.actor = actor
        self.action = action
        self.reason = reason
        self.before = before
        self.after = after
        self.previousHash = previousHash
        self.hash = hash
    }
}

/// Rows of history, oldest first.
package struct AuditResponse: Hashable, Sendable {
    /// The revision that the rows are complete up to, unless there are more.
    package var revision: Revision
    package var rows: [AuditRow]
    /// Whether there are more after the last row.
    package var hasMore: Bool

    package init(revision: Revision, rows: [AuditRow], hasMore: Bool) {
        self.revision = revision
        self.rows = rows
        self.hasMore = hasMore
    }
}

/// Asks a node to check the hash chain of an organization's history in its own records.
package struct VerifyHistoryRequest: Hashable, Sendable {
    /// Whose; empty means the platform's own.
    package var organization: String
    /// Answer once the node has applied this.
    package var atLeast: Revision
    /// As of which revision the rows are counted and the head is told, so that nodes can be
    /// compared while others write; `zero` for the latest.
    ///
    /// All rows are checked either way.
    package var through: Revision

    package init(
        organization: String,
        atLeast: Revision = .zero,
        through: Revision = .zero
    ) {
        self.organization = organization
        self.atLeast = atLeast
        self.through = through
    }
}

/// What came of checking a chain.
package struct VerifyHistoryResponse: Hashable, Sendable {
    /// The revision up to which rows are counted.
    package var revision: Revision
    /// How many rows there are.
    package var rows: UInt64
    /// The first row that does not fit the one before or its own hash; 0 when all do.
    package var firstBad: UInt64
    /// The last row's hash: equal on all nodes.
    package var head: String
    /// The node that checked.
    package var node: UInt64

    package init(revision: Revision, rows: UInt64, firstBad: UInt64, head: String, node: UInt64) {
        self.revision = revision
        self.rows = rows
        self.firstBad = firstBad
        self.head = head
        self.node = node
    }
}
