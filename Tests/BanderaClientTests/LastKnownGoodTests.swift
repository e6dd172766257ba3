import BanderaClient
import Flags
import Glibc
import Testing

@Suite struct LastKnownGoodTests {
    private func makeRuleset(_ count: Int) -> Ruleset {
        let flags = (0..<count).map { makeFlag("flag-\($0)", revision: 40, created: 3) }
        return Ruleset(environment: acme, revision: Revision(42), flags: flags)
    }

    @Test(arguments: [0, 1, 256, 257, 1_000])
    func readsBackWhatItWrote(_ count: Int) throws {
        let ruleset = self.makeRuleset(count)
        let bytes = LastKnownGood.encode(ruleset)
        let read = try LastKnownGood.decode(bytes, environment: acme)
        #expect(read.revision == Revision(42))
        #expect(read.flags == ruleset.flags)
    }

    @Test func refusesAnyDamagedByteAndAnyCut() throws {
        let bytes = LastKnownGood.encode(self.makeRuleset(2))
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x40
            #expect(throws: BanderaError.self, "byte \(index)") {
                try LastKnownGood.decode(damaged, environment: acme)
            }
            #expect(throws: BanderaError.self, "cut at \(index)") {
                try LastKnownGood.decode(Array(bytes[..<index]), environment: acme)
            }
        }
    }

    @Test func refusesTheFileOfAnotherEnvironment() throws {
        let bytes = LastKnownGood.encode(self.makeRuleset(1))
        let staging = EnvironmentID(organization: "acme", environment: "staging")
        #expect(throws: BanderaError(.invalidConfiguration, "")) {
            try LastKnownGood.decode(bytes, environment: staging)
        }
    }

    @Test func replacesTheFileAndLeavesNoDraft() throws {
        var template = Array("/tmp/bandera-client-XXXXXX\0".utf8CString)
        let made = unsafe mkdtemp(&template)
        let folder = unsafe String(cString: try #require(unsafe made))
        let path = "\(folder)/flags"
        defer {
            unlink(path)
            rmdir(folder)
        }
        #expect(try LastKnownGoodFile.load(path, environment: acme) == nil)
        try LastKnownGoodFile.save(self.makeRuleset(1), to: path)
        try LastKnownGoodFile.save(self.makeRuleset(3), to: path)
        let read = try #require(try LastKnownGoodFile.load(path, environment: acme))
        #expect(read.count == 3)
        #expect(rmdir(folder) == -1, "only the file is in the folder")
        unlink(path)
        #expect(rmdir(folder) == 0, "no draft is left")
    }

    @Test func saysWhichFileCannotBeWritten() {
        #expect {
            try LastKnownGoodFile.save(self.makeRuleset(1), to: "/nowhere/flags")
        } throws: { error in
            (error as? BanderaError)?.message.contains("/nowhere/flags") == true
        }
    }
}
