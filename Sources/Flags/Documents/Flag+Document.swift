extension Flag: Documented {
    private static let names = Field.inOrder.map(\.rawValue)

    /// What `JSONWriter.flag` writes, but for what is null.
    public var document: Value {
        var fields: [Value.Field] = []
        for field in Field.inOrder {
            let value = self.value(of: field)
            if value != .null { fields.append(Value.Field(name: field.rawValue, value: value)) }
        }
        return .object(fields.sorted { $0.name < $1.name })
    }

    /// Reads `document`; what older versions did not have may be missing.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a flag", Self.names)
        let definition = try FlagDefinition(reader)
        self.init(
            key: definition.key,
            name: definition.name,
            description: definition.description,
            enabled: definition.enabled,
            status: definition.status,
            isArchived: try reader.bool(Field.archived.rawValue, default: false),
            rollout: definition.rollout,
            audience: definition.audience,
            start: definition.start,
            end: definition.end,
            variations: definition.variations,
            onVariation: definition.onVariation,
            offVariation: definition.offVariation,
            salt: definition.salt,
            bucketBy: definition.bucketBy,
            createdAt: try reader.moment(Field.createdAt.rawValue),
            createdBy: try reader.text(Field.createdBy.rawValue),
            updatedAt: try reader.moment(Field.updatedAt.rawValue),
            updatedBy: try reader.text(Field.updatedBy.rawValue),
            revision: Revision(try reader.whole(Field.revision.rawValue)),
            createdRevision: Revision(try reader.whole(Field.createdRevision.rawValue)),
            labels: definition.labels,
            targeting: definition.targeting,
            recordedStart: try reader.momentIfAny(Field.recordedStart.rawValue),
            recordedEnd: try reader.momentIfAny(Field.recordedEnd.rawValue),
            release: try reader.wholeIfAny(Field.release.rawValue).map { Revision($0) }
        )
    }

    /// One of the flag's fields as it is in its document; null when there is nothing.
    public func value(of field: Field) -> Value {
        switch field {
        case .key: .string(self.key.rawValue)
        case .name: .string(self.name)
        case .description: .string(self.description)
        case .enabled: .bool(self.enabled)
        case .status: .string(self.status.rawValue)
        case .archived: .bool(self.isArchived)
        case .rollout: .number(self.rollout.percent)
        case .plans: Self.array(self.audience.plans)
        case .roles: Self.array(self.audience.roles)
        case .companies: Self.array(self.audience.companies)
        case .regions: Self.array(self.audience.regions)
        case .start: .moment(self.start)
        case .end: .moment(self.end)
        case .variations: Self.array(self.variations)
        case .onVariation: .string(self.onVariation)
        case .offVariation: .string(self.offVariation)
        case .salt: .string(self.salt)
        case .bucketBy: .string(self.bucketBy)
        case .tags: Self.array(self.labels.tags)
        case .owner: .string(self.labels.owner)
        case .schema: self.labels.schema
        case .prerequisites: Self.array(self.targeting.prerequisites)
        case .overrides: Self.array(self.targeting.overrides)
        case .targets: Self.array(self.targeting.targets)
        case .rules: Self.array(self.targeting.rules)
        case .weights: Self.array(self.targeting.weights)
        case .recordedStart: .moment(self.recordedStart)
        case .recordedEnd: .moment(self.recordedEnd)
        case .release: self.release.map { .whole($0.rawValue) } ?? .null
        case .createdAt: .moment(self.createdAt)
        case .createdBy: .string(self.createdBy)
        case .updatedAt: .moment(self.updatedAt)
        case .updatedBy: .string(self.updatedBy)
        case .revision: .whole(self.revision.rawValue)
        case .createdRevision: .whole(self.createdRevision.rawValue)
        }
    }

    private static func array(_ texts: [String]) -> Value { .array(texts.map { .string($0) }) }

    private static func array(_ items: [some Documented]) -> Value {
        .array(items.map(\.document))
    }
}
