import Flags
import Releases
import Testing

@Suite struct ReleaseDocumentTests {
    @Test func aReleaseIsReadBackFromItsDocument() throws {
        var bench = Bench([
            .percent(10, minutes: 30, approvals: 2, evaluations: 7),
            ReleaseStep(audience: Audience(plans: ["PRO"]), regions: ["MX"]), .percent(100),
        ])
        #expect(try Release(document: bench.release.document) == bench.release)
        bench.control(.approve, by: "ben", after: 5)
        bench.control(.pause, after: 5)
        #expect(try Release(document: bench.release.document) == bench.release)
        bench.control(.abort, after: 5)
        #expect(try Release(document: bench.release.document) == bench.release)
        #expect(bench.release.approvals.count == 1 && bench.release.finishedAt != nil)
    }

    @Test func anUnknownNameIsRefused() {
        let document = Value.object([Value.Field(name: "colour", value: .null)])
        #expect(throws: FlagsError.self) { try Release(document: document) }
    }
}
