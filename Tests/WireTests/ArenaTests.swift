import Testing
import Wire
import WireTestKit

@Suite struct ArenaTests {
    @Test func aFloodOfEmptyElementsEndsAtTheMemoryLimit() {
        // Two bytes make a metadata field of 56, its pointer, and what the parser notes of it.
        let flood = [UInt8](repeating: 0x1A, count: 200_000).enumerated().map { index, byte in
            index % 2 == 0 ? byte : 0
        }
        #expect(refusal(Request.self, flood) == .tooLarge)
    }

    @Test func anArenaIsUsableAfterARefusal() throws {
        let arena = Arena()
        let request = Request(method: "m", body: [UInt8](repeating: 5, count: 100_000))
        let bytes = request.encode(using: arena)
        #expect(throws: WireError.self) {
            try Request.decode([0x0A, 0xFF], using: arena)
        }
        #expect(try Request.decode(bytes, using: arena) == request)
    }

    @Test func largeMessagesMayFollowSmallOnesAndTheOtherWayRound() throws {
        let arena = Arena()
        for count in [0, 10, 5_000_000, 3, 70_000, 0, 5_000_000] {
            let request = Request(method: "m", body: [UInt8](repeating: 1, count: count))
            #expect(try Request.decode(request.encode(using: arena), using: arena) == request)
        }
    }

    @Test func aFrameIsItsHeaderAndItsPayload() throws {
        let request = Request(method: "m", body: [1, 2, 3])
        let frame = request.encodeFrame(.request, flags: .endStream, stream: StreamID(7))
        let payload = request.encode()
        let header = FrameHeader(
            length: UInt32(payload.count),
            type: .request,
            flags: .endStream,
            stream: StreamID(7)
        )
        #expect(try frame.withUnsafeBytes { try FrameHeader(parsing: $0) } == header)
        #expect(Array(frame[FrameHeader.byteCount...]) == payload)
    }

    @Test func anEmptyMessageDecodesFromNoBytesAtAll() throws {
        #expect(try Cancel.decode(UnsafeRawBufferPointer(start: nil, count: 0)) == Cancel())
        #expect(Cancel().encodeFrame(.cancel, stream: StreamID(1)).count == FrameHeader.byteCount)
    }
}
