internal import Flags

/// What a command answers with, in both forms.
struct Document: Equatable, Sendable {
    /// For people: a table, or a few sentences.
    let text: String
    /// For programs, on one line.
    let json: String

    /// A document whose JSON `write` writes.
    init(text: String, json write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        write(&writer)
        self.text = text
        self.json = writer.text
    }

    /// A document whose text is a table.
    init(table: Table, json write: (inout JSONWriter) -> Void) {
        self.init(text: table.text, json: write)
    }

    /// The answer in the format, with the line end that closes it.
    func rendered(_ format: OutputFormat) -> String {
        switch format {
        case .table: self.text + "\n"
        case .json: JSONIndentation.indented(self.json) + "\n"
        }
    }
}

extension JSONWriter {
    /// Writes an object's member that is a string.
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        self.string(text)
    }

    /// Writes an object's member that is a whole number.
    mutating func member(_ name: String, _ number: some BinaryInteger) {
        self.name(name)
        self.integer(number)
    }

    /// Writes an object's member that is true or false.
    mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        self.bool(value)
    }

    /// Writes an object's member that is an array with one element for each item.
    mutating func members<Item>(
        _ name: String,
        _ items: [Item],
        each write: (Item, inout JSONWriter) -> Void
    ) {
        self.name(name)
        self.beginArray()
        for item in items { write(item, &self) }
        self.endArray()
    }
}
