extension FlagDefinition: Documented {
    /// What `bandera apply` reads and `bandera export` writes: the names of `Flag.Field` that the
    /// creator of a flag decides.
    static let fields: [Flag.Field] = [
        .key, .name, .description, .enabled, .status, .rollout, .plans, .roles, .companies,
        .regions, .start, .end, .variations, .onVariation, .offVariation, .salt, .bucketBy, .tags,
        .owner, .schema, .prerequisites, .overrides, .targets, .rules, .weights,
    ]
    private static let names = Self.fields.map(\.rawValue)

    /// The members that are not as they are by default.
    public var document: Value {
        let labels = self.labels
        let targeting = self.targeting
        return .document([
            Flag.Field.key.rawValue: .string(self.key.rawValue),
            Flag.Field.name.rawValue: .text(self.name),
            Flag.Field.description.rawValue: .text(self.description),
            Flag.Field.enabled.rawValue: .bool(self.enabled),
            Flag.Field.status.rawValue: .string(self.status.rawValue),
            Flag.Field.rollout.rawValue: .number(self.rollout.percent),
            Flag.Field.plans.rawValue: .texts(self.audience.plans),
            Flag.Field.roles.rawValue: .texts(self.audience.roles),
            Flag.Field.companies.rawValue: .texts(self.audience.companies),
            Flag.Field.regions.rawValue: .texts(self.audience.regions),
            Flag.Field.start.rawValue: .moment(self.start),
            Flag.Field.end.rawValue: .moment(self.end),
            Flag.Field.variations.rawValue: .documents(self.variations),
            Flag.Field.onVariation.rawValue: .text(self.onVariation),
            Flag.Field.offVariation.rawValue: .text(self.offVariation),
            Flag.Field.salt.rawValue: .text(self.salt),
            Flag.Field.bucketBy.rawValue: .text(self.bucketBy),
            Flag.Field.tags.rawValue: .texts(labels.tags),
            Flag.Field.owner.rawValue: .text(labels.owner),
            Flag.Field.schema.rawValue: labels.schema,
            Flag.Field.prerequisites.rawValue: .documents(targeting.prerequisites),
            Flag.Field.overrides.rawValue: .documents(targeting.overrides),
            Flag.Field.targets.rawValue: .documents(targeting.targets),
            Flag.Field.rules.rawValue: .documents(targeting.rules),
            Flag.Field.weights.rawValue: .documents(targeting.weights),
        ])
    }

    /// Reads `document`; only the key must be there.
    public init(document: Value) throws(FlagsError) {
        try self.init(try DocumentReader(document, "a flag", Self.names))
    }

    init(_ reader: DocumentReader) throws(FlagsError) {
        self.init(
            key: FlagKey(try reader.text(Flag.Field.key.rawValue)),
            name: try reader.text(Flag.Field.name.rawValue, default: ""),
            description: try reader.text(Flag.Field.description.rawValue, default: ""),
            enabled: try reader.bool(Flag.Field.enabled.rawValue, default: false),
            status: try reader.choiceIfAny(Flag.Field.status.rawValue) ?? .draft,
            rollout: try reader.percentageIfAny(Flag.Field.rollout.rawValue) ?? .none,
            audience: Audience(
                plans: try reader.texts(Flag.Field.plans.rawValue),
                roles: try reader.texts(Flag.Field.roles.rawValue),
                companies: try reader.texts(Flag.Field.companies.rawValue),
                regions: try reader.texts(Flag.Field.regions.rawValue)
            ),
            start: try reader.momentIfAny(Flag.Field.start.rawValue),
            end: try reader.momentIfAny(Flag.Field.end.rawValue),
            variations: try reader.items(Flag.Field.variations.rawValue),
            onVariation: try reader.text(Flag.Field.onVariation.rawValue, default: ""),
            offVariation: try reader.text(Flag.Field.offVariation.rawValue, default: ""),
            salt: try reader.text(Flag.Field.salt.rawValue, default: ""),
            bucketBy: try reader.text(Flag.Field.bucketBy.rawValue, default: ""),
            labels: try FlagLabels(reader),
            targeting: try Targeting(reader)
        )
    }
}

extension FlagDefinition {
    /// What the creator of a flag that is as `flag` is now would have decided.
    public init(_ flag: Flag) {
        self.init(
            key: flag.key,
            name: flag.name,
            description: flag.description,
            enabled: flag.enabled,
            status: flag.status,
            rollout: flag.rollout,
            audience: flag.audience,
            start: flag.start,
            end: flag.end,
            variations: flag.variations,
            onVariation: flag.onVariation,
            offVariation: flag.offVariation,
            salt: flag.salt,
            bucketBy: flag.bucketBy,
            labels: flag.labels,
            targeting: flag.targeting
        )
    }
}
