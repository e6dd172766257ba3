package import FlagStore
package import Flags

/// What one applied command leaves to be recorded.
package struct LedgerRecord: Sendable {
    package let effects: [Effect]
    package let session: Session?
    package let expiredSessions: [Revision]
    /// The store's clock after the command.
    package let time: Timestamp

    /// Takes what is to be recorded from `applied`.
    package init(_ applied: Applied) {
        self.effects = applied.effects
        self.session = applied.session
        self.expiredSessions = applied.expiredSessions
        self.time = applied.time
    }
}
