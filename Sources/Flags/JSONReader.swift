/// Reads RFC 8259 JSON into a `Value`: strictly, and only so much of it.
///
/// Refused are names that an object has twice, numbers that are not finite, bytes that are not UTF-8,
/// halves of surrogate pairs, anything behind the value, and what exceeds the bounds. An error says
/// the line and the column, counted in bytes from 1.
public struct JSONReader {
    /// How much is read at most.
    public struct Bounds: Hashable, Sendable {
        /// Bytes of the text.
        public var bytesMax: Int
        /// How deep arrays and objects may nest.
        public var depthMax: Int
        /// Values, each array, object and member counted.
        public var valuesMax: Int

        /// Sets bounds; by default those of a file or a recorded document.
        public init(
            bytesMax: Int = FlagsLimits.documentBytesMax,
            depthMax: Int = FlagsLimits.documentDepthMax,
            valuesMax: Int = FlagsLimits.documentValuesMax
        ) {
            self.bytesMax = bytesMax
            self.depthMax = depthMax
            self.valuesMax = valuesMax
        }
    }

    let bytes: [UInt8]
    private let bounds: Bounds
    var position = 0
    private var valuesCount = 0

    private init(_ bytes: [UInt8], _ bounds: Bounds) {
        self.bytes = bytes
        self.bounds = bounds
    }

    /// The one value that `text` is.
    public static func value(
        _ text: String,
        within bounds: Bounds = Bounds()
    ) throws(FlagsError) -> Value {
        try Self.value(Array(text.utf8), within: bounds)
    }

    /// The one value that `bytes` are the text of.
    public static func value(
        _ bytes: [UInt8],
        within bounds: Bounds = Bounds()
    ) throws(FlagsError) -> Value {
        guard bytes.count <= bounds.bytesMax else {
            throw FlagsError(
                .limitExceeded,
                "the JSON text has \(bytes.count) bytes, more than \(bounds.bytesMax)"
            )
        }
        var reader = JSONReader(bytes, bounds)
        reader.skipSpace()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else {
            throw reader.failure("nothing but the end is expected here")
        }
        return value
    }

    private mutating func value(depth: Int) throws(FlagsError) -> Value {
        self.valuesCount += 1
        guard self.valuesCount <= self.bounds.valuesMax else {
            throw self.failure("more than \(self.bounds.valuesMax) values", .limitExceeded)
        }
        guard let next = self.next else {
            throw self.failure("the text ends where a value is expected")
        }
        switch next {
        case UInt8(ascii: "{"): return try self.object(depth: depth + 1)
        case UInt8(ascii: "["): return try self.array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try self.string())
        case UInt8(ascii: "t"): return try self.word("true", .bool(true))
        case UInt8(ascii: "f"): return try self.word("false", .bool(false))
        case UInt8(ascii: "n"): return try self.word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try self.number())
        default: throw self.failure("a value is expected")
        }
    }

    private mutating func array(depth: Int) throws(FlagsError) -> Value {
        try self.enter(depth)
        var elements: [Value] = []
        if self.skip("]") { return .array(elements) }
        while true {
            elements.append(try self.value(depth: depth))
            self.skipSpace()
            if self.skip("]") { return .array(elements) }
            try self.comma(or: "]")
        }
    }

    private mutating func object(depth: Int) throws(FlagsError) -> Value {
        let start = self.position
        try self.enter(depth)
        var fields: [Value.Field] = []
        if self.skip("}") { return .object(fields) }
        // What was written in order need not be sorted.
        var isAscending = true
        while true {
            guard self.next == UInt8(ascii: "\"") else {
                throw self.failure("a name in quotes is expected")
            }
            let name = try self.string()
            self.skipSpace()
            guard self.skip(":") else { throw self.failure("a colon is expected") }
            self.skipSpace()
            if let last = fields.last, last.name >= name { isAscending = false }
            fields.append(Value.Field(name: name, value: try self.value(depth: depth)))
            self.skipSpace()
            if self.skip("}") { break }
            try self.comma(or: "}")
        }
        if isAscending { return .object(fields) }
        fields.sort { $0.name < $1.name }
        for index in fields.indices.dropFirst() where fields[index - 1].name == fields[index].name {
            self.position = start
            let name = TextRules.quoted(fields[index].name)
            throw self.failure("the object that begins here has \(name) twice")
        }
        return .object(fields)
    }

    private mutating func enter(_ depth: Int) throws(FlagsError) {
        guard depth <= self.bounds.depthMax else {
            throw self.failure("nested deeper than \(self.bounds.depthMax) levels", .limitExceeded)
        }
        self.position += 1
        self.skipSpace()
    }

    private mutating func comma(or bracket: Unicode.Scalar) throws(FlagsError) {
        guard self.skip(",") else { throw self.failure("a comma or \(bracket) is expected") }
        self.skipSpace()
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(FlagsError) -> Value {
        for byte in word.description.utf8 {
            guard self.next == byte else {
                throw self.failure("\(word) is expected")
            }
            self.position += 1
        }
        return value
    }

    /// The byte that is read next; `nil` at the end.
    var next: UInt8? {
        self.position < self.bytes.count ? self.bytes[self.position] : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard self.next == UInt8(ascii: character) else { return false }
        self.position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = self.next,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        {
            self.position += 1
        }
    }

    /// An error at the position.
    func failure(_ message: String, _ code: FlagsError.Code = .invalidDocument) -> FlagsError {
        var line = 1
        var column = 1
        for byte in self.bytes[..<min(self.position, self.bytes.count)] {
            if byte == 0x0A {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return FlagsError(code, "JSON, line \(line), column \(column): \(message)")
    }
}
