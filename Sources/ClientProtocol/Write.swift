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
    /// Why, for the history.
    package var reason: String
    /// The revision of the thing that the change is based on: refused when it has changed since.
    ///
    /// `nil` when that does not matter.
    package var basedOn: Revision?
    /// Judge it, and say what it would change, but change nothing.
    package var isDryRun: Bool

    package init(
        session: Revision = .zero,
        sequence: UInt64 = 0,
        command: Command,
        reason: String = "",
        basedOn: Revision? = nil,
        isDryRun: Bool = false
    ) {
        self.session = session
        self.sequence = sequence
        self.command = command
        self.reason = reason
        self.basedOn = basedOn
        self.isDryRun = isDryRun
    }
}

/// One thing that a write would change.
package struct WritePreview: Hashable, Sendable {
    /// `flag` or an `ObjectHistoryRow.Kind`.
    package var kind: String
    /// Its key or id.
    package var subject: String
    /// Its document as it is; null when there is none.
    package var before: Value
    /// Its document as it would be; null when it would be gone.
    package var after: Value

    package init(kind: String, subject: String, before: Value, after: Value) {
        self.kind = kind
        self.subject = subject
        self.before = before
        self.after = after
    }
}

/// A write that a majority has on disk.
package struct WriteResponse: Hashable, Sendable {
    /// Of the change; for `openSession` also the session's id.
    ///
    /// Of a dry run: the revision that it was judged at.
    package var revision: Revision
    /// Of a dry run: what would change.
    package var previews: [WritePreview]

    package init(revision: Revision, previews: [WritePreview] = []) {
        self.revision = revision
        self.previews = previews
    }
}
