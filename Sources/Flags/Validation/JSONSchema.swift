/// A schema that object values must conform to: a subset of JSON Schema (2020-12), made for asking.
///
/// `type`, `properties`, `required`, `additionalProperties`, `items`, `enum`, `const`, `minimum`,
/// `maximum`, `minLength`, `maxLength`, `minItems`, `maxItems`; `title`, `description`, `default`,
/// `examples`, `$schema` and `$comment` say nothing about values. Any other keyword is refused by
/// name: a schema never promises more than is checked.
public struct JSONSchema: Sendable {
    /// What `type` can name.
    enum Kind: String, CaseIterable {
        case object
        case array
        case string
        case number
        /// A number without a fraction.
        case integer
        case boolean
        case null
    }

    /// What a schema says about members or elements that nothing else speaks of.
    indirect enum Rest {
        case anything
        case nothing
        case schema(JSONSchema)
    }

    /// The bounds of a number, a length or a count.
    struct Bounds {
        var min: Double?
        var max: Double?
    }

    /// Empty means any.
    private(set) var kinds: [Kind] = []
    /// Sorted by name.
    private(set) var properties: [(name: String, schema: JSONSchema)] = []
    private(set) var required: [String] = []
    private(set) var additional = Rest.anything
    private(set) var items = Rest.anything
    /// `nil` means any; `const` is a list of one.
    private(set) var allowed: [Value]?
    private(set) var number = Bounds()
    private(set) var length = Bounds()
    private(set) var count = Bounds()

    /// Compiles `schema`, or says what is wrong with it.
    public init(_ schema: Value) throws(FlagsError) {
        try schema.check(bytesMax: FlagsLimits.schemaBytesMax) { "the schema" }
        try self.init(schema, path: "")
    }

    private init(_ schema: Value, path: String) throws(FlagsError) {
        guard case .object(let fields) = schema else {
            throw Self.failure(path, "must be an object, not \(schema.kindInWords)")
        }
        for field in fields {
            try self.read(field.name, field.value, path: "\(path)/\(field.name)")
        }
    }

    private mutating func read(
        _ keyword: String,
        _ value: Value,
        path: String
    ) throws(FlagsError) {
        switch keyword {
        case "type": self.kinds = try Self.kinds(value, path)
        case "properties": self.properties = try Self.properties(value, path)
        case "required": self.required = try Self.texts(value, path)
        case "additionalProperties": self.additional = try Self.rest(value, path)
        case "items": self.items = try Self.rest(value, path)
        case "enum":
            guard case .array(let values) = value, !values.isEmpty else {
                throw Self.failure(path, "must be an array with at least one value")
            }
            self.allow(values)
        case "const": self.allow([value])
        case "minimum": self.number.min = try Self.finite(value, path)
        case "maximum": self.number.max = try Self.finite(value, path)
        case "minLength": self.length.min = try Self.whole(value, path)
        case "maxLength": self.length.max = try Self.whole(value, path)
        case "minItems": self.count.min = try Self.whole(value, path)
        case "maxItems": self.count.max = try Self.whole(value, path)
        case "title", "description", "default", "examples", "$schema", "$comment": break
        default:
            throw Self.failure(
                path,
                "is not supported; supported are type, properties, required, "
                    + "additionalProperties, items, enum, const, minimum, maximum, minLength, "
                    + "maxLength, minItems, maxItems"
            )
        }
    }

    private mutating func allow(_ values: [Value]) {
        guard let earlier = self.allowed else {
            self.allowed = values
            return
        }
        // Both const and enum: what both allow; one of them has a single value or both are short.
        self.allowed = earlier.filter { values.contains($0) }
    }

    private static func kinds(_ value: Value, _ path: String) throws(FlagsError) -> [Kind] {
        let names: [String]
        if case .string(let name) = value {
            names = [name]
        } else {
            names = try Self.texts(value, path)
        }
        guard !names.isEmpty, names.count <= Kind.allCases.count else {
            throw Self.failure(path, "must name 1 to \(Kind.allCases.count) types")
        }
        var kinds: [Kind] = []
        for name in names {
            guard let kind = Kind(rawValue: name) else {
                throw Self.failure(
                    path,
                    "\(TextRules.quoted(name)) is not one of "
                        + Kind.allCases.map(\.rawValue).joined(separator: ", ")
                )
            }
            kinds.append(kind)
        }
        return kinds
    }

    private static func properties(
        _ value: Value,
        _ path: String
    ) throws(FlagsError) -> [(name: String, schema: JSONSchema)] {
        guard case .object(let fields) = value else {
            throw Self.failure(path, "must be an object")
        }
        var properties: [(name: String, schema: JSONSchema)] = []
        for field in fields {
            properties.append(
                (field.name, try JSONSchema(field.value, path: "\(path)/\(field.name)"))
            )
        }
        return properties
    }

    private static func rest(_ value: Value, _ path: String) throws(FlagsError) -> Rest {
        switch value {
        case .bool(true): .anything
        case .bool(false): .nothing
        default: .schema(try JSONSchema(value, path: path))
        }
    }

    private static func texts(_ value: Value, _ path: String) throws(FlagsError) -> [String] {
        guard case .array(let elements) = value else {
            throw Self.failure(path, "must be an array of texts")
        }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else {
                throw Self.failure(path, "must be an array of texts")
            }
            texts.append(text)
        }
        return texts
    }

    private static func finite(_ value: Value, _ path: String) throws(FlagsError) -> Double {
        guard case .number(let number) = value, number.isFinite else {
            throw Self.failure(path, "must be a number")
        }
        return number
    }

    private static func whole(_ value: Value, _ path: String) throws(FlagsError) -> Double {
        let number = try Self.finite(value, path)
        guard number >= 0, Value.isWhole(number) else {
            throw Self.failure(path, "must be a whole number that is not negative")
        }
        return number
    }

    private static func failure(_ path: String, _ message: String) -> FlagsError {
        FlagsError(
            .invalidSchema,
            path.isEmpty ? "the schema \(message)" : "schema \(path) \(message)"
        )
    }
}
