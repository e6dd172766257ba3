internal import Flags

/// The fields of an `old_value`, to be put back into a flag.
struct RecordedFields: Decodable {
    private let edits: [@Sendable (inout Flag) -> Void]

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Flag.Field.self)
        self.edits = try fields.allKeys.map { try Self.edit(of: $0, in: fields) }
    }

    /// Makes `flag` what it was.
    func restore(_ flag: inout Flag) {
        for edit in self.edits { edit(&flag) }
    }

    private static func edit(
        of field: Flag.Field,
        in fields: KeyedDecodingContainer<Flag.Field>
    ) throws -> @Sendable (inout Flag) -> Void {
        switch field {
        case .name: try Self.set(\.name, field, fields)
        case .description: try Self.set(\.description, field, fields)
        case .enabled: try Self.set(\.enabled, field, fields)
        case .status: try Self.set(\.status, field, fields)
        case .archived: try Self.set(\.isArchived, field, fields)
        case .rollout: try Self.set(\.rollout, field, fields)
        case .plans: try Self.set(\.audience.plans, field, fields)
        case .roles: try Self.set(\.audience.roles, field, fields)
        case .companies: try Self.set(\.audience.companies, field, fields)
        case .regions: try Self.set(\.audience.regions, field, fields)
        case .start: try Self.set(\.start, field, fields)
        case .end: try Self.set(\.end, field, fields)
        case .variations: try Self.set(\.variations, field, fields)
        case .onVariation: try Self.set(\.onVariation, field, fields)
        case .offVariation: try Self.set(\.offVariation, field, fields)
        case .salt: try Self.set(\.salt, field, fields)
        case .bucketBy: try Self.set(\.bucketBy, field, fields)
        case .tags: try Self.set(\.labels.tags, field, fields)
        case .owner: try Self.set(\.labels.owner, field, fields)
        case .schema: try Self.set(\.labels.schema, field, fields)
        case .prerequisites: try Self.set(\.targeting.prerequisites, field, fields)
        case .overrides: try Self.set(\.targeting.overrides, field, fields)
        case .targets: try Self.set(\.targeting.targets, field, fields)
        case .rules: try Self.set(\.targeting.rules, field, fields)
        case .weights: try Self.set(\.targeting.weights, field, fields)
        case .recordedStart: try Self.set(\.recordedStart, field, fields)
        case .recordedEnd: try Self.set(\.recordedEnd, field, fields)
        case .release: try Self.set(\.release, field, fields)
        case .key, .createdAt, .createdBy, .createdRevision, .updatedAt, .updatedBy, .revision:
            // None of them is ever among the changed fields.
            { _ in }
        }
    }

    private static func set<Member: Decodable & Sendable>(
        _ path: any WritableKeyPath<Flag, Member> & Sendable,
        _ field: Flag.Field,
        _ fields: KeyedDecodingContainer<Flag.Field>
    ) throws -> @Sendable (inout Flag) -> Void {
        let member = try fields.decode(Member.self, forKey: field)
        return { $0[keyPath: path] = member }
    }
}
