internal import Flags

/// Values as YAML that people read and change, and that reads back the same.
enum YAMLText {
    /// One document, in block style, with its line end.
    static func text(_ value: Value) -> String {
        var text = ""
        self.write(value, indent: 0, isInline: false, to: &text)
        return text
    }

    /// Writes a value from where the line stands: behind a name or a dash when `isInline`.
    private static func write(
        _ value: Value,
        indent: Int,
        isInline: Bool,
        to text: inout String
    ) {
        switch value {
        case .object(let fields) where !fields.isEmpty:
            for (index, field) in fields.enumerated() {
                if index > 0 || !isInline { text += self.spaces(indent) }
                text += self.scalar(field.name) + ":"
                self.writeMember(field.value, indent: indent, to: &text)
            }
        case .array(let elements) where !elements.isEmpty:
            for (index, element) in elements.enumerated() {
                if index > 0 || !isInline { text += self.spaces(indent) }
                text += "- "
                self.write(element, indent: indent + 2, isInline: true, to: &text)
            }
        default:
            text += self.flat(value) + "\n"
        }
    }

    private static func writeMember(_ value: Value, indent: Int, to text: inout String) {
        switch value {
        case .object(let fields) where !fields.isEmpty:
            text += "\n"
            self.write(value, indent: indent + 2, isInline: false, to: &text)
        case .array(let elements) where !elements.isEmpty:
            if elements.allSatisfy(\.isScalar), elements.count <= 8 {
                text += " [" + elements.map(self.flat).joined(separator: ", ") + "]\n"
            } else {
                text += "\n"
                self.write(value, indent: indent + 2, isInline: false, to: &text)
            }
        default:
            text += " " + self.flat(value) + "\n"
        }
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }

    /// A scalar, or an empty list or object, on one line.
    private static func flat(_ value: Value) -> String {
        if case .string(let text) = value { return self.scalar(text) }
        var json = JSONWriter()
        json.value(value)
        return json.text
    }

    /// A text, in JSON's quotes (which are YAML's too) unless nobody could take it for anything else.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map(\.isLetter) == true
            && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_-./@ ".utf8.contains($0) }
            && text.utf8.last != UInt8(ascii: " ") && !self.reserved.contains(text.lowercased())
        guard !isPlain else { return text }
        var json = JSONWriter()
        json.string(text)
        return json.text
    }

    /// Words that some reader of YAML takes for something else than a text.
    private static let reserved: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    ]
}

extension UInt8 {
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Value {
    fileprivate var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }
}
