internal import Flags
internal import GRDB

/// Reads flags from rows of `feature_flags`.
struct FlagRowDecoder {
    /// The variations read last: most flags of an environment have the same ones.
    private var lastVariationsText = ""
    private var lastVariations: [Variation] = []

    init() {}

    mutating func flag(_ row: Row) throws -> Flag {
        let statusName = try row.text("status")
        guard let status = FlagStatus(rawValue: statusName) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "flag status \(statusName)")
        }
        return Flag(
            key: FlagKey(try row.text("key")),
            name: try row.text("name"),
            description: try row.text("description"),
            enabled: try row.flag("enabled"),
            status: status,
            isArchived: try row.flag("archived"),
            rollout: try RolloutPercentage(percent: try row.number("rollout_percentage")),
            audience: Audience(
                plans: try Self.list(try row.text("target_plans")),
                roles: try Self.list(try row.text("target_roles")),
                companies: try Self.list(try row.text("target_companies")),
                regions: try Self.list(try row.text("target_regions"))
            ),
            start: try row.timestampIfAny("start_date_ms"),
            end: try row.timestampIfAny("end_date_ms"),
            variations: try self.variations(try row.text("variations")),
            onVariation: try row.text("on_variation"),
            offVariation: try row.text("off_variation"),
            salt: try row.text("salt"),
            bucketBy: try row.text("bucket_by"),
            createdAt: try row.timestamp("created_at_ms"),
            createdBy: try row.text("created_by"),
            updatedAt: try row.timestamp("updated_at_ms"),
            updatedBy: try row.text("updated_by"),
            revision: try row.revision("revision"),
            createdRevision: try row.revision("created_revision"),
            labels: FlagLabels(
                tags: try Self.list(try row.text("tags")),
                owner: try row.text("owner"),
                schema: try Self.value(try row.text("json_schema"))
            ),
            targeting: try Self.targeting(try row.text("targeting")),
            recordedStart: try row.timestampIfAny("recorded_start_ms"),
            recordedEnd: try row.timestampIfAny("recorded_end_ms"),
            release: try row.revisionIfAny("release")
        )
    }

    private static func list(_ text: String) throws -> [String] {
        guard text != "[]" else { return [] }
        guard case .array(let elements) = try JSONReader.value(text) else {
            throw Self.damage("a list", text)
        }
        return try elements.map { element in
            guard case .string(let string) = element else { throw Self.damage("a list", text) }
            return string
        }
    }

    private static func value(_ text: String) throws -> Value {
        text == "null" ? .null : try JSONReader.value(text)
    }

    private static func targeting(_ text: String) throws -> Targeting {
        text == "{}" ? Targeting() : try Targeting(document: try JSONReader.value(text))
    }

    private mutating func variations(_ text: String) throws -> [Variation] {
        if text != self.lastVariationsText {
            guard case .array(let elements) = try JSONReader.value(text) else {
                throw Self.damage("variations", text)
            }
            self.lastVariations = try elements.map { try Variation(document: $0) }
            self.lastVariationsText = text
        }
        return self.lastVariations
    }

    private static func damage(_ what: String, _ text: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no \(what): \(text.prefix(80))")
    }
}
