internal import CMessages
internal import Flags
internal import Wire

typealias RawSegment = Bandera__Flags__V1__Segment
typealias RawSegmentDefinition = Bandera__Flags__V1__SegmentDefinition

extension SegmentDefinition {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<RawSegmentDefinition> {
        arena.message(bandera__flags__v1__segment_definition__init) { message in
            message.key = arena.bytes(self.key)
            message.name = arena.bytes(self.name)
            message.description = arena.bytes(self.description)
            message.attribute = arena.bytes(self.attribute)
            message.n_included = self.included.count
            message.included = arena.strings(self.included)
            message.n_excluded = self.excluded.count
            message.excluded = arena.strings(self.excluded)
            message.n_rules = self.rules.count
            message.rules = arena.messages(self.rules, bandera__flags__v1__segment_rule__init) {
                $1.n_clauses = $0.count
                $1.clauses = arena.clauses($0)
            }
        }
    }

    /// Reads the C form, which must be there.
    init(_ message: UnsafeMutablePointer<RawSegmentDefinition>?) throws(WireError) {
        let raw = try require(message, "definition").pointee
        let max = ClientProtocolLimits.segmentKeysMax
        self.init(
            key: try raw.key.identifier("key"),
            name: try raw.name.text("name"),
            description: try raw.description.text("description"),
            attribute: try raw.attribute.identifier("attribute"),
            included: try readIdentifiers(raw.n_included, raw.included, max: max, "included"),
            excluded: try readIdentifiers(raw.n_excluded, raw.excluded, max: max, "excluded"),
            rules: try readMessages(
                raw.n_rules,
                raw.rules,
                max: ClientProtocolLimits.rulesMax,
                "rules"
            ) { (rule) throws(WireError) -> [Clause] in
                try readClauses(rule.pointee.n_clauses, rule.pointee.clauses)
            }
        )
    }
}

extension Segment {
    /// Sets the fields of the C form.
    func fill(_ message: inout RawSegment, in arena: Arena) {
        message.definition = self.definition.build(in: arena)
        message.created_at_ms = self.createdAt.milliseconds
        message.created_by = arena.bytes(self.createdBy)
        message.updated_at_ms = self.updatedAt.milliseconds
        message.updated_by = arena.bytes(self.updatedBy)
        message.revision = self.revision.rawValue
    }

    /// Reads the C form.
    init(_ message: UnsafePointer<RawSegment>) throws(WireError) {
        let raw = message.pointee
        self.init(
            definition: try SegmentDefinition(raw.definition),
            createdAt: Timestamp(milliseconds: raw.created_at_ms),
            createdBy: try raw.created_by.identifier("created by"),
            updatedAt: Timestamp(milliseconds: raw.updated_at_ms),
            updatedBy: try raw.updated_by.identifier("updated by"),
            revision: Revision(raw.revision)
        )
    }
}

extension Arena {
    /// Builds a list of segments.
    func segments(
        _ segments: [Segment]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<RawSegment>?>? {
        self.messages(segments, bandera__flags__v1__segment__init) { $0.fill(&$1, in: self) }
    }
}

/// Reads a list of segments.
func readSegments(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawSegment>?>?
) throws(WireError) -> [Segment] {
    try readMessages(count, array, max: ClientProtocolLimits.segmentsMax, "segments") {
        (segment) throws(WireError) -> Segment in try Segment(segment)
    }
}
