package import Flags

/// What the log adds to a command: where it stands, when and by whom it was asked for.
package struct CommandStamp: Hashable, Sendable {
    /// A client's place in its session (dissertation §6.3).
    package struct SessionStamp: Hashable, Sendable {
        /// The revision that opened the session.
        package let id: Revision
        /// Grows by at least one with each new command; the same again for a retry.
        package let sequence: UInt64

        /// Creates a stamp.
        package init(id: Revision, sequence: UInt64) {
            self.id = id
            self.sequence = sequence
        }
    }

    /// The command's log index.
    package let revision: Revision
    /// When the proposing node took the command in.
    package let time: Timestamp
    /// Who asked.
    package let actor: String
    /// What who asked may do.
    package let authority: Authority
    /// The id of the token of the authority's organization that was shown; `nil` for a certificate.
    package let token: String?
    /// Why, in the words of who asked; may be empty.
    package let reason: String
    /// The revision of the thing that the command was based on; `nil` when it does not matter.
    package let basedOn: Revision?
    /// `nil` for a command that is not retried.
    package let session: SessionStamp?

    /// Creates a stamp; by default of somebody who may do everything.
    package init(
        revision: Revision,
        time: Timestamp,
        actor: String,
        authority: Authority = .platform,
        token: String? = nil,
        reason: String = "",
        basedOn: Revision? = nil,
        session: SessionStamp? = nil
    ) {
        self.revision = revision
        self.time = time
        self.actor = actor
        self.authority = authority
        self.token = token
        self.reason = reason
        self.basedOn = basedOn
        self.session = session
    }

    /// The same stamp of a command to which it does not matter what changed.
    var withoutBase: CommandStamp {
        CommandStamp(
            revision: self.revision,
            time: self.time,
            actor: self.actor,
            authority: self.authority,
            token: self.token,
            reason: self.reason,
            session: self.session
        )
    }
}
