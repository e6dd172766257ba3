internal import Flags

/// Segments as the program shows them.
enum SegmentRendering {
    /// One segment: name and value in rows, or its document.
    static func document(_ segment: Segment) -> Document {
        let definition = segment.definition
        let rules = definition.rules.map { clauses in
            clauses.map(TargetingRendering.text).joined(separator: " \(Texts.and) ")
        }
        let rows: [(String, String)] = [
            (Texts.headingKey, definition.key), (Texts.headingName, definition.name),
            (Texts.headingDescription, definition.description),
            (Texts.headingAttribute, definition.attribute),
            (Texts.headingIncluded, Texts.few(definition.included)),
            (Texts.headingExcluded, Texts.few(definition.excluded)),
            (Texts.headingRules, rules.joined(separator: "; ")),
            (Texts.headingCreated, "\(segment.createdAt.rfc3339) \(segment.createdBy)"),
            (Texts.headingUpdated, "\(segment.updatedAt.rfc3339) \(segment.updatedBy)"),
            (Texts.headingRevision, segment.revision.description),
        ]
        let table = Table(
            [.words(Texts.headingField), .words(Texts.headingValue)],
            rows: rows.filter { !$0.1.isEmpty }.map { [$0.0, $0.1] }
        )
        return Document(table: table) { $0.value(segment.document) }
    }

    /// Several segments, a row each.
    static func document(_ segments: [Segment], revision: Revision) -> Document {
        let table = Table(
            [
                .words(Texts.headingKey), .words(Texts.headingName),
                .numbers(Texts.headingIncluded), .numbers(Texts.headingExcluded),
                .numbers(Texts.headingRules), .words(Texts.headingUpdated),
                .numbers(Texts.headingRevision),
            ],
            rows: segments.map { segment in
                let definition = segment.definition
                return [
                    definition.key, definition.name, String(definition.included.count),
                    String(definition.excluded.count), String(definition.rules.count),
                    segment.updatedAt.rfc3339, segment.revision.description,
                ]
            }
        )
        return Document(table: table) { json in
            json.beginObject()
            json.member("revision", revision.rawValue)
            json.name("segments")
            json.documents(segments)
            json.endObject()
        }
    }
}
