/// A row of history as its hash sees it: the fields of an exported row, in their order.
package struct HistoryLink: Hashable, Sendable {
    /// `revision << 3 | n` for the n-th row of a revision.
    package var id: UInt64
    /// The change's place in the one order.
    package var revision: UInt64
    /// The tenant; empty for the platform's own.
    package var organization: String
    /// Empty for what belongs to no environment.
    package var environment: String
    /// What kind of thing the row is about.
    package var kind: String
    /// The thing's key or id.
    package var subject: String
    /// Milliseconds since 1970.
    package var time: Int64
    /// Who asked for it.
    package var actor: String
    /// What was done.
    package var action: String
    /// Why; may be empty.
    package var reason: String
    /// JSON of what changed, as it was; empty when there was nothing before.
    package var before: String
    /// JSON of what changed, as it is; empty when there is nothing after.
    package var after: String

    /// Gathers the fields of a row.
    package init(
        id: UInt64,
        revision: UInt64,
        organization: String,
        environment: String,
        kind: String,
        subject: String,
        time: Int64,
        actor: String,
        action: String,
        reason: String,
        before: String,
        after: String
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
    }

    /// The row's hash when it follows the row with the hash `previous`.
    package func hash(after previous: SHA256.Digest) -> SHA256.Digest {
        Self.hash(
            after: previous,
            id: self.id,
            revision: self.revision,
            organization: self.organization.utf8.span,
            environment: self.environment.utf8.span,
            kind: self.kind.utf8.span,
            subject: self.subject.utf8.span,
            time: self.time,
            actor: self.actor.utf8.span,
            action: self.action.utf8.span,
            reason: self.reason.utf8.span,
            before: self.before.utf8.span,
            new: self.after.utf8.span
        )
    }

    /// The hash of a row whose texts are UTF-8 somewhere: the one place that knows the format.
    ///
    /// SHA-256 over the previous hash's 32 bytes and every field in order: numbers as eight bytes,
    /// the highest first; texts as their length, written like a number, and their bytes.
    package static func hash(
        after previous: SHA256.Digest,
        id: UInt64,
        revision: UInt64,
        organization: Span<UInt8>,
        environment: Span<UInt8>,
        kind: Span<UInt8>,
        subject: Span<UInt8>,
        time: Int64,
        actor: Span<UInt8>,
        action: Span<UInt8>,
        reason: Span<UInt8>,
        before: Span<UInt8>,
        new after: Span<UInt8>
    ) -> SHA256.Digest {
        var hash = SHA256()
        let bytes = previous.inlineBytes
        hash.update(bytes.span)
        hash.feed(number: id)
        hash.feed(number: revision)
        hash.feed(text: organization)
        hash.feed(text: environment)
        hash.feed(text: kind)
        hash.feed(text: subject)
        hash.feed(number: UInt64(bitPattern: time))
        hash.feed(text: actor)
        hash.feed(text: action)
        hash.feed(text: reason)
        hash.feed(text: before)
        hash.feed(text: after)
        return hash.digest
    }
}

extension SHA256 {
    fileprivate mutating func feed(number: UInt64) {
        var bytes = InlineArray<8, UInt8>(repeating: 0)
        for index in 0..<8 {
            bytes[index] = UInt8(truncatingIfNeeded: number &>> UInt64(56 - 8 * index))
        }
        self.update(bytes.span)
    }

    fileprivate mutating func feed(text: Span<UInt8>) {
        self.feed(number: UInt64(text.count))
        self.update(text)
    }
}
