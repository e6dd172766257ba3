internal import ClientProtocol
internal import Flags

/// Rows of history as they are recorded and chained, as the program shows them.
enum AuditRendering {
    /// A row as one line for people: when, who, what, and what it changed.
    static func line(_ row: AuditRow) -> String {
        let changes = DifferenceRendering.sentence(self.value(row.before), self.value(row.after))
        return Texts.auditLine(
            revision: row.revision.description,
            time: row.time.rfc3339,
            actor: row.actor,
            action: row.action,
            changes: Table.printable(changes),
            reason: Table.printable(row.reason)
        )
    }

    /// A row as one line of an export: everything that its hash is made of, and the hashes.
    static func exported(_ row: AuditRow) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.member("id", row.id)
        json.member("revision", row.revision.rawValue)
        json.member("organization", row.organization)
        json.member("environment", row.environment)
        json.member("kind", row.kind)
        json.member("subject", row.subject)
        // Milliseconds, which the hash is made of: RFC 3339 cannot write every moment.
        json.member("time_ms", row.time.milliseconds)
        json.member("actor", row.actor)
        json.member("action", row.action)
        json.member("reason", row.reason)
        json.member("before", row.before)
        json.member("after", row.after)
        json.member("previous_hash", row.previousHash)
        json.member("hash", row.hash)
        json.endObject()
        return json.text
    }

    /// What came of checking chains, a row each.
    static func document(_ verdicts: [HistoryVerdict]) -> Document {
        let table = Table(
            [
                .words(Texts.headingOrganization), .words(Texts.headingNode),
                .numbers(Texts.headingRows), .words(Texts.headingVerdict),
                .words(Texts.headingHead), .words(Texts.headingError),
            ],
            rows: verdicts.map { verdict in
                [
                    verdict.organization, verdict.node.map(String.init) ?? "",
                    String(verdict.rows),
                    verdict.error == nil
                        ? Texts.historyVerdict(firstBad: verdict.firstBad) : Texts.verdictMissing,
                    verdict.head, verdict.error ?? "",
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.members("histories", verdicts) { verdict, json in
                json.beginObject()
                json.member("organization", verdict.organization)
                json.member("rows", verdict.rows)
                json.member("intact", verdict.firstBad == nil && verdict.error == nil)
                json.name("first_bad")
                if let id = verdict.firstBad { json.integer(id) } else { json.null() }
                json.member("head", verdict.head)
                json.name("node")
                if let node = verdict.node { json.integer(node) } else { json.null() }
                json.name("error")
                if let error = verdict.error { json.string(error) } else { json.null() }
                json.endObject()
            }
            json.endObject()
        }
    }

    private static func value(_ json: String) -> Value {
        json.isEmpty ? .null : JSONText.value(json) ?? .string(json)
    }
}

/// What came of checking the chain of one organization's history.
struct HistoryVerdict: Equatable, Sendable {
    /// Empty for the platform's own.
    let organization: String
    let rows: UInt64
    /// The id of the first row that does not fit; `nil` when all do.
    let firstBad: UInt64?
    /// The last row's hash, in hexadecimal.
    let head: String
    /// Whose records were checked; `nil` for a file.
    let node: UInt64?
    /// Why the node did not check; `nil` when it did.
    var error: String?
}
