internal import Flags
internal import Yams

/// A value in a file that people write, with the line that it stands in.
struct FileNode: Sendable {
    /// What the value is.
    enum Content: Sendable {
        case scalar(Value)
        case list([FileNode])
        case object([Member])
    }

    /// One member of an object.
    struct Member: Sendable {
        let name: String
        /// The line of the name, from 1; `nil` where lines are not known.
        let line: Int?
        let node: FileNode
    }

    let content: Content
    /// From 1; `nil` where lines are not known: in JSON.
    let line: Int?

    /// The value without its lines.
    var value: Value {
        switch self.content {
        case .scalar(let value): value
        case .list(let nodes): .array(nodes.map(\.value))
        case .object(let members):
            .object(
                members.map { Value.Field(name: $0.name, value: $0.node.value) }
                    .sorted { $0.name < $1.name }
            )
        }
    }

    /// The line of the first member called `name`, here or inside; `nil` when there is none.
    func line(of name: String) -> Int? {
        switch self.content {
        case .scalar: return nil
        case .list(let nodes):
            for node in nodes {
                if let line = node.line(of: name) { return line }
            }
        case .object(let members):
            for member in members {
                if member.name == name { return member.line }
                if let line = member.node.line(of: name) { return line }
            }
        }
        return nil
    }

    /// The tree of a value that has no lines.
    init(_ value: Value) {
        self.line = nil
        switch value {
        case .array(let elements): self.content = .list(elements.map { FileNode($0) })
        case .object(let fields):
            self.content = .object(
                fields.map { Member(name: $0.name, line: nil, node: FileNode($0.value)) }
            )
        default: self.content = .scalar(value)
        }
    }

    init(_ content: Content, line: Int?) {
        self.content = content
        self.line = line
    }
}

/// Reads YAML into nodes: the core schema of YAML 1.2, in which `on`, `off`, `yes` and `no` are texts.
struct YAMLReader {
    private let path: String
    private var count = 0

    private init(path: String) { self.path = path }

    /// The one document of `text`; `nil` when there is nothing in it.
    static func read(_ text: String, path: String) throws(CommandFailure) -> FileNode? {
        var reader = YAMLReader(path: path)
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw .usage(Texts.notYAML(path, "\(error)"))
        }
        guard let node else { return nil }
        return try reader.read(node, depth: 1)
    }

    private mutating func read(_ node: Node, depth: Int) throws(CommandFailure) -> FileNode {
        self.count += 1
        let line = node.mark?.line
        // Aliases make a small file large: each use counts.
        guard self.count <= ProgramLimits.fileNodesMax, depth <= ProgramLimits.fileDepthMax else {
            throw .usage(Texts.fileTooLarge(self.path, line: line))
        }
        switch node {
        case .scalar(let scalar): return FileNode(.scalar(Self.value(scalar)), line: line)
        case .sequence(let sequence):
            var nodes: [FileNode] = []
            for element in sequence { nodes.append(try self.read(element, depth: depth + 1)) }
            return FileNode(.list(nodes), line: line)
        case .mapping(let mapping):
            var members: [FileNode.Member] = []
            for (key, element) in mapping {
                guard case .scalar(let name) = key else {
                    throw .usage(Texts.badFileKey(self.path, line: key.mark?.line))
                }
                members.append(
                    FileNode.Member(
                        name: name.string,
                        line: key.mark?.line,
                        node: try self.read(element, depth: depth + 1)
                    )
                )
            }
            return FileNode(.object(members), line: line)
        case .alias:
            // The parser puts what an alias stands for in its place.
            throw .usage(Texts.badFileKey(self.path, line: line))
        }
    }

    private static func value(_ scalar: Node.Scalar) -> Value {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: return self.number(text).map { .number($0) } ?? .string(text)
        }
    }

    /// `nil` for what the core schema calls a text; numbers that are not finite are texts here.
    private static func number(_ text: String) -> Double? {
        guard let first = text.utf8.first,
            first.isDigit || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
                || first == UInt8(ascii: "."),
            text.utf8.contains(where: \.isDigit),
            text.utf8.allSatisfy({ $0.isDigit || "+-.eE".utf8.contains($0) }),
            let number = Double(text), number.isFinite
        else { return nil }
        return number
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
