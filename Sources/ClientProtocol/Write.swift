package import Flags

/// One mutation.
///
/// Session and sequence make it safe to repeat: a session's sequence number is applied once, and
/// repeating it gives the first answer again.
package struct WriteRequest: Hashable, Sendable {
    /// What `openSession` answered; zero means no session: repeating may apply it twice.
    package var session: Revision
    /// Counts the session's writes from 1.
    package var sequence: UInt64
    /// What to do.
    package var command: Command

    package init(session: Revision = .zero, sequence: UInt64 = 0, command: Command) {
        self.session = session
        self.sequence = sequence
        self.command = command
    }
}

/// A write that a majority has on disk.
package struct WriteResponse: Hashable, Sendable {
    /// Of the change; for `openSession` also the session's id.
    package var revision: Revision

    package init(revision: Revision) { self.revision = revision }
}
