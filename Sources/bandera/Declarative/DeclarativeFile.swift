internal import Flags

/// Files that people write, in YAML or JSON: what they hold, and where.
struct DeclarativeFile: Sendable {
    let path: String
    let root: FileNode

    /// Reads a file; JSON when it is called so, and YAML otherwise.
    static func read(_ path: String) throws(CommandFailure) -> DeclarativeFile {
        try self.parse(try self.bytes(path), path: path)
    }

    /// The bytes of a file that must exist, within the bound.
    static func bytes(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let bytes = try Files.read(path) else {
            throw .usage(Texts.cannotRead(path, Texts.noSuchFile))
        }
        guard bytes.count <= ProgramLimits.fileBytesMax else {
            throw .usage(Texts.fileTooLarge(path, line: nil))
        }
        return bytes
    }

    /// Reads what a file called `path` has in it.
    static func parse(_ bytes: [UInt8], path: String) throws(CommandFailure) -> DeclarativeFile {
        if path.hasSuffix(".json") {
            do throws(FlagsError) {
                let bounds = JSONReader.Bounds(
                    bytesMax: ProgramLimits.fileBytesMax,
                    depthMax: ProgramLimits.fileDepthMax,
                    valuesMax: ProgramLimits.fileNodesMax
                )
                let value = try JSONReader.value(bytes, within: bounds)
                return DeclarativeFile(path: path, root: FileNode(value))
            } catch {
                throw .usage(Texts.cannotRead(path, error.message))
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage(Texts.cannotRead(path, Texts.notUTF8))
        }
        guard let root = try YAMLReader.read(text, path: path) else {
            throw .usage(Texts.cannotRead(path, Texts.fileIsEmpty))
        }
        return DeclarativeFile(path: path, root: root)
    }

    /// What the documents of a list stand for.
    func items<Item: Documented>(
        _ node: FileNode,
        as type: Item.Type = Item.self
    ) throws(CommandFailure) -> [Item] {
        guard case .list(let nodes) = node.content else {
            throw self.failure(at: node.line, Texts.listExpected)
        }
        var items: [Item] = []
        for node in nodes { items.append(try self.item(node)) }
        return items
    }

    /// What a document stands for.
    func item<Item: Documented>(
        _ node: FileNode,
        as type: Item.Type = Item.self
    ) throws(CommandFailure) -> Item {
        try self.checked(node) { () throws(FlagsError) in try Item(document: node.value) }
    }

    /// Runs `read` on what `node` says; an error names the file and the line.
    func checked<Item>(
        _ node: FileNode,
        _ read: () throws(FlagsError) -> Item
    ) throws(CommandFailure) -> Item {
        do throws(FlagsError) {
            return try read()
        } catch {
            // A name that is not known is quoted first: its line is better than the item's.
            let quoted = error.message.split(separator: "\"", omittingEmptySubsequences: false)
            let line = quoted.count > 2 ? node.line(of: String(quoted[1])) : nil
            throw self.failure(at: line ?? node.line, error.message)
        }
    }

    /// A refusal of what stands in a line.
    func failure(at line: Int?, _ message: String) -> CommandFailure {
        .usage(Texts.inFile(self.path, line: line, message))
    }
}

extension DeclarativeFile {
    /// A list of rules: a file that is one, or has it as its `rules`.
    func rules() throws(CommandFailure) -> [Rule] {
        guard case .object(let members) = self.root.content else {
            return try self.items(self.root)
        }
        guard let rules = members.first, members.count == 1, rules.name == "rules" else {
            throw self.failure(at: self.root.line, Texts.rulesExpected)
        }
        return try self.items(rules.node)
    }

    /// A release plan: a list of steps, or an object that has it as its `steps`.
    func plan() throws(CommandFailure) -> ReleasePlan {
        guard case .list = self.root.content else { return try self.item(self.root) }
        return ReleasePlan(steps: try self.items(self.root))
    }

    /// A segment; the key may be left out, and must be `key` otherwise.
    func segment(_ key: String) throws(CommandFailure) -> SegmentDefinition {
        guard case .object(var members) = self.root.content else {
            throw self.failure(at: self.root.line, Texts.objectExpected)
        }
        if !members.contains(where: { $0.name == "key" }) {
            let node = FileNode(.scalar(.string(key)), line: self.root.line)
            members.append(FileNode.Member(name: "key", line: self.root.line, node: node))
        }
        let node = FileNode(.object(members), line: self.root.line)
        let definition: SegmentDefinition = try self.item(node)
        guard definition.key == key else {
            throw self.failure(at: node.line(of: "key"), Texts.otherKey(definition.key, key))
        }
        try self.checked(node) { () throws(FlagsError) in try definition.validate() }
        return definition
    }
}
