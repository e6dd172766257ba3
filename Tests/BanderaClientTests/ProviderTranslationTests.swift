import BanderaClient
import Flags
import Testing

@Suite struct ProviderTranslationTests {
    private func translated(
        _ freshness: Freshness?,
        _ events: [FlagEvent]
    ) -> [ProviderEvent] {
        var translation = ProviderTranslation(freshness)
        let first = translation.first().map { [$0] } ?? []
        return first + events.compactMap { translation.translate($0) }
    }

    @Test func aStartIsReadyOnce() {
        let endpoint = Endpoint(host: "a", port: 1)
        #expect(
            self.translated(
                nil,
                [.connected(endpoint), .replaced(Revision(1)), .ready(.live), .ready(.live)]
            ) == [.ready]
        )
    }

    @Test func whoComesLaterIsToldTheStateFirst() {
        #expect(self.translated(.live, []) == [.ready])
        #expect(self.translated(.cached, [.ready(.live)]) == [.ready])
        #expect(self.translated(.stale, [.ready(.live)]) == [.stale, .ready])
        #expect(self.translated(nil, []) == [])
    }

    @Test func changesNameTheirFlags() {
        let segment = Change(
            revision: Revision(4),
            environment: acme,
            item: .segment(makeSegment("s", revision: 4))
        )
        #expect(
            self.translated(
                .live,
                [
                    .changed(makeChange("a", revision: 3)), .changed(segment),
                    .valuesChanged([FlagKey("b"), FlagKey("c")]), .replaced(Revision(9)),
                    .dropped(3),
                ]
            ) == [
                .ready, .configurationChanged([FlagKey("a")]), .configurationChanged([]),
                .configurationChanged([FlagKey("b"), FlagKey("c")]), .configurationChanged([]),
                .configurationChanged([]),
            ]
        )
    }

    @Test func anAbsenceIsStaleAndThenReady() {
        let error = BanderaError(.unauthorized, "no")
        #expect(
            self.translated(
                .live,
                [
                    .disconnected, .stale, .stale, .failed(error), .replaced(Revision(7)),
                    .ready(.live),
                ]
            ) == [.ready, .stale, .error(error), .configurationChanged([]), .ready]
        )
    }
}
