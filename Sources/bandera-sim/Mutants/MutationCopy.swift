/// A copy of the sources that the simulator is made of, with every mutant in it.
struct MutationCopy {
    let root: String
    let folder: String

    /// The program that the copy builds to.
    var program: String { self.folder + "/.build/release/bandera-sim" }

    /// Copies what changed since the last time, and patches it.
    func prepare() throws {
        let manifest = try self.text("Package.swift")
        guard let subset = PackageSubset(of: manifest, for: "bandera-sim") else {
            throw Folder.Failure(description: "Package.swift has no target bandera-sim")
        }
        try Folder.write(Array(subset.manifest.utf8), to: self.folder + "/Package.swift")
        let patched = Set(MutantTable.all.flatMap { $0.patches.map(\.file) })
        var written: Set<String> = []
        for target in subset.targets {
            let source = "Sources/\(target)"
            for name in try Folder.files(in: "\(self.root)/\(source)") where !name.isDocumentation {
                let path = "\(source)/\(name)"
                let text =
                    patched.contains(path)
                    ? Array(
                        try PatchedSource.apply(
                            MutantTable.all,
                            to: try self.text(path),
                            of: path
                        ).utf8
                    ) : try Folder.read("\(self.root)/\(path)")
                try Folder.write(text, to: "\(self.folder)/\(path)")
                written.insert(path)
            }
            if patched.contains(where: { $0.hasPrefix(source + "/") }) {
                let path = "\(source)/Mutation.swift"
                let text = Array(MutantTable.switchSource.utf8)
                try Folder.write(text, to: "\(self.folder)/\(path)")
                written.insert(path)
            }
        }
        for file in patched.sorted() where !written.contains(file) {
            throw Folder.Failure(description: "\(file) is not part of bandera-sim")
        }
        for name in try Folder.files(in: "\(self.folder)/Sources")
        where !written.contains("Sources/\(name)") {
            try Folder.remove("\(self.folder)/Sources/\(name)")
        }
    }

    /// Builds it, once for all mutants.
    ///
    /// Failed preconditions print their message, which release builds leave out: it tells what
    /// found the bug.
    func build() throws {
        let arguments = [
            "swift", "build", "-c", "release", "--product", "bandera-sim", "--package-path",
            self.folder, "-Xswiftc", "-assert-config", "-Xswiftc", "Debug",
        ]
        let log = self.folder + "/build.log"
        guard let child = Child(arguments, output: log) else {
            throw Folder.Failure(description: "there is no `swift` to build with")
        }
        guard child.wait(secondsMax: 3_600) == .exited(0) else {
            throw Folder.Failure(description: "the copy does not build: see \(log)")
        }
    }

    private func text(_ path: String) throws -> String {
        let bytes = try Folder.read("\(self.root)/\(path)")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Folder.Failure(description: "\(path) is not text in UTF-8")
        }
        return text
    }
}

extension String {
    /// Whether a file of a target says something to people only.
    fileprivate var isDocumentation: Bool { self.contains(".docc/") || self.hasSuffix(".md") }
}
