import FoundationEssentials
import Testing
import bandera_sim

@Suite("The mutants")
struct MutantTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        let bytes = try Data(contentsOf: Self.root.appending(path: path))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("Every patch still applies: its text occurs once, and no two overlap")
    func patchesApply() throws {
        let files = Set(MutantTable.all.flatMap { $0.patches.map(\.file) }).sorted()
        for file in files {
            let text = try self.text(file)
            let patched = try PatchedSource.apply(MutantTable.all, to: text, of: file)
            #expect(patched != text)
        }
    }

    @Test("The sources that ship contain no switch")
    func noSwitch() throws {
        for file in Set(MutantTable.all.flatMap { $0.patches.map(\.file) }) {
            #expect(!(try self.text(file)).contains("Mutation."), "\(file)")
        }
    }

    @Test("Every item of the checklist is planted or says why not, and at least 25 are planted")
    func items() {
        let planted = Set(MutantTable.all.map(\.item))
        let unplanted = MutantTable.unplanted.map(\.item)
        #expect(planted.union(unplanted) == Set(1...MutantTable.itemCount))
        #expect(planted.isDisjoint(with: unplanted))
        #expect(Set(unplanted).count == unplanted.count)
        #expect(planted.count >= 25)
        #expect(Set(MutantTable.all.map(\.name)).count == MutantTable.all.count)
    }

    @Test("A patch whose text is gone, is there twice, or overlaps another is refused")
    func badPatches() throws {
        let one = Mutant("one", item: 1, "", .init("f", "ab", "Mutation.is(.one)"))
        let two = Mutant("two", item: 1, "", .init("f", "bc", "Mutation.is(.two)"))
        let deaf = Mutant("deaf", item: 1, "", .init("f", "ab", "x"))
        #expect(try PatchedSource.apply([one], to: "xaby", of: "f") == "xMutation.is(.one)y")
        #expect(try PatchedSource.apply([one], to: "xaby", of: "g") == "xaby")
        for (mutants, text) in [
            ([one], "b"), ([one], "ab ab"), ([one, two], "abc"), ([deaf], "ab"),
        ] {
            #expect(throws: PatchedSource.Failure.self) {
                try PatchedSource.apply(mutants, to: text, of: "f")
            }
        }
    }

    @Test("The simulator's part of the package is found, and nothing else")
    func subset() throws {
        let manifest = try self.text("Package.swift")
        let subset = try #require(PackageSubset(of: manifest, for: "bandera-sim"))
        for name in ["Raft", "RaftStorage", "Replica", "Simulation", "CProtobufC", "bandera-sim"] {
            #expect(subset.targets.contains(name))
        }
        for name in ["Node", "Ledger", "bandera", "RaftTests"] {
            #expect(!subset.targets.contains(name))
        }
        #expect(subset.manifest.contains("swift-argument-parser"))
        #expect(!subset.manifest.contains("https://github.com/apple/swift-nio"))
        #expect(PackageSubset(of: manifest, for: "nothing") == nil)
    }
}
