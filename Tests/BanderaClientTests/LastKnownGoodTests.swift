import BanderaClient
import ClientProtocol
import Flags
import Glibc
import Testing

@Suite struct LastKnownGoodTests {
    private func makeRuleset(_ count: Int) -> Ruleset {
        let flags = (0..<count).map { makeFlag("flag-\($0)", revision: 40, created: 3) }
        let segments = (0..<count / 2).map { makeSegment("segment-\($0)", revision: 41) }
        return Ruleset(
            environment: acme,
            revision: Revision(42),
            flags: flags,
            segments: segments
        )
    }

    @Test(arguments: [0, 1, 256, 257, 1_000])
    func readsBackWhatItWrote(_ count: Int) throws {
        let ruleset = self.makeRuleset(count)
        let bytes = LastKnownGood.encode(.rules(ruleset))
        let read = try #require(try LastKnownGood.decode(bytes, environment: acme).ruleset)
        #expect(read.revision == Revision(42))
        #expect(read.flags == ruleset.flags)
        #expect(read.segments == ruleset.segments)
    }

    @Test(arguments: [0, 1, 257])
    func readsBackTheValuesThatItWrote(_ count: Int) throws {
        let context = EvaluationContext(targetingKey: "ana", plan: "gold")
        var values = EvaluatedValues(environment: acme, context: context)
        let all = (0..<count).map { index in
            WatchEvent.Values.FlagValue(
                flag: FlagKey("flag-\(index)"),
                evaluation: Evaluation(
                    value: .number(Double(index)),
                    variation: "v",
                    reason: .targetingMatch
                )
            )
        }
        _ = values.apply(.init(revision: Revision(42), values: all, isSnapshot: true))
        let bytes = LastKnownGood.encode(.values(values))
        let read = try LastKnownGood.decode(bytes, environment: acme, context: context)
        #expect(read.values?.all == values.all && read.revision == Revision(42))
        for other in [nil, EvaluationContext(targetingKey: "ben", plan: "gold")] {
            #expect(throws: BanderaError(.invalidConfiguration, "")) {
                try LastKnownGood.decode(bytes, environment: acme, context: other)
            }
        }
    }

    /// The file of a client that knew neither segments nor values: its bytes, as that client wrote
    /// them, for one flag.
    @Test func readsTheFileOfTheFirstFormat() throws {
        let bytes = LastKnownGood.encode(.rules(self.makeRuleset(1)))
        // The first format is the second without the request, which is the second record.
        func count(at position: Int) -> Int {
            bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let request = 16 + 4 + count(at: 16)
        let events = request + 4 + count(at: request)
        let body = Array(bytes[16..<request] + bytes[events...])
        var hash = Murmur3()
        hash.update(body.span)
        let sum = hash.finalized()
        let checksum = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
        let first = Array(bytes[..<8]) + [0, 0, 0, 1] + checksum + body
        let read = try LastKnownGood.decode(first, environment: acme)
        #expect(read.ruleset?.flags == self.makeRuleset(1).flags)
        let context = EvaluationContext(targetingKey: "ana")
        #expect(throws: BanderaError.self) {
            try LastKnownGood.decode(first, environment: acme, context: context)
        }
    }

    @Test func refusesAnyDamagedByteAndAnyCut() throws {
        let bytes = LastKnownGood.encode(.rules(self.makeRuleset(2)))
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
        let bytes = LastKnownGood.encode(.rules(self.makeRuleset(1)))
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
        try LastKnownGoodFile.save(.rules(self.makeRuleset(1)), to: path)
        try LastKnownGoodFile.save(.rules(self.makeRuleset(3)), to: path)
        let read = try #require(try LastKnownGoodFile.load(path, environment: acme))
        #expect(read.ruleset?.count == 3)
        #expect(rmdir(folder) == -1, "only the file is in the folder")
        unlink(path)
        #expect(rmdir(folder) == 0, "no draft is left")
    }

    @Test func saysWhichFileCannotBeWritten() {
        #expect {
            try LastKnownGoodFile.save(.rules(self.makeRuleset(1)), to: "/nowhere/flags")
        } throws: { error in
            (error as? BanderaError)?.message.contains("/nowhere/flags") == true
        }
    }
}
