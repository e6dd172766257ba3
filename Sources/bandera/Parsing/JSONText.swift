internal import Flags

/// JSON as people type it on a command line.
enum JSONText {
    /// Reads one JSON value; `nil` when `text` is not exactly one.
    static func value(_ text: String) -> Value? {
        try? JSONReader.value(text)
    }

    /// Reads `name=JSON`.
    static func field(_ text: String) -> Value.Field? {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex,
            let value = self.value(String(text[text.index(after: equals)...]))
        else { return nil }
        return Value.Field(name: String(text[..<equals]), value: value)
    }
}
