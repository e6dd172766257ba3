extension Organization: Documented {
    private static let names = ["id", "name", "branding", "quotas", "revision"]

    /// `id`, `name`, `branding`, `quotas` and `revision`.
    public var document: Value {
        .document([
            "id": .string(self.id),
            "name": .text(self.name),
            "branding": .documentIfAny(self.branding),
            "quotas": .documentIfAny(self.quotas),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an organization", Self.names)
        self.init(
            id: try reader.text("id"),
            name: try reader.text("name", default: ""),
            branding: try reader.itemIfAny("branding") ?? Branding(),
            quotas: try reader.itemIfAny("quotas") ?? Quotas(),
            revision: try reader.revision("revision")
        )
    }
}

extension Branding: Documented {
    private static let names = ["logo", "primary_color", "accent_color", "locale", "host"]

    /// The parts that are not empty.
    public var document: Value {
        .document([
            "logo": .text(self.logo),
            "primary_color": .text(self.primaryColor),
            "accent_color": .text(self.accentColor),
            "locale": .text(self.locale),
            "host": .text(self.host),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "branding", Self.names)
        self.init(
            logo: try reader.text("logo", default: ""),
            primaryColor: try reader.text("primary_color", default: ""),
            accentColor: try reader.text("accent_color", default: ""),
            locale: try reader.text("locale", default: ""),
            host: try reader.text("host", default: "")
        )
    }
}

extension Quotas: Documented {
    private static let names = ["flags", "companies", "watches", "writes_per_second"]

    /// The quotas that are not 0.
    public var document: Value {
        .document([
            "flags": .wholeIfAny(self.flags),
            "companies": .wholeIfAny(self.companies),
            "watches": .wholeIfAny(self.watches),
            "writes_per_second": .wholeIfAny(self.writesPerSecond),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "quotas", Self.names)
        self.init(
            flags: try reader.whole("flags", default: 0),
            companies: try reader.whole("companies", default: 0),
            watches: try reader.whole("watches", default: 0),
            writesPerSecond: try reader.whole("writes_per_second", default: 0)
        )
    }
}

extension Environment: Documented {
    private static let names = ["id", "name", "revision"]

    /// `id` (`organization/environment`), `name` and `revision`.
    public var document: Value {
        .document([
            "id": .string(self.id.description),
            "name": .text(self.name),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an environment", Self.names)
        self.init(
            id: try reader.environment("id"),
            name: try reader.text("name", default: ""),
            revision: try reader.revision("revision")
        )
    }
}

extension Plan: Documented {
    private static let names = ["organization", "id", "name", "description", "revision"]

    /// `organization`, `id`, `name`, `description` and `revision`.
    public var document: Value {
        .document([
            "organization": .text(self.organization),
            "id": .string(self.id),
            "name": .text(self.name),
            "description": .text(self.description),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a plan", Self.names)
        self.init(
            organization: try reader.text("organization", default: ""),
            id: try reader.text("id"),
            name: try reader.text("name", default: ""),
            description: try reader.text("description", default: ""),
            revision: try reader.revision("revision")
        )
    }
}

extension Company: Documented {
    private static let names = [
        "organization", "id", "name", "plan", "region", "attributes", "revision",
    ]

    /// `organization`, `id`, `name`, `plan`, `region`, `attributes` (an object) and `revision`.
    public var document: Value {
        .document([
            "organization": .text(self.organization),
            "id": .string(self.id),
            "name": .text(self.name),
            "plan": .text(self.plan),
            "region": .text(self.region),
            "attributes": self.attributes.isEmpty ? .null : .object(self.attributes),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a company", Self.names)
        self.init(
            organization: try reader.text("organization", default: ""),
            id: try reader.text("id"),
            name: try reader.text("name", default: ""),
            plan: try reader.text("plan", default: ""),
            region: try reader.text("region", default: ""),
            attributes: try reader.members("attributes"),
            revision: try reader.revision("revision")
        )
    }
}
