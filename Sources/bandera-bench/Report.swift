/// What a measurement found: an ordered JSON object.
struct Report {
    /// A value of the report.
    enum Field {
        case integer(Int)
        case decimal(Double, digits: Int)
        case text(String)
        case object(Report)
        case null
    }

    private var fields: [(name: String, value: Field)] = []

    init() {}

    /// Adds a field after the others.
    mutating func add(_ name: String, _ value: Field) { self.fields.append((name, value)) }

    /// Adds a whole number.
    mutating func add(_ name: String, _ value: Int) { self.add(name, .integer(value)) }

    /// Adds a text.
    mutating func add(_ name: String, _ value: String) { self.add(name, .text(value)) }

    /// Adds a number with three digits after the point, or null when there is none.
    mutating func add(_ name: String, _ value: Double?, digits: Int = 3) {
        self.add(name, value.map { .decimal($0, digits: digits) } ?? .null)
    }

    /// The report as JSON, indented.
    func json(indent: String = "") -> String {
        guard !self.fields.isEmpty else { return "{}" }
        let inner = indent + "  "
        let lines = self.fields.map { field in
            "\(inner)\"\(field.name)\": \(Self.json(field.value, indent: inner))"
        }
        return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    }

    private static func json(_ field: Field, indent: String) -> String {
        switch field {
        case .integer(let value): "\(value)"
        case .decimal(let value, let digits): Self.number(value, digits: digits)
        case .text(let text): Self.quoted(text)
        case .object(let report): report.json(indent: indent)
        case .null: "null"
        }
    }

    private static func number(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "null" }
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value.magnitude * Double(scale)) + 0.5)
        let fraction = String(scaled % scale)
        let padding = String(repeating: "0", count: max(0, digits - fraction.count))
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return digits == 0
            ? "\(sign)\(scaled)" : "\(sign)\(scaled / scale).\(padding)\(fraction)"
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            default: scalar.value < 0x20 ? " " : String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
