internal import CMessages
internal import Flags
internal import Wire

typealias RawValue = Bandera__Flags__V1__Value
typealias RawField = Bandera__Flags__V1__ValueField

/// How large a value may be.
struct ValueBounds {
    /// How many levels it may have: nested arrays and objects, and the innermost scalar.
    let depthMax: Int
    /// How many elements an array, or fields an object, may have.
    let elementsMax: Int

    /// What a flag gives, a context has, a clause compares with.
    static let value = ValueBounds(
        depthMax: ClientProtocolLimits.valueDepthMax,
        elementsMax: ClientProtocolLimits.valueElementsMax
    )
    /// A whole thing, such as a flag, with values in it.
    static let document = ValueBounds(
        depthMax: ClientProtocolLimits.documentDepthMax,
        elementsMax: ClientProtocolLimits.documentElementsMax
    )
}

extension Value {
    /// Makes the C form.
    func build(in arena: Arena) -> UnsafeMutablePointer<RawValue> {
        arena.message(bandera__flags__v1__value__init) { self.fill(&$0, in: arena) }
    }

    /// Makes the C form; `nil` for null.
    func buildUnlessNull(in arena: Arena) -> UnsafeMutablePointer<RawValue>? {
        self == .null ? nil : self.build(in: arena)
    }

    fileprivate func fill(_ message: inout RawValue, in arena: Arena) {
        switch self {
        case .null:
            message.kind_case = BANDERA__FLAGS__V1__VALUE__KIND_NULL_VALUE
            message.null_value = 1
        case .bool(let bool):
            message.kind_case = BANDERA__FLAGS__V1__VALUE__KIND_BOOL_VALUE
            message.bool_value = bool ? 1 : 0
        case .number(let number):
            message.kind_case = BANDERA__FLAGS__V1__VALUE__KIND_NUMBER_VALUE
            message.number_value = number
        case .string(let string):
            message.kind_case = BANDERA__FLAGS__V1__VALUE__KIND_STRING_VALUE
            message.string_value = arena.bytes(string)
        case .array(let elements):
            message.kind_case = BANDERA__FLAGS__V1__VALUE__KIND_ARRAY_VALUE
            message.array_value = arena.message(bandera__flags__v1__value_array__init) { array in
                array.n_elements = elements.count
                array.elements = arena.values(elements)
            }
        case .object(let fields):
            message.kind_case = BANDERA__FLAGS__V1__VALUE__KIND_OBJECT_VALUE
            message.object_value = arena.message(bandera__flags__v1__value_object__init) {
                $0.n_fields = fields.count
                $0.fields = arena.fields(fields)
            }
        }
    }

    /// Reads a value that must be there.
    init(_ message: UnsafeMutablePointer<RawValue>?) throws(WireError) {
        self = try Value(try require(message, "value"), depth: 1, .value)
    }

    /// Reads a value; absent is null.
    init(
        optional message: UnsafeMutablePointer<RawValue>?,
        _ bounds: ValueBounds = .value
    ) throws(WireError) {
        guard let message else {
            self = .null
            return
        }
        self = try Value(UnsafePointer(message), depth: 1, bounds)
    }

    fileprivate init(
        _ message: UnsafePointer<RawValue>,
        depth: Int,
        _ bounds: ValueBounds
    ) throws(WireError) {
        guard depth <= bounds.depthMax else {
            throw WireError(code: .tooDeep, message: "a value has more than \(depth - 1) levels")
        }
        switch message.pointee.kind_case {
        case BANDERA__FLAGS__V1__VALUE__KIND_NULL_VALUE:
            self = .null
        case BANDERA__FLAGS__V1__VALUE__KIND_BOOL_VALUE:
            self = .bool(message.pointee.bool_value != 0)
        case BANDERA__FLAGS__V1__VALUE__KIND_NUMBER_VALUE:
            // NaN is not equal to itself, which no replicated state can bear.
            guard message.pointee.number_value.isFinite else {
                throw WireError(code: .outOfRange, message: "a number is not finite")
            }
            self = .number(message.pointee.number_value)
        case BANDERA__FLAGS__V1__VALUE__KIND_STRING_VALUE:
            self = .string(
                try message.pointee.string_value.string(
                    byteCountMax: ClientProtocolLimits.valueStringBytesMax,
                    "a string value"
                )
            )
        case BANDERA__FLAGS__V1__VALUE__KIND_ARRAY_VALUE:
            let array = try require(message.pointee.array_value, "array").pointee
            self = .array(
                try readMessages(
                    array.n_elements,
                    array.elements,
                    max: bounds.elementsMax,
                    "an array"
                ) { (element) throws(WireError) -> Value in
                    try Value(element, depth: depth + 1, bounds)
                }
            )
        case BANDERA__FLAGS__V1__VALUE__KIND_OBJECT_VALUE:
            let object = try require(message.pointee.object_value, "object").pointee
            self = .object(
                try readFields(
                    object.n_fields,
                    object.fields,
                    max: bounds.elementsMax,
                    "an object",
                    depth: depth + 1,
                    bounds
                )
            )
        default:
            throw WireError(code: .missing, message: "a value of no known kind")
        }
    }
}

extension Arena {
    /// Builds a list of values.
    func values(_ values: [Value]) -> UnsafeMutablePointer<UnsafeMutablePointer<RawValue>?>? {
        self.messages(values, bandera__flags__v1__value__init) { $0.fill(&$1, in: self) }
    }

    /// Builds the fields of an object or the attributes of a context.
    func fields(
        _ fields: [Value.Field]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<RawField>?>? {
        self.messages(fields, bandera__flags__v1__value_field__init) { field, message in
            message.name = self.bytes(field.name)
            message.value = field.value.build(in: self)
        }
    }
}

/// Reads a list of values.
func readValues(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawValue>?>?,
    max: Int,
    _ field: String
) throws(WireError) -> [Value] {
    try readMessages(count, array, max: max, field) { (value) throws(WireError) -> Value in
        try Value(value, depth: 1, .value)
    }
}

/// Reads the fields of an object or the attributes of a context, sorted by name; no name twice.
func readFields(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawField>?>?,
    max: Int,
    _ field: String,
    depth: Int = 1,
    _ bounds: ValueBounds = .value
) throws(WireError) -> [Value.Field] {
    var fields = try readNotes(count, array, max: max, field, depth: depth, bounds)
    fields.sort { $0.name < $1.name }
    for index in fields.indices.dropFirst() where fields[index - 1].name == fields[index].name {
        throw WireError(code: .outOfRange, message: "\(field) has a name twice")
    }
    return fields
}

/// Reads names and values as they come.
func readNotes(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawField>?>?,
    max: Int,
    _ field: String,
    depth: Int = 1,
    _ bounds: ValueBounds
) throws(WireError) -> [Value.Field] {
    try readMessages(count, array, max: max, field) { (message) throws(WireError) -> Value.Field in
        Value.Field(
            name: try message.pointee.name.identifier("name"),
            value: try Value(try require(message.pointee.value, "value"), depth: depth, bounds)
        )
    }
}
