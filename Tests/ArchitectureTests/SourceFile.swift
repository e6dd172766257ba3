/// An `import` line, taken apart.
struct ImportLine: Equatable {
    var number: Int
    var module: String
    var hasAccessLevel: Bool
    var attributes: [String]

    private static let accessLevels: Set<String> = ["public", "package", "internal", "private"]
    private static let kinds: Set<String> = [
        "class", "enum", "func", "let", "protocol", "struct", "typealias", "var",
    ]

    /// `nil` when the line imports nothing.
    init?(_ line: Substring, number: Int) {
        var words = line.split(whereSeparator: \.isWhitespace)[...]
        var attributes: [String] = []
        while let word = words.first, word.hasPrefix("@") {
            attributes.append(String(word))
            words.removeFirst()
        }
        let hasAccessLevel = words.first.map { Self.accessLevels.contains(String($0)) } ?? false
        if hasAccessLevel { words.removeFirst() }
        guard words.first == "import", words.count > 1 else { return nil }
        words.removeFirst()
        if let kind = words.first, Self.kinds.contains(String(kind)) { words.removeFirst() }
        guard let path = words.first, let module = path.split(separator: ".").first else {
            return nil
        }
        self.number = number
        self.module = String(module)
        self.hasAccessLevel = hasAccessLevel
        self.attributes = attributes
    }
}

/// One Swift file of a target, as text.
struct SourceFile {
    let target: String
    let path: String
    let text: String
    let lines: [Substring]

    static let linesMax = 600
    static let functionLinesMax = 70

    init(target: String, path: String, text: String) {
        self.target = target
        self.path = path
        self.text = text
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    var imports: [ImportLine] {
        self.lines.enumerated().compactMap { ImportLine($1, number: $0 + 1) }
    }

    /// Every rule that the file breaks, as `path:line: what`.
    func violations(in row: TargetRow) -> [String] {
        self.importViolations(row) + self.lengthViolations() + self.wordViolations()
    }

    private func importViolations(_ row: TargetRow) -> [String] {
        self.imports.flatMap { line -> [String] in
            var found: [String] = []
            if !row.imports.contains(line.module) {
                found.append("\(self.target) may not import \(line.module)")
            }
            if !line.hasAccessLevel { found.append("import without an access level") }
            if !line.attributes.isEmpty {
                found.append("import with \(line.attributes.joined(separator: " "))")
            }
            return found.map { "\(self.path):\(line.number): \($0)" }
        }
    }

    /// Looks for the words in the whole text first: the expressions are slow, and nearly always idle.
    private func wordViolations() -> [String] {
        let banned: [(what: String, words: [String], pattern: Regex<Substring>)] = [
            ("TODO or FIXME", ["TODO", "FIXME"], /\b(?:TODO|FIXME)\b/),
            ("try!", ["try!"], /\btry!/),
            ("as!", ["as!"], /\bas!/),
            (
                "assert instead of precondition", ["assert(", "assertionFailure("],
                /\bassert(?:ionFailure)?\(/
            ),
            (
                "a name that says nothing", ["Manager", "Helper", "Util", "Info"],
                /\b(?:struct|class|enum|actor|protocol) \w*(?:Manager|Helper|Util|Utils|Info)\b/
            ),
        ]
        let suspects = banned.filter { rule in rule.words.contains { self.text.contains($0) } }
        guard !suspects.isEmpty else { return [] }
        return self.lines.enumerated().flatMap { index, line in
            suspects.filter { line.contains($0.pattern) }
                .map { "\(self.path):\(index + 1): \($0.what)" }
        }
    }

    private func lengthViolations() -> [String] {
        var found: [String] = []
        // A final newline leaves an empty last element.
        let count = self.lines.last?.isEmpty == true ? self.lines.count - 1 : self.lines.count
        if count > Self.linesMax { found.append("\(self.path): \(count) lines") }
        for index in self.lines.indices where self.lines[index].contains("func ") {
            let length = self.functionLines(from: index)
            guard length > Self.functionLinesMax else { continue }
            found.append("\(self.path):\(index + 1): a function of \(length) lines")
        }
        return found
    }

    /// How many lines the function that begins at `start` has.
    ///
    /// The formatter closes a body at the indentation at which its declaration begins, so no
    /// parsing is needed. 1 when the body is on the same line, or there is none.
    private func functionLines(from start: Int) -> Int {
        let indentation = self.lines[start].prefix { $0 == " " }.count
        for index in self.lines.indices[start...].dropFirst() {
            let text = self.lines[index].drop { $0 == " " }
            guard !text.isEmpty, self.lines[index].count - text.count <= indentation else {
                continue
            }
            if text.hasPrefix("}") { return index - start + 1 }
            // The rest of a signature that needed more than one line.
            guard text.hasPrefix(")") || text.hasPrefix("where") else { return 1 }
        }
        return 1
    }
}
