package import Checksum
package import Flags
internal import GRDB

/// What came of checking an organization's history.
package struct HistoryVerification: Hashable, Sendable {
    /// The revision up to which rows are counted.
    package let revision: Revision
    /// How many rows there are up to there.
    package let rows: UInt64
    /// The id of the first row that is not as it was recorded, or that is missing at the end; `nil`
    /// when all is well.
    package let firstBad: UInt64?
    /// The hash of the last of these rows: equal on all nodes that have recorded the same revision.
    package let head: SHA256.Digest
}

extension Ledger {
    /// Computes the chain of an organization's history anew, over every row; `""` is the platform's.
    ///
    /// Whoever changes, removes, adds or moves rows is found out, unless they compute all hashes
    /// from there on anew, and the recorded head: then `head` is another than other nodes have. May
    /// be called from any thread; reads some 300,000 rows in a second, all at one moment.
    ///
    /// - Parameter through: the revision as of which rows are counted and `head` is told, so that
    ///   nodes can be compared; all rows are checked either way.
    package func verifyHistory(
        _ organization: String,
        through: Revision? = nil
    ) throws(LedgerError) -> HistoryVerification {
        try self.read { database in
            let applied = try Self.applied(database)
            let revision = min(through ?? applied, applied)
            let end = UInt64(bitPattern: Self.historyEnd(revision))
            var check = HistoryCheck()
            var counted: HistoryChain?
            var rows = try StatementRows(database, sql: HistoryCheck.query, [organization])
            while try rows.next() {
                if counted == nil, UInt64(bitPattern: rows.integer(0)) >= end {
                    counted = check.chain
                }
                check.check(rows)
            }
            let head = try Row.fetchOne(
                database,
                sql: "SELECT * FROM history_heads WHERE organization = ?",
                arguments: [organization]
            )
            check.check(head)
            return HistoryVerification(
                revision: revision,
                rows: counted?.rows ?? check.chain.rows,
                firstBad: check.chain.firstBad,
                head: counted?.head ?? check.chain.head
            )
        }
    }
}

/// Goes along an organization's rows with everything that is recorded of them.
private struct HistoryCheck {
    private struct Subject: Hashable {
        let environment: String
        let key: String
    }

    static let query = """
        SELECT id, organization, environment, kind, subject, time_ms, actor, action, reason,
            old_value, new_value, previous_hash, hash, previous_revision
        FROM release_history WHERE organization = ? ORDER BY id
        """

    private(set) var chain = HistoryChain()
    private var lastID: UInt64 = 0
    /// The revision of each flag's last row: what the next one must name.
    private var flags: [Subject: Int64] = [:]

    mutating func check(_ rows: borrowing StatementRows) {
        let id = UInt64(bitPattern: rows.integer(0))
        // Unsafe: SQLite's own copies of the texts, which stay until the next row.
        let previous = SHA256.Digest(hex: unsafe Span(_unsafeElements: rows.text(11)))
        let hash = SHA256.Digest(hex: unsafe Span(_unsafeElements: rows.text(12)))
        if !self.namesRowBefore(rows, id) { self.chain.refuse(id) }
        let computed = HistoryLink.hash(
            after: previous ?? .zero,
            id: id,
            revision: id >> 3,
            organization: unsafe Span(_unsafeElements: rows.text(1)),
            environment: unsafe Span(_unsafeElements: rows.text(2)),
            kind: unsafe Span(_unsafeElements: rows.text(3)),
            subject: unsafe Span(_unsafeElements: rows.text(4)),
            time: rows.integer(5),
            actor: unsafe Span(_unsafeElements: rows.text(6)),
            action: unsafe Span(_unsafeElements: rows.text(7)),
            reason: unsafe Span(_unsafeElements: rows.text(8)),
            before: unsafe Span(_unsafeElements: rows.text(9)),
            new: unsafe Span(_unsafeElements: rows.text(10))
        )
        if previous == nil || hash == nil { self.chain.refuse(id) }
        self.chain.check(
            id: id,
            previous: previous ?? .zero,
            hash: hash ?? .zero,
            computed: computed
        )
        self.lastID = id
    }

    /// Whether the row's `previous_revision`, which is not hashed, is that of the flag's row before.
    private mutating func namesRowBefore(_ rows: borrowing StatementRows, _ id: UInt64) -> Bool {
        let isFlag = unsafe rows.text(3).elementsEqual(HistoryHeads.flagKind.utf8)
        guard isFlag else { return rows.isNull(13) }
        let subject = Subject(
            environment: unsafe String(decoding: rows.text(2), as: UTF8.self),
            key: unsafe String(decoding: rows.text(4), as: UTF8.self)
        )
        let before = self.flags.updateValue(Int64(bitPattern: id >> 3), forKey: subject)
        return before == (rows.isNull(13) ? nil : rows.integer(13))
    }

    /// Checks the chain's end against the one that is recorded: rows may be missing behind it.
    mutating func check(_ head: Row?) {
        guard let head else {
            if self.chain.rows > 0 { self.chain.refuse(self.lastID) }
            return
        }
        let recorded = try? HistoryHeads.Head(head)
        guard let recorded, recorded.lastID == self.lastID, recorded.hash == self.chain.head,
            recorded.rows == Int64(clamping: self.chain.rows)
        else {
            self.chain.refuse(max(recorded?.lastID ?? self.lastID, 1))
            return
        }
    }
}
