extension Override: Documented {
    private static let names = ["level", "subject", "variation", "locked"]

    /// `level`, `subject`, `variation` and `locked`.
    public var document: Value {
        .document([
            "level": .string(self.level.rawValue),
            "subject": .text(self.subject),
            "variation": .string(self.variation),
            "locked": .ifTrue(self.isLocked),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an override", Self.names)
        self.init(
            level: try reader.choice("level"),
            subject: try reader.text("subject", default: ""),
            variation: try reader.text("variation"),
            isLocked: try reader.bool("locked", default: false)
        )
    }
}

extension FlagLabels: Documented {
    private static let names = ["tags", "owner", "schema"]

    /// `tags`, `owner` and `schema`.
    public var document: Value {
        .document([
            "tags": .texts(self.tags),
            "owner": .text(self.owner),
            "schema": self.schema,
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        try self.init(try DocumentReader(document, "labels", Self.names))
    }

    init(_ reader: DocumentReader) throws(FlagsError) {
        self.init(
            tags: try reader.texts("tags"),
            owner: try reader.text("owner", default: ""),
            schema: reader.value("schema")
        )
    }
}

extension Targeting: Documented {
    private static let names = ["prerequisites", "overrides", "targets", "rules", "weights"]

    /// `prerequisites`, `overrides`, `targets`, `rules` and `weights`.
    public var document: Value {
        .document([
            "prerequisites": .documents(self.prerequisites),
            "overrides": .documents(self.overrides),
            "targets": .documents(self.targets),
            "rules": .documents(self.rules),
            "weights": .documents(self.weights),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        try self.init(try DocumentReader(document, "targeting", Self.names))
    }

    init(_ reader: DocumentReader) throws(FlagsError) {
        self.init(
            prerequisites: try reader.items("prerequisites"),
            overrides: try reader.items("overrides"),
            targets: try reader.items("targets"),
            rules: try reader.items("rules"),
            weights: try reader.items("weights")
        )
    }
}

extension Audience: Documented {
    private static let names = ["plans", "roles", "companies", "regions"]

    /// `plans`, `roles`, `companies` and `regions`.
    public var document: Value {
        .document([
            "plans": .texts(self.plans),
            "roles": .texts(self.roles),
            "companies": .texts(self.companies),
            "regions": .texts(self.regions),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an audience", Self.names)
        self.init(
            plans: try reader.texts("plans"),
            roles: try reader.texts("roles"),
            companies: try reader.texts("companies"),
            regions: try reader.texts("regions")
        )
    }
}

extension Variation: Documented {
    private static let names = ["name", "value"]

    /// `name` and `value`.
    public var document: Value {
        .document(["name": .string(self.name), "value": self.value])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a variation", Self.names)
        self.init(name: try reader.text("name"), value: reader.value("value"))
    }
}
