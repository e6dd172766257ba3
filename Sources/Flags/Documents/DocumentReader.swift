/// Reads a document's members by name, and says which one is missing, unknown or wrong.
///
/// A member that is null is read as if it were missing.
package struct DocumentReader {
    private let what: String
    private let fields: [Value.Field]

    /// Opens `document`, which must be an object that has no other names than `names`.
    ///
    /// `what` is what the document stands for in an error, such as `a rule`.
    package init(_ document: Value, _ what: String, _ names: [String]) throws(FlagsError) {
        guard case .object(let fields) = document else {
            throw FlagsError(
                .invalidDocument,
                "\(what) must be an object, not \(document.kindInWords)"
            )
        }
        for field in fields where !names.contains(field.name) {
            throw FlagsError(
                .invalidDocument,
                "\(what) has no \(TextRules.quoted(field.name)); it may have: "
                    + names.joined(separator: ", ")
            )
        }
        self.what = what
        self.fields = fields
    }

    /// The member; null when it is missing.
    package func value(_ name: String) -> Value {
        for index in self.fields.indices where self.fields[index].name == name {
            return self.fields[index].value
        }
        return .null
    }

    /// Whether the member is there and not null.
    package func has(_ name: String) -> Bool { self.value(name) != .null }

    /// A text.
    package func text(_ name: String) throws(FlagsError) -> String {
        guard let text = try self.textIfAny(name) else { throw self.missing(name) }
        return text
    }

    /// A text, or `fallback` when it is missing.
    package func text(_ name: String, default fallback: String) throws(FlagsError) -> String {
        try self.textIfAny(name) ?? fallback
    }

    /// A text; `nil` when it is missing.
    package func textIfAny(_ name: String) throws(FlagsError) -> String? {
        switch self.value(name) {
        case .null: return nil
        case .string(let text): return text
        case let other: throw self.wrong(name, "a text", other)
        }
    }

    /// True or false.
    package func bool(_ name: String) throws(FlagsError) -> Bool {
        guard let bool = try self.boolIfAny(name) else { throw self.missing(name) }
        return bool
    }

    /// True or false, or `fallback` when it is missing.
    package func bool(_ name: String, default fallback: Bool) throws(FlagsError) -> Bool {
        try self.boolIfAny(name) ?? fallback
    }

    private func boolIfAny(_ name: String) throws(FlagsError) -> Bool? {
        switch self.value(name) {
        case .null: return nil
        case .bool(let bool): return bool
        case let other: throw self.wrong(name, "true or false", other)
        }
    }

    /// A number.
    package func number(_ name: String) throws(FlagsError) -> Double {
        guard let number = try self.numberIfAny(name) else { throw self.missing(name) }
        return number
    }

    /// A number; `nil` when it is missing.
    package func numberIfAny(_ name: String) throws(FlagsError) -> Double? {
        switch self.value(name) {
        case .null: return nil
        case .number(let number): return number
        case let other: throw self.wrong(name, "a number", other)
        }
    }

    /// A whole number; `nil` when it is missing.
    package func wholeIfAny<Number: FixedWidthInteger>(
        _ name: String,
        as type: Number.Type = Number.self
    ) throws(FlagsError) -> Number? {
        let value = self.value(name)
        let number: Number?
        switch value {
        case .null: return nil
        case .number(let double): number = Number(exactly: double)
        case .string(let text): number = Number(text)
        case .bool, .array, .object: throw self.wrong(name, "a whole number", value)
        }
        guard let number else {
            throw FlagsError(
                .invalidDocument,
                "\(self.what): \(name) must be a whole number from \(Number.min) to \(Number.max)"
            )
        }
        return number
    }

    /// A whole number.
    package func whole<Number: FixedWidthInteger>(
        _ name: String
    ) throws(FlagsError) -> Number {
        guard let number = try self.wholeIfAny(name, as: Number.self) else {
            throw self.missing(name)
        }
        return number
    }

    /// A whole number, or `fallback` when it is missing.
    package func whole<Number: FixedWidthInteger>(
        _ name: String,
        default fallback: Number
    ) throws(FlagsError) -> Number {
        try self.wholeIfAny(name) ?? fallback
    }

    /// A revision; 0 when it is missing.
    package func revision(_ name: String) throws(FlagsError) -> Revision {
        Revision(try self.whole(name, default: 0))
    }

    /// A moment.
    package func moment(_ name: String) throws(FlagsError) -> Timestamp {
        guard let moment = try self.momentIfAny(name) else { throw self.missing(name) }
        return moment
    }

    /// A moment, in RFC 3339 or in milliseconds since 1970; `nil` when it is missing.
    package func momentIfAny(_ name: String) throws(FlagsError) -> Timestamp? {
        let value = self.value(name)
        if case .null = value { return nil }
        guard case .string(let text) = value else {
            return Timestamp(milliseconds: try self.whole(name))
        }
        // Milliseconds are a text only where a number could not hold them.
        if let milliseconds = Int64(text), Double(milliseconds).magnitude >= Value.wholeNumberMax {
            return Timestamp(milliseconds: milliseconds)
        }
        return try self.within(name) { () throws(FlagsError) in try Timestamp(parsing: text) }
    }

    /// A share in percent; `nil` when it is missing.
    package func percentageIfAny(_ name: String) throws(FlagsError) -> RolloutPercentage? {
        guard let percent = try self.numberIfAny(name) else { return nil }
        return try self.within(name) { () throws(FlagsError) in
            try RolloutPercentage(percent: percent)
        }
    }

    /// One of the texts that `Choice` has.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(FlagsError) -> Choice where Choice.RawValue == String {
        guard let choice: Choice = try self.choiceIfAny(name) else { throw self.missing(name) }
        return choice
    }

    /// One of the texts that `Choice` has; `nil` when it is missing.
    package func choiceIfAny<Choice: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(FlagsError) -> Choice? where Choice.RawValue == String {
        guard let text = try self.textIfAny(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw FlagsError(
                .invalidDocument,
                "\(self.what): \(name) is \(TextRules.quoted(text)), but must be one of: "
                    + Choice.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return choice
    }

    /// The elements of an array; none when it is missing.
    package func values(_ name: String) throws(FlagsError) -> [Value] {
        switch self.value(name) {
        case .null: return []
        case .array(let elements): return elements
        case let other: throw self.wrong(name, "an array", other)
        }
    }

    /// The members of an object; none when it is missing.
    package func members(_ name: String) throws(FlagsError) -> [Value.Field] {
        switch self.value(name) {
        case .null: return []
        case .object(let fields): return fields
        case let other: throw self.wrong(name, "an object", other)
        }
    }

    /// An array of texts; none when it is missing.
    package func texts(_ name: String) throws(FlagsError) -> [String] {
        var texts: [String] = []
        for value in try self.values(name) {
            guard case .string(let text) = value else {
                throw self.wrong("\(name)[\(texts.count)]", "a text", value)
            }
            texts.append(text)
        }
        return texts
    }

    /// What a document inside this one stands for; `nil` when it is missing.
    package func itemIfAny<Item: Documented>(
        _ name: String,
        as type: Item.Type = Item.self
    ) throws(FlagsError) -> Item? {
        let value = self.value(name)
        guard value != .null else { return nil }
        return try self.within(name) { () throws(FlagsError) in try Item(document: value) }
    }

    /// What a document inside this one stands for.
    package func item<Item: Documented>(_ name: String) throws(FlagsError) -> Item {
        guard let item = try self.itemIfAny(name, as: Item.self) else { throw self.missing(name) }
        return item
    }

    /// What an array of documents stands for; nothing when it is missing.
    package func items<Item: Documented>(_ name: String) throws(FlagsError) -> [Item] {
        var items: [Item] = []
        for value in try self.values(name) {
            items.append(
                try self.within("\(name)[\(items.count)]") { () throws(FlagsError) in
                    try Item(document: value)
                }
            )
        }
        return items
    }

    /// An environment's id, `organization/environment`, unchecked but for its form.
    package func environment(_ name: String) throws(FlagsError) -> EnvironmentID {
        let text = try self.text(name)
        return try self.within(name) { () throws(FlagsError) in try EnvironmentID(parsing: text) }
    }

    /// Runs `read`, and says in its error where in the document it was.
    package func within<Item>(
        _ name: String,
        _ read: () throws(FlagsError) -> Item
    ) throws(FlagsError) -> Item {
        do {
            return try read()
        } catch {
            throw FlagsError(error.code, "\(name): \(error.message)")
        }
    }

    private func missing(_ name: String) -> FlagsError {
        FlagsError(.invalidDocument, "\(self.what) must have a member named \(name)")
    }

    private func wrong(_ name: String, _ expected: String, _ found: Value) -> FlagsError {
        FlagsError(
            .invalidDocument,
            "\(self.what): \(name) must be \(expected), not \(found.kindInWords)"
        )
    }
}
