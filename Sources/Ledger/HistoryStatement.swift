internal import Checksum
internal import Flags
internal import GRDB

/// Writes rows of history and chains them.
struct HistoryStatement: ~Copyable {
    private var row: RowStatement

    init(_ database: Database) throws {
        self.row = try RowStatement(
            database,
            sql: """
                INSERT INTO release_history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
    }

    /// Writes a flag's row: JSON of the fields that changed, all of them at creation.
    mutating func write(
        _ change: borrowing HistoryRow,
        _ id: UInt64,
        in heads: inout HistoryHeads
    ) throws {
        let flag = change.after
        self.row.integer(Int64(bitPattern: id))
        self.row.text(change.environment.organization)
        self.row.text(change.environment.environment)
        self.row.text(HistoryHeads.flagKind)
        self.row.text(flag.key.rawValue)
        self.row.integer(change.time)
        self.row.text(change.actor)
        self.row.text(change.action.rawValue)
        self.row.text(change.reason)
        if let before = change.before {
            let fields = flag.changedFields(since: before)
            self.row.integer(before.revision)
            self.row.json { $0.members(fields, of: before) }
            self.row.json { $0.members(fields, of: flag) }
        } else {
            self.row.null()
            self.row.text("")
            self.row.json { $0.flag(flag) }
        }
        try self.chain(id, change.revision, change.environment.organization, change.time, &heads)
    }

    /// Writes the row of something that is no flag: its documents before and after.
    mutating func write(
        _ change: borrowing ObjectHistoryRow,
        _ id: UInt64,
        in heads: inout HistoryHeads
    ) throws {
        self.row.integer(Int64(bitPattern: id))
        self.row.text(change.organization)
        self.row.text(change.environment)
        self.row.text(change.kind.rawValue)
        self.row.text(change.subject)
        self.row.integer(change.time)
        self.row.text(change.actor)
        self.row.text(change.action.rawValue)
        self.row.text(change.reason)
        self.row.null()
        self.document(change.before)
        self.document(change.after)
        try self.chain(id, change.revision, change.organization, change.time, &heads)
    }

    /// Writes a row that was read elsewhere.
    mutating func write(
        _ link: HistoryLink,
        previousRevision: Int64?,
        in heads: inout HistoryHeads
    ) throws {
        self.row.integer(Int64(bitPattern: link.id))
        for text in [link.organization, link.environment, link.kind, link.subject] {
            self.row.text(text)
        }
        self.row.integer(link.time)
        for text in [link.actor, link.action, link.reason] { self.row.text(text) }
        self.row.integer(previousRevision)
        self.row.text(link.before)
        self.row.text(link.after)
        let time = Timestamp(milliseconds: link.time)
        try self.chain(link.id, Revision(link.revision), link.organization, time, &heads)
    }

    private mutating func document(_ document: Value) {
        if case .null = document { self.row.text("") } else { self.row.json { $0.value(document) } }
    }

    /// Adds the hashes to the row, whose other values are there, and writes it.
    private mutating func chain(
        _ id: UInt64,
        _ revision: Revision,
        _ organization: String,
        _ time: Timestamp,
        _ heads: inout HistoryHeads
    ) throws {
        let head = try heads.head(of: organization)
        let hash = self.row.historyHash(after: head.hash, id, revision, time)
        let hex = hash.hex
        self.row.text(head.hex)
        self.row.text(hex)
        try self.row.run()
        heads.advance(organization, to: id, hash, hex)
    }
}

extension RowStatement {
    /// The hash of the row whose values have been given, but for the hashes.
    fileprivate borrowing func historyHash(
        after previous: SHA256.Digest,
        _ id: UInt64,
        _ revision: Revision,
        _ time: Timestamp
    ) -> SHA256.Digest {
        let bytes = self.bytes.span
        return HistoryLink.hash(
            after: previous,
            id: id,
            revision: revision.rawValue,
            organization: bytes.extracting(self.text(at: 1)),
            environment: bytes.extracting(self.text(at: 2)),
            kind: bytes.extracting(self.text(at: 3)),
            subject: bytes.extracting(self.text(at: 4)),
            time: time.milliseconds,
            actor: bytes.extracting(self.text(at: 6)),
            action: bytes.extracting(self.text(at: 7)),
            reason: bytes.extracting(self.text(at: 8)),
            before: bytes.extracting(self.text(at: 10)),
            new: bytes.extracting(self.text(at: 11))
        )
    }
}
