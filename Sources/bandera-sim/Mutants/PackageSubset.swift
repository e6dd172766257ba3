/// The part of a package manifest that one product needs.
///
/// Reads the layout that `swift format` gives the manifest, nothing more general.
package struct PackageSubset {
    /// The names of the targets, in the order of the manifest.
    package let targets: [String]
    /// A manifest with only them, in which warnings are no errors: mutants may well cause some.
    package let manifest: String

    package init?(of manifest: String, for product: String) {
        guard let list = manifest.firstRange(of: "    targets: [\n") else { return nil }
        let blocks = Self.blocks(manifest[list.upperBound...])
        var wanted: Set<String> = []
        var next = [product]
        while let name = next.popLast() {
            guard let block = blocks[name], wanted.insert(name).inserted else { continue }
            next.append(contentsOf: Self.quoted(block.text))
        }
        guard wanted.contains(product) else { return nil }
        let kept = blocks.filter { wanted.contains($0.key) }.values
            .sorted { $0.order < $1.order }
        self.targets = kept.map(\.name)
        let text = kept.map(\.text).joined()
        let head = Self.head(manifest[..<list.lowerBound], keeping: text)
        self.manifest = head + "    targets: [\n" + text + "    ]\n)\n"
    }

    private struct Block {
        let order: Int
        let name: String
        let text: String
    }

    /// The targets: each begins with a dot and ends with `),`, eight columns in.
    private static func blocks(_ text: Substring) -> [String: Block] {
        var blocks: [String: Block] = [:]
        var open: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isFirst = line.hasPrefix("        .")
            guard isFirst || open != nil else { continue }
            let block = (open ?? "") + line + "\n"
            guard line == "        )," || isFirst && line.hasSuffix("),") else {
                open = block
                continue
            }
            open = nil
            guard let name = self.quoted(block).first else { continue }
            blocks[name] = Block(order: blocks.count, name: name, text: block)
        }
        return blocks
    }

    /// What stands before the targets, without products and packages that nobody left needs.
    private static func head(_ text: Substring, keeping targets: String) -> String {
        var packages: Set<String> = []
        for declaration in text.split(separator: "\nlet ").dropFirst() {
            let name = declaration.prefix { $0 != " " && $0 != ":" }
            let isUsed = targets.contains(", \(name)") || targets.contains("[\(name)")
            guard isUsed, declaration.contains("Target.Dependency.product") else { continue }
            if let package = self.quoted(String(declaration.prefix { $0 != ")" })).last {
                packages.insert(package)
            }
        }
        var head = ""
        var skipped: String?
        var package: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line == "    products: [" { skipped = "    ]," }
            if line.hasPrefix("        .package(") { package = "" }
            if skipped == nil, package == nil, !line.contains("treatAllWarnings") {
                head += line + "\n"
            }
            if skipped.map({ line == $0 }) == true { skipped = nil }
            guard let before = package else { continue }
            let whole = before + line + "\n"
            package = whole
            guard line.hasSuffix("),") else { continue }
            package = nil
            if packages.contains(where: { whole.contains("/\($0)\"") }) { head += whole }
        }
        return head
    }

    private static func quoted(_ text: String) -> [String] {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
    }
}
