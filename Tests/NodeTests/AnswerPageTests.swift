import ClientProtocol
import Flags
import Node
import Testing
import Wire

@Suite struct AnswerPageTests {
    private static func segments(_ sizes: [Int]) -> [Segment] {
        sizes.enumerated().map { index, size in
            let ids = (0..<size).map { "user-\(1_000 + $0)" }
            return Segment(
                definition: SegmentDefinition(key: "s\(index)", included: ids),
                createdAt: Timestamp(milliseconds: 1),
                createdBy: "ana",
                updatedAt: Timestamp(milliseconds: 1),
                updatedBy: "ana",
                revision: Revision(1)
            )
        }
    }

    private static func page(_ segments: [Segment], bytesMax: Int) -> AnswerPage<Segment> {
        AnswerPage(segments, bytesMax: bytesMax) {
            SegmentsResponse(revision: Revision(9), segments: [$0])
        }
    }

    @Test("A page has as many elements as fit, and says whether there are more")
    func asManyAsFit() {
        let segments = Self.segments([100, 100, 100, 0])
        let all = SegmentsResponse(revision: Revision(9), segments: segments)
        #expect(!Self.page(segments, bytesMax: 1 << 20).hasMore)
        for bytesMax in stride(from: 1_200, through: 4_000, by: 100) {
            let page = Self.page(segments, bytesMax: bytesMax)
            var answer = all
            answer.segments = page.elements
            answer.hasMore = page.hasMore
            #expect(answer.encode().count <= bytesMax)
            #expect(page.elements == Array(segments.prefix(page.elements.count)))
            #expect(page.hasMore == (page.elements.count < 4))
        }
    }

    @Test("An element that is too large comes alone, and nothing is no page with more")
    func extremes() {
        let page = Self.page(Self.segments([500, 1]), bytesMax: 100)
        #expect(page.elements.map(\.key) == ["s0"] && page.hasMore)
        let nothing = Self.page([], bytesMax: 100)
        #expect(nothing.elements.isEmpty && !nothing.hasMore)
    }
}
