/// A value of the domain that has a document: the one JSON object that stands for it everywhere.
///
/// The records keep it, the state's digest is made of it, history has it as before and after, the
/// program prints it and reads it from files. Names are in `snake_case`; what is empty, unknown or as
/// it is by default is left out.
public protocol Documented: Codable, Sendable {
    /// The value as an object, its members sorted by name.
    var document: Value { get }

    /// Reads what `document` gives; unknown names are refused, the value itself is not validated.
    init(document: Value) throws(FlagsError)
}

extension Documented {
    /// Reads the document.
    public init(from decoder: any Decoder) throws {
        try self.init(document: try Value(from: decoder))
    }

    /// Writes the document.
    public func encode(to encoder: any Encoder) throws {
        try self.document.encode(to: encoder)
    }
}

extension Value {
    /// An object of the members that are not null; their names must be unique.
    package static func document(_ members: KeyValuePairs<String, Value>) -> Value {
        var fields: [Field] = []
        fields.reserveCapacity(members.count)
        for member in members where member.value != .null {
            fields.append(Field(name: member.key, value: member.value))
        }
        guard let object = Self.makeObject(fields) else {
            preconditionFailure("a document with a repeated name: \(members.map(\.key))")
        }
        return object
    }

    /// An object of the members of both, which must be objects without a common name.
    package static func document(_ first: Value, and second: Value) -> Value {
        guard case .object(let fields) = first, case .object(let others) = second,
            let object = Self.makeObject(fields + others)
        else { preconditionFailure("documents that cannot be joined") }
        return object
    }

    /// A text; null when it is empty.
    package static func text(_ text: String) -> Value { text.isEmpty ? .null : .string(text) }

    /// `true`, or null.
    package static func ifTrue(_ value: Bool) -> Value { value ? .bool(true) : .null }

    /// A whole number: text when it is too great for a `Double` to hold exactly.
    package static func whole(_ number: some FixedWidthInteger) -> Value {
        guard let exact = Double(exactly: number), exact.magnitude < Self.wholeNumberMax else {
            return .string(String(number))
        }
        return .number(exact)
    }

    /// A whole number; null when it is 0.
    package static func wholeIfAny(_ number: some FixedWidthInteger) -> Value {
        number == 0 ? .null : self.whole(number)
    }

    /// A moment in RFC 3339, or in milliseconds when that cannot write it; null when there is none.
    package static func moment(_ moment: Timestamp?) -> Value {
        guard let moment else { return .null }
        guard moment >= FlagsLimits.timestampMin, moment <= FlagsLimits.timestampMax else {
            return .whole(moment.milliseconds)
        }
        return .string(moment.rfc3339)
    }

    /// A revision; null when it is 0.
    package static func revision(_ revision: Revision) -> Value {
        .wholeIfAny(revision.rawValue)
    }

    /// An array of texts; null when it is empty.
    package static func texts(_ texts: [String]) -> Value {
        texts.isEmpty ? .null : .array(texts.map { .string($0) })
    }

    /// An array of documents; null when it is empty.
    package static func documents(_ items: [some Documented]) -> Value {
        items.isEmpty ? .null : .array(items.map(\.document))
    }

    /// The document of something that may be as it is by default; null when its document is empty.
    package static func documentIfAny(_ item: some Documented) -> Value {
        let document = item.document
        return document == .object([]) ? .null : document
    }

    /// What kind of JSON value it is, in words.
    var kindInWords: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
