internal import Flags

/// A history row's `old_value` and `new_value`: JSON of the fields that changed, all of them at
/// creation.
struct HistoryValues {
    /// `nil` when the flag was created.
    let old: String?
    let new: String

    /// Renders with `writer`, which is emptied first.
    init(_ row: HistoryRow, writer: inout JSONWriter) {
        guard let before = row.before else {
            self.old = nil
            writer.removeAll()
            writer.flag(row.after)
            self.new = writer.text
            return
        }
        let fields = row.after.changedFields(since: before)
        self.old = Self.render(fields, of: before, writer: &writer)
        self.new = Self.render(fields, of: row.after, writer: &writer)
    }

    private static func render(
        _ fields: [Flag.Field],
        of flag: Flag,
        writer: inout JSONWriter
    ) -> String {
        writer.removeAll()
        writer.beginObject()
        for field in fields { writer.member(field, of: flag) }
        writer.endObject()
        return writer.text
    }
}
