/// Names a part of a context: one of its fields, an attribute, or a path into an object.
///
/// Never copied: it is read where it lies.
struct AttributeReference: ~Copyable, Sendable {
    private enum Root: ~Copyable, Sendable {
        case targetingKey
        case company
        case plan
        case role
        case region
        case attribute(String)
        /// A path that cannot be read names nothing.
        case nothing
    }

    private let root: Root
    /// Names of members, from the outside in.
    private let members: [String]

    /// Reads a name such as `plan`, `seat` or `/device/os`, where `~1` stands for `/` and `~0` for
    /// `~` (RFC 6901).
    ///
    /// An empty name is the targeting key.
    init(_ name: String) {
        guard name.utf8.first == UInt8(ascii: "/") else {
            self.root = Self.root(named: name)
            self.members = []
            return
        }
        var parts: [String] = []
        let steps = name.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        for step in steps {
            guard let part = Self.unescaped(step) else {
                self.root = .nothing
                self.members = []
                return
            }
            parts.append(part)
        }
        let first = parts.removeFirst()
        self.root = first.isEmpty ? .nothing : Self.root(named: first)
        self.members = parts
    }

    /// What it names in `context`; `nil` for what is missing, empty or null.
    func value(in context: borrowing EvaluationContext) -> Value? {
        switch self.root {
        case .targetingKey: self.value(of: context.targetingKey)
        case .company: self.value(of: context.company)
        case .plan: self.value(of: context.plan)
        case .role: self.value(of: context.role)
        case .region: self.value(of: context.region)
        case .attribute(let name): self.value(within: context.attribute(name))
        case .nothing: nil
        }
    }

    private func value(of text: borrowing String) -> Value? {
        text.isEmpty || !self.members.isEmpty ? nil : .string(copy text)
    }

    private func value(within attribute: Value?) -> Value? {
        var found = attribute
        for index in self.members.indices {
            guard case .object(let fields) = found else { return nil }
            found = fields.value(named: self.members[index])
        }
        if case .null = found { return nil }
        return found
    }

    private static func root(named name: String) -> Root {
        switch name {
        case "", Flag.targetingKeyName: .targetingKey
        case "company": .company
        case "plan": .plan
        case "role": .role
        case "region": .region
        default: .attribute(name)
        }
    }

    private static func unescaped(_ step: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in step {
            switch (isEscaped, byte) {
            case (false, UInt8(ascii: "~")): isEscaped = true
            case (false, _): bytes.append(byte)
            case (true, UInt8(ascii: "0")):
                bytes.append(UInt8(ascii: "~"))
                isEscaped = false
            case (true, UInt8(ascii: "1")):
                bytes.append(UInt8(ascii: "/"))
                isEscaped = false
            case (true, _): return nil
            }
        }
        return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
    }
}

extension [Value.Field] {
    /// The value of the field named `name`, the fields being sorted by name.
    func value(named name: String) -> Value? {
        var low = 0
        var high = self.count
        while low < high {
            let middle = (low + high) / 2
            let candidate = self[middle].name
            if candidate == name { return self[middle].value }
            if candidate < name { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
