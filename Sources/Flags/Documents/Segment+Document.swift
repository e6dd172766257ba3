extension SegmentDefinition: Documented {
    fileprivate static let names = [
        "key", "name", "description", "attribute", "included", "excluded", "rules",
    ]

    /// `key`, `name`, `description`, `attribute`, `included`, `excluded` and `rules`, each an object
    /// of `clauses`.
    public var document: Value {
        .document([
            "key": .string(self.key),
            "name": .text(self.name),
            "description": .text(self.description),
            "attribute": .text(self.attribute),
            "included": .texts(self.included),
            "excluded": .texts(self.excluded),
            "rules": self.rules.isEmpty
                ? .null
                : .array(self.rules.map { .document(["clauses": .documents($0)]) }),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        try self.init(try DocumentReader(document, "a segment", Self.names))
    }

    fileprivate init(_ reader: DocumentReader) throws(FlagsError) {
        var rules: [[Clause]] = []
        for value in try reader.values("rules") {
            rules.append(
                try reader.within("rules[\(rules.count)]") { () throws(FlagsError) in
                    try DocumentReader(value, "a segment's rule", ["clauses"]).items("clauses")
                }
            )
        }
        self.init(
            key: try reader.text("key"),
            name: try reader.text("name", default: ""),
            description: try reader.text("description", default: ""),
            attribute: try reader.text("attribute", default: ""),
            included: try reader.texts("included"),
            excluded: try reader.texts("excluded"),
            rules: rules
        )
    }
}

extension Segment: Documented {
    private static let names =
        SegmentDefinition.names + [
            "created_at", "created_by", "updated_at", "updated_by", "revision",
        ]

    /// The members of its definition, and who and when.
    public var document: Value {
        .document(
            self.definition.document,
            and: .document([
                "created_at": .moment(self.createdAt),
                "created_by": .text(self.createdBy),
                "updated_at": .moment(self.updatedAt),
                "updated_by": .text(self.updatedBy),
                "revision": .revision(self.revision),
            ])
        )
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a segment", Self.names)
        self.init(
            definition: try SegmentDefinition(reader),
            createdAt: try reader.moment("created_at"),
            createdBy: try reader.text("created_by", default: ""),
            updatedAt: try reader.moment("updated_at"),
            updatedBy: try reader.text("updated_by", default: ""),
            revision: try reader.revision("revision")
        )
    }
}

extension Clause: Documented {
    private static let names = ["attribute", "operator", "values", "negate", "ignore_case"]

    /// `attribute`, `operator`, `values`, `negate` and `ignore_case`.
    public var document: Value {
        .document([
            "attribute": .text(self.attribute),
            "operator": .string(self.comparison.rawValue),
            "values": self.values.isEmpty ? .null : .array(self.values),
            "negate": .ifTrue(self.isNegated),
            "ignore_case": .ifTrue(self.ignoresCase),
        ])
    }

    /// Reads `document`; an operator that this version does not know is kept.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a clause", Self.names)
        self.init(
            attribute: try reader.text("attribute", default: ""),
            ClauseOperator(try reader.text("operator")),
            try reader.values("values"),
            isNegated: try reader.bool("negate", default: false),
            ignoresCase: try reader.bool("ignore_case", default: false)
        )
    }
}
