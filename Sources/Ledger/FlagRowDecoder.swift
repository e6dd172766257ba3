internal import Flags
internal import FoundationEssentials
internal import GRDB

/// Reads flags from rows of `feature_flags`.
struct FlagRowDecoder {
    private let decoder = JSONDecoder()
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
                plans: try self.list(try row.text("target_plans")),
                roles: try self.list(try row.text("target_roles")),
                companies: try self.list(try row.text("target_companies")),
                regions: try self.list(try row.text("target_regions"))
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
            createdRevision: try row.revision("created_revision")
        )
    }

    private func list(_ text: String) throws -> [String] {
        guard text != "[]" else { return [] }
        return try self.decoder.decode([String].self, from: Data(text.utf8))
    }

    private mutating func variations(_ text: String) throws -> [Variation] {
        if text != self.lastVariationsText {
            self.lastVariations = try self.decoder.decode(
                [Variation].self,
                from: Data(text.utf8)
            )
            self.lastVariationsText = text
        }
        return self.lastVariations
    }
}
