extension Rule: Documented {
    private static let names = ["id", "description", "clauses", "serve"]

    /// `id`, `description`, `clauses` and `serve`.
    public var document: Value {
        .document([
            "id": .string(self.id),
            "description": .text(self.description),
            "clauses": .documents(self.clauses),
            "serve": self.serve.document,
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a rule", Self.names)
        self.init(
            id: try reader.text("id"),
            description: try reader.text("description", default: ""),
            clauses: try reader.items("clauses"),
            serve: try reader.item("serve")
        )
    }
}

extension Serve: Documented {
    private static let names = ["variation", "weights", "bucket_by"]

    /// `variation`, or what a split has.
    public var document: Value {
        switch self {
        case .variation(let name): .document(["variation": .string(name)])
        case .split(let split): split.document
        }
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "what a rule serves", Self.names)
        guard let variation = try reader.textIfAny("variation") else {
            self = .split(try Split(document: document))
            return
        }
        guard !reader.has("weights"), !reader.has("bucket_by") else {
            throw FlagsError(
                .invalidDocument,
                "a rule serves one variation or weights, not both"
            )
        }
        self = .variation(variation)
    }
}

extension Split: Documented {
    private static let names = ["weights", "bucket_by"]

    /// `weights` and `bucket_by`.
    public var document: Value {
        .document([
            "weights": .array(self.weights.map(\.document)),
            "bucket_by": .text(self.bucketBy),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a split", Self.names)
        self.init(
            weights: try reader.items("weights"),
            bucketBy: try reader.text("bucket_by", default: "")
        )
    }
}

extension WeightedVariation: Documented {
    private static let names = ["variation", "weight"]

    /// `variation` and `weight`, in percent.
    public var document: Value {
        .document([
            "variation": .string(self.variation),
            "weight": .number(Double(self.weight) / 1_000),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a weight", Self.names)
        let percent = try reader.number("weight")
        let thousandths = percent * 1_000 + 0.5
        guard percent >= 0, thousandths < Double(UInt32.max),
            (percent * 1_000 - Double(UInt32(thousandths))).magnitude < 1e-6
        else {
            throw FlagsError(
                .invalidDocument,
                "\(percent) is not a weight in percent with up to three decimals"
            )
        }
        self.init(variation: try reader.text("variation"), weight: UInt32(thousandths))
    }
}

extension Target: Documented {
    private static let names = ["variation", "attribute", "values"]

    /// `variation`, `attribute` and `values`.
    public var document: Value {
        .document([
            "variation": .string(self.variation),
            "attribute": .text(self.attribute),
            "values": .texts(self.values),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a target", Self.names)
        self.init(
            variation: try reader.text("variation"),
            attribute: try reader.text("attribute", default: ""),
            values: try reader.texts("values")
        )
    }
}

extension Prerequisite: Documented {
    private static let names = ["flag", "variations"]

    /// `flag` and `variations`.
    public var document: Value {
        .document([
            "flag": .string(self.flag.rawValue),
            "variations": .texts(self.variations),
        ])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a prerequisite", Self.names)
        self.init(
            flag: FlagKey(try reader.text("flag")),
            variations: try reader.texts("variations")
        )
    }
}
