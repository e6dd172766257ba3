package import Flags

/// A client's memory in the replicated state: what makes a retry apply once (dissertation §6.3).
///
/// A client has one command in flight per session, so the last outcome is all that can be asked for
/// again.
package struct Session: Hashable, Sendable {
    /// The revision that opened it.
    package let id: Revision
    /// Who opened it; nobody else may use it.
    package let actor: String
    package let openedAt: Timestamp
    /// The store's clock at its last command.
    package var lastUsedAt: Timestamp
    /// The revision of its last command: the order in which sessions expire.
    package var lastUsed: Revision
    /// 0 before its first command.
    package var lastSequence: UInt64
    /// What came of the command numbered `lastSequence`; `nil` before the first.
    package var lastOutcome: Outcome?

    /// Creates a session.
    package init(
        id: Revision,
        actor: String,
        openedAt: Timestamp,
        lastUsedAt: Timestamp,
        lastUsed: Revision,
        lastSequence: UInt64 = 0,
        lastOutcome: Outcome? = nil
    ) {
        self.id = id
        self.actor = actor
        self.openedAt = openedAt
        self.lastUsedAt = lastUsedAt
        self.lastUsed = lastUsed
        self.lastSequence = lastSequence
        self.lastOutcome = lastOutcome
    }
}
