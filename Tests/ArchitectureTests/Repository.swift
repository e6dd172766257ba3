import FoundationEssentials

/// The repository that these tests were compiled from.
enum Repository {
    static let root: URL = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The entries of a folder, sorted, without those that begin with a dot.
    static func entries(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(self.root.path)/\(folder)")
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: self.root.appending(path: path)), as: UTF8.self)
    }

    /// Every Swift file of a target.
    static func sources(of target: String) throws -> [SourceFile] {
        try self.swiftPaths(in: "Sources/\(target)").map { path in
            SourceFile(target: target, path: path, text: try self.text(path))
        }
    }

    private static func swiftPaths(in folder: String) throws -> [String] {
        try self.entries(folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") { return [path] }
            // A file has no entries: only folders are entered.
            guard (try? self.entries(path)) != nil else { return [] }
            return try self.swiftPaths(in: path)
        }
    }
}
