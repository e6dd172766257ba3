import Testing

@Suite("The architecture test can fail")
struct RuleTests {
    private func violations(_ text: String, in target: String) throws -> [String] {
        let row = try #require(TargetTable.row(target))
        return SourceFile(target: target, path: "File.swift", text: text).violations(in: row)
    }

    @Test("A clean file has no violations")
    func cleanFile() throws {
        let text = """
            internal import Flags
            package import Raft

            /// What important files import is their business.
            struct Important { let value = "import NIOCore" }
            """
        #expect(try self.violations(text, in: "Replica") == [])
    }

    @Test(
        "An import that the row does not list is found",
        arguments: [
            ("Raft", "internal import Glibc", "Glibc"),
            ("Flags", "internal import Foundation", "Foundation"),
            ("Replica", "    package import NIOCore", "NIOCore"),
            ("FlagStore", "internal import Raft", "Raft"),
            ("Transport", "internal import COpenSSL", "COpenSSL"),
            ("Node", "internal import CMessages", "CMessages"),
            ("BanderaClient", "internal import Raft", "Raft"),
            ("Node", "internal import struct Foundation.Data", "Foundation"),
            ("RaftStorage", "internal import Glibc.stdio\ninternal import Dispatch", "Dispatch"),
        ]
    )
    func strangeImport(target: String, text: String, module: String) throws {
        let found = try self.violations(text, in: target)
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("\(target) may not import \(module)") == true)
    }

    @Test("An import without an access level is found")
    func bareImport() throws {
        #expect(
            try self.violations("\nimport Flags", in: "FlagStore")
                == ["File.swift:2: import without an access level"]
        )
    }

    @Test("An import with an attribute is found")
    func attributedImport() throws {
        #expect(
            try self.violations("@preconcurrency internal import Flags", in: "FlagStore")
                == ["File.swift:1: import with @preconcurrency"]
        )
    }

    @Test(
        "A forbidden word is found",
        arguments: [
            "// TODO: later", "/// FIXME", "let a = try! b()", "let a = b as! C", "assert(a == b)",
            "assertionFailure()", "struct NodeManager {}", "final class FlagHelper {",
        ]
    )
    func forbiddenWord(line: String) throws {
        #expect(try self.violations(line, in: "Raft").count == 1)
    }

    @Test("Words that only look forbidden are left alone")
    func innocentWords() throws {
        let text = """
            let asserted = try body() // assertions, as in: try? them
            struct Information { let isTrue = (a as? B) != nil }
            """
        #expect(try self.violations(text, in: "Raft") == [])
    }

    @Test("A file of 601 lines is found, one of 600 is not")
    func longFile() throws {
        let allowed = String(repeating: "\n", count: SourceFile.linesMax)
        #expect(try self.violations(allowed, in: "Raft") == [])
        #expect(try self.violations(allowed + "\n", in: "Raft") == ["File.swift: 601 lines"])
    }

    @Test("A function of 71 lines is found, one of 70 is not")
    func longFunction() throws {
        func function(lines: Int) -> String {
            let body = String(repeating: "        work()\n\n", count: lines).split(separator: "\n")
            return """
                protocol P {
                    func short() -> Int
                }
                extension P {
                    package mutating func long(
                        a: Int
                    ) {
                \(body.prefix(lines - 4).joined(separator: "\n"))
                    }
                    func tiny() -> Int { 1 }
                }
                """
        }
        #expect(try self.violations(function(lines: 70), in: "Raft") == [])
        #expect(
            try self.violations(function(lines: 71), in: "Raft")
                == ["File.swift:5: a function of 71 lines"]
        )
    }
}
