internal import Flags

/// Events of a watch, a line each, as they come.
struct WatchRendering: Sendable {
    let format: OutputFormat
    let environment: EnvironmentID

    private static let columns: [Table.Column] = [
        .numbers(Texts.headingRevision), .words(Texts.headingEvent), .words(Texts.headingKey),
        .words(Texts.headingStatus), .words(Texts.headingEnabled), .numbers(Texts.headingRollout),
        .words(Texts.headingAudience),
    ]
    /// Later rows are not known when the first is printed: widths that fit most.
    private static let widths = [10, 8, 32, 11, 7, 8, 0]

    /// The line above all others, for people.
    var heading: String? {
        guard self.format == .table else { return nil }
        return Table.line(
            Self.columns.map(\.heading),
            widths: Self.widths,
            columns: Self.columns
        )
    }

    /// The line for a change.
    func line(_ change: Change) -> String {
        guard let flag = change.flag else { return self.segmentLine(change) }
        let event = flag.isArchived ? Texts.eventArchive : Texts.eventChange
        switch self.format {
        case .table:
            return self.row([
                change.revision.description, event, flag.key.rawValue,
                FlagRendering.status(flag), FlagRendering.yesNo(flag.enabled),
                "\(flag.rollout) %", FlagRendering.audience(flag.audience),
            ])
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.member("event", event)
            json.member("revision", change.revision.rawValue)
            json.member("environment", change.environment.description)
            json.member("key", flag.key.rawValue)
            json.name("flag")
            json.flag(flag)
            json.endObject()
            return json.text
        }
    }

    /// The line for a change that is not of a flag.
    private func segmentLine(_ change: Change) -> String {
        let (event, key, document): (String, String, Value) =
            switch change.item {
            case .flag(let flag): (Texts.eventChange, flag.key.rawValue, .null)
            case .segment(let segment): (Texts.eventSegment, segment.key, segment.document)
            case .segmentRemoved(let key): (Texts.eventSegmentRemoved, key, .null)
            }
        switch self.format {
        case .table:
            return self.row([change.revision.description, event, key, "", "", "", ""])
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.member("event", event)
            json.member("revision", change.revision.rawValue)
            json.member("environment", change.environment.description)
            json.member("key", key)
            json.name("segment")
            json.value(document)
            json.endObject()
            return json.text
        }
    }

    /// The lines for a complete set of flags: one in JSON, one a flag in a table.
    func lines(_ flags: [Flag], at revision: Revision) -> [String] {
        switch self.format {
        case .table:
            return flags.map { flag in
                self.row([
                    flag.revision.description, Texts.eventSnapshot, flag.key.rawValue,
                    FlagRendering.status(flag), FlagRendering.yesNo(flag.enabled),
                    "\(flag.rollout) %", FlagRendering.audience(flag.audience),
                ])
            }
        case .json:
            var json = JSONWriter()
            json.beginObject()
            json.member("event", Texts.eventSnapshot)
            json.member("revision", revision.rawValue)
            json.member("environment", self.environment.description)
            json.members("flags", flags) { flag, json in json.flag(flag) }
            json.endObject()
            return [json.text]
        }
    }

    private func row(_ cells: [String]) -> String {
        Table.line(cells.map(Table.printable), widths: Self.widths, columns: Self.columns)
    }
}
