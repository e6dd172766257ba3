extension Value: Codable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads any JSON value, to `FlagsLimits.valueDepthMax` levels.
    ///
    /// An object's members are sorted by name.
    public init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= FlagsLimits.valueDepthMax * 2 else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "nested too deep")
            )
        }
        if let object = try? decoder.container(keyedBy: Name.self) {
            let fields = try object.allKeys.map { name in
                Field(name: name.stringValue, value: try object.decode(Value.self, forKey: name))
            }
            guard let value = Self.makeObject(fields) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "repeated name")
                )
            }
            self = value
            return
        }
        if var array = try? decoder.unkeyedContainer() {
            var elements: [Value] = []
            while !array.isAtEnd { elements.append(try array.decode(Value.self)) }
            self = .array(elements)
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(Double.self) {
            self = .number(value)
        } else {
            self = .string(try single.decode(String.self))
        }
    }

    /// Writes the JSON value that this is.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let fields):
            var object = encoder.container(keyedBy: Name.self)
            for field in fields {
                try object.encode(field.value, forKey: Name(stringValue: field.name))
            }
        case .array(let elements):
            var array = encoder.unkeyedContainer()
            for element in elements { try array.encode(element) }
        case .null:
            var single = encoder.singleValueContainer()
            try single.encodeNil()
        case .bool(let value):
            var single = encoder.singleValueContainer()
            try single.encode(value)
        case .number(let value):
            var single = encoder.singleValueContainer()
            try single.encode(value)
        case .string(let value):
            var single = encoder.singleValueContainer()
            try single.encode(value)
        }
    }
}
