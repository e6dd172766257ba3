internal import ClientProtocol
internal import Flags

/// How one object differs, or would, from what it was.
struct Difference: Equatable, Sendable {
    /// `flag` or an `ObjectHistoryRow.Kind`.
    let kind: String
    /// Its key or id.
    let subject: String
    /// Null when there was nothing.
    let before: Value
    /// Null when there is nothing any more.
    let after: Value
    /// Where they differ, and in what.
    let entries: [DocumentDiff.Entry]

    init(kind: String, subject: String, before: Value, after: Value) {
        self.kind = kind
        self.subject = subject
        self.before = before
        self.after = after
        self.entries = DocumentDiff(from: before, to: after).entries.filter { entry in
            !Self.unsaid.contains(entry.path)
        }
    }

    /// What a dry run says would change.
    init(_ preview: WritePreview) {
        self.init(
            kind: preview.kind,
            subject: preview.subject,
            before: preview.before,
            after: preview.after
        )
    }

    /// Whether nothing differs.
    var isEmpty: Bool { self.entries.isEmpty }

    /// Who and when, which differ with every change and say nothing about it.
    private static let unsaid: Set<String> = ["revision", "updated_at", "updated_by"]
}
