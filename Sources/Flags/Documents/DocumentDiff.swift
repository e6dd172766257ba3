/// What differs between two documents, member by member.
///
/// Elements of arrays that name themselves (`id`, `key`, `name`, `level` and `subject`…) are compared
/// with those of the same name, wherever they stand; other arrays are compared as a whole.
public struct DocumentDiff: Hashable, Sendable {
    /// One place where they differ.
    public struct Entry: Hashable, Sendable {
        /// Such as `rules[beta]/serve/variation`; empty for the documents themselves.
        public let path: String
        /// What was there; null for nothing.
        public let before: Value
        /// What is there now; null for nothing.
        public let after: Value
    }

    /// In the order of their paths' names, an array's as they stand.
    public private(set) var entries: [Entry] = []

    /// Compares two documents; more than `FlagsLimits.differencesMax` differences are told as fewer,
    /// larger ones.
    public init(from before: Value, to after: Value) {
        self.compare(before, after, path: "", depth: 0)
    }

    /// Whether nothing differs.
    public var isEmpty: Bool { self.entries.isEmpty }

    private mutating func compare(_ before: Value, _ after: Value, path: String, depth: Int) {
        guard before != after else { return }
        if depth < FlagsLimits.documentDepthMax, self.entries.count < FlagsLimits.differencesMax {
            switch (before, after) {
            case (.object(let old), .object(let new)):
                return self.compare(old, new, path, depth)
            case (.array(let old), .array(let new)):
                if self.compare(old, new, path, depth) { return }
            default:
                break
            }
        }
        self.entries.append(Entry(path: path, before: before, after: after))
    }

    /// Both are sorted by name.
    private mutating func compare(
        _ before: [Value.Field],
        _ after: [Value.Field],
        _ path: String,
        _ depth: Int
    ) {
        let prefix = path.isEmpty ? "" : path + "/"
        var old = before[...]
        var new = after[...]
        while let name = [old.first?.name, new.first?.name].compactMap({ $0 }).min() {
            var pair: (Value, Value) = (.null, .null)
            if let field = old.first, field.name == name {
                pair.0 = field.value
                old = old.dropFirst()
            }
            if let field = new.first, field.name == name {
                pair.1 = field.value
                new = new.dropFirst()
            }
            self.compare(pair.0, pair.1, path: prefix + name, depth: depth + 1)
        }
    }

    /// Whether the elements name themselves, so that they could be compared.
    private mutating func compare(
        _ before: [Value],
        _ after: [Value],
        _ path: String,
        _ depth: Int
    ) -> Bool {
        guard let old = Self.names(before), let new = Self.names(after) else { return false }
        for name in old.order where new.elements[name] == nil {
            self.compare(
                old.elements[name] ?? .null,
                .null,
                path: "\(path)[\(name)]",
                depth: depth + 1
            )
        }
        for name in new.order {
            self.compare(
                old.elements[name] ?? .null,
                new.elements[name] ?? .null,
                path: "\(path)[\(name)]",
                depth: depth + 1
            )
        }
        let kept = old.order.filter { new.elements[$0] != nil }
        if kept != new.order.filter({ old.elements[$0] != nil }) {
            self.entries.append(
                Entry(
                    path: "\(path)[order]",
                    before: .texts(old.order),
                    after: .texts(new.order)
                )
            )
        }
        return true
    }

    /// Elements by the names that they give themselves; `nil` when one has none, or two have the
    /// same.
    private static func names(
        _ values: [Value]
    ) -> (order: [String], elements: [String: Value])? {
        var order: [String] = []
        var elements: [String: Value] = [:]
        for value in values {
            guard let name = Self.name(of: value), elements[name] == nil else { return nil }
            order.append(name)
            elements[name] = value
        }
        return (order, elements)
    }

    private static func name(of value: Value) -> String? {
        guard case .object(let fields) = value else { return nil }
        func text(_ name: String) -> String? {
            for field in fields where field.name == name {
                if case .string(let text) = field.value { return text }
            }
            return nil
        }
        if let level = text("level") {
            guard let subject = text("subject") else { return level }
            return "\(level) \(subject)"
        }
        for name in ["id", "key", "name", "flag", "variation"] {
            if let text = text(name) { return text }
        }
        return nil
    }
}

extension DocumentDiff.Entry: Documented {
    /// `path`, `before` and `after`.
    public var document: Value {
        .document(["path": .string(self.path), "before": self.before, "after": self.after])
    }

    /// Reads `document`.
    public init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a difference", ["path", "before", "after"])
        self.init(
            path: try reader.text("path"),
            before: reader.value("before"),
            after: reader.value("after")
        )
    }
}
