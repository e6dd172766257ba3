extension JSONWriter {
    /// Writes a value.
    public mutating func value(_ value: Value) {
        switch value {
        case .null: self.null()
        case .bool(let bool): self.bool(bool)
        case .number(let number): self.number(number)
        case .string(let text): self.string(text)
        case .array(let elements):
            self.beginArray()
            for element in elements { self.value(element) }
            self.endArray()
        case .object(let fields):
            self.beginObject()
            for field in fields {
                self.name(field.name)
                self.value(field.value)
            }
            self.endObject()
        }
    }

    /// Writes an array of documents.
    public mutating func documents(_ items: [some Documented]) {
        self.beginArray()
        for item in items { self.value(item.document) }
        self.endArray()
    }

    /// Writes variations as an array of `name` and `value`.
    public mutating func variations(_ variations: [Variation]) {
        self.beginArray()
        for index in variations.indices {
            self.raw(#"{"name":"#, isElement: true)
            self.string(variations[index].name)
            self.raw(#","value":"#, isElement: false)
            self.value(variations[index].value)
            self.endObject()
        }
        self.endArray()
    }

    /// Writes a flag: the fields of `Flag.Field` in order, by their names.
    public mutating func flag(_ flag: Flag) {
        self.members(Flag.Field.inOrder, of: flag)
    }

    /// Writes an object of some of the flag's fields.
    public mutating func members(_ fields: [Flag.Field], of flag: Flag) {
        self.beginObject()
        for index in fields.indices { self.member(fields[index], of: flag) }
        self.endObject()
    }

    /// Writes the name and the value of one of the flag's fields.
    public mutating func member(_ field: Flag.Field, of flag: Flag) {
        self.plainName(field.rawValue)
        switch field {
        case .key: self.string(flag.key.rawValue)
        case .name: self.string(flag.name)
        case .description: self.string(flag.description)
        case .enabled: self.bool(flag.enabled)
        case .status: self.string(flag.status.rawValue)
        case .archived: self.bool(flag.isArchived)
        case .rollout: self.number(flag.rollout.percent)
        case .plans: self.strings(flag.audience.plans)
        case .roles: self.strings(flag.audience.roles)
        case .companies: self.strings(flag.audience.companies)
        case .regions: self.strings(flag.audience.regions)
        case .start: self.time(flag.start)
        case .end: self.time(flag.end)
        case .variations: self.variations(flag.variations)
        case .onVariation: self.string(flag.onVariation)
        case .offVariation: self.string(flag.offVariation)
        case .salt: self.string(flag.salt)
        case .bucketBy: self.string(flag.bucketBy)
        case .tags: self.strings(flag.labels.tags)
        case .owner: self.string(flag.labels.owner)
        case .schema: self.value(flag.labels.schema)
        case .prerequisites: self.documents(flag.targeting.prerequisites)
        case .overrides: self.documents(flag.targeting.overrides)
        case .targets: self.documents(flag.targeting.targets)
        case .rules: self.documents(flag.targeting.rules)
        case .weights: self.documents(flag.targeting.weights)
        case .recordedStart: self.time(flag.recordedStart)
        case .recordedEnd: self.time(flag.recordedEnd)
        case .release:
            if let release = flag.release { self.integer(release.rawValue) } else { self.null() }
        case .createdAt: self.time(flag.createdAt)
        case .createdBy: self.string(flag.createdBy)
        case .updatedAt: self.time(flag.updatedAt)
        case .updatedBy: self.string(flag.updatedBy)
        case .revision: self.integer(flag.revision.rawValue)
        case .createdRevision: self.integer(flag.createdRevision.rawValue)
        }
    }
}
