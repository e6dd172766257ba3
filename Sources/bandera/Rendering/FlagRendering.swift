internal import Flags

/// Flags as the program shows them.
enum FlagRendering {
    /// One flag: name and value in rows, or an object.
    static func document(_ flag: Flag) -> Document {
        var rows: [(String, String)] = [
            (Texts.headingKey, flag.key.rawValue), (Texts.headingName, flag.name),
            (Texts.headingDescription, flag.description),
            (Texts.headingStatus, self.status(flag)),
            (Texts.headingEnabled, self.yesNo(flag.enabled)),
            (Texts.headingRollout, "\(flag.rollout) %"),
            (Texts.headingPlans, self.list(flag.audience.plans)),
            (Texts.headingRoles, self.list(flag.audience.roles)),
            (Texts.headingCompanies, self.list(flag.audience.companies)),
            (Texts.headingRegions, self.list(flag.audience.regions)),
            (Texts.headingStart, flag.start?.rfc3339 ?? ""),
            (Texts.headingEnd, flag.end?.rfc3339 ?? ""),
            (Texts.headingVariations, self.variations(flag)),
            (Texts.headingOnVariation, flag.onVariation),
            (Texts.headingOffVariation, flag.offVariation),
        ]
        rows += TargetingRendering.rows(flag)
        rows += [
            (Texts.headingCreated, "\(flag.createdAt.rfc3339) \(flag.createdBy)"),
            (Texts.headingUpdated, "\(flag.updatedAt.rfc3339) \(flag.updatedBy)"),
            (Texts.headingRevision, flag.revision.description),
        ]
        let table = Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: rows.filter { !$0.1.isEmpty }.map { [$0.0, $0.1] }
        )
        return Document(table: table) { $0.flag(flag) }
    }

    /// Several flags, a row each.
    static func document(_ flags: [Flag], revision: Revision) -> Document {
        let table = Table(
            [
                .words(Texts.headingKey), .words(Texts.headingStatus),
                .words(Texts.headingEnabled), .numbers(Texts.headingRollout),
                .words(Texts.headingAudience), .words(Texts.headingUpdated),
                .numbers(Texts.headingRevision),
            ],
            rows: flags.map { flag in
                [
                    flag.key.rawValue, self.status(flag), self.yesNo(flag.enabled),
                    "\(flag.rollout) %", self.audience(flag.audience),
                    flag.updatedAt.rfc3339, flag.revision.description,
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("revision", revision.rawValue)
            json.members("flags", flags) { flag, json in json.flag(flag) }
            json.endObject()
        }
    }

    /// What was done to a flag, in the order that the cluster gives.
    static func document(_ rows: [HistoryRow], hasMore: Bool) -> Document {
        let table = Table(
            [
                .numbers(Texts.headingRevision), .words(Texts.headingTime),
                .words(Texts.headingActor), .words(Texts.headingAction),
                .words(Texts.headingChange), .words(Texts.headingReason),
            ],
            rows: rows.map { row in
                [
                    row.revision.description, row.time.rfc3339, row.actor,
                    row.action.rawValue, self.difference(row.before, row.after), row.reason,
                ]
            }
        )
        let note = hasMore ? rows.last.map { "\n" + Texts.olderRows($0.revision.description) } : nil
        return Document(text: table.text + (note ?? "")) { json in
            json.beginObject()
            json.members("history", rows, each: self.write)
            json.member("has_more", hasMore)
            json.endObject()
        }
    }

    private static func write(_ row: HistoryRow, to json: inout JSONWriter) {
        json.beginObject()
        json.member("revision", row.revision.rawValue)
        json.member("environment", row.environment.description)
        json.member("key", row.after.key.rawValue)
        json.name("time")
        json.time(row.time)
        json.member("actor", row.actor)
        json.member("action", row.action.rawValue)
        json.member("reason", row.reason)
        json.name("before")
        if let before = row.before { json.flag(before) } else { json.null() }
        json.name("after")
        json.flag(row.after)
        json.endObject()
    }

    static func status(_ flag: Flag) -> String {
        flag.isArchived ? Texts.statusArchived : flag.status.rawValue
    }

    static func yesNo(_ value: Bool) -> String { value ? Texts.yes : Texts.no }

    static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

    /// The variations with their values as JSON, in one cell.
    static func variations(_ flag: Flag) -> String {
        flag.variations.map { "\($0.name)=\(self.json($0.value))" }.joined(separator: ", ")
    }

    /// A value as JSON; nothing for null.
    static func json(_ value: Value) -> String {
        guard value != .null else { return "" }
        var json = JSONWriter()
        json.value(value)
        return json.text
    }

    /// Who a flag is for, in one cell.
    static func audience(_ audience: Audience) -> String {
        guard !audience.isEverybody else { return Texts.audienceEverybody }
        let parts = [
            (Texts.audiencePlans, audience.plans), (Texts.audienceRoles, audience.roles),
            (Texts.audienceCompanies, audience.companies),
            (Texts.audienceRegions, audience.regions),
        ]
        return parts.filter { !$0.1.isEmpty }
            .map { "\($0.0) \($0.1.joined(separator: ","))" }.joined(separator: "; ")
    }

    /// What a change changed, in one cell: only the fields that differ.
    static func difference(_ before: Flag?, _ after: Flag) -> String {
        guard let before else { return "" }
        func cells(_ flag: Flag) -> [(String, String)] {
            [
                (Texts.fieldName, flag.name), (Texts.fieldDescription, flag.description),
                (Texts.fieldEnabled, self.yesNo(flag.enabled)),
                (Texts.fieldStatus, self.status(flag)),
                (Texts.fieldRollout, "\(flag.rollout) %"),
                (Texts.fieldAudience, self.audience(flag.audience)),
                (Texts.fieldStart, flag.start?.rfc3339 ?? "-"),
                (Texts.fieldEnd, flag.end?.rfc3339 ?? "-"),
                (Texts.fieldVariations, self.variations(flag)),
                (Texts.fieldOnVariation, flag.onVariation),
                (Texts.fieldOffVariation, flag.offVariation),
            ]
                + TargetingRendering.rows(flag).map { row in
                    (row.0.lowercased(), row.1.isEmpty ? "-" : row.1)
                }
        }
        return zip(cells(before), cells(after)).filter { $0.1 != $1.1 }
            .map { "\($0.0) \($0.1) -> \($1.1)" }.joined(separator: "; ")
    }
}
