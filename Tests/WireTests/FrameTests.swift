import Testing
import Wire
import WireTestKit

/// The 12 bytes of a header, whatever it says.
func headerBytes(
    length: UInt32 = 0,
    type: UInt8,
    flags: UInt8 = 0,
    reserved: UInt8 = 0,
    stream: UInt32
) -> [UInt8] {
    let length = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
    let stream = (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
    return length + [type, flags, 0, reserved] + stream
}

@Suite struct FrameTests {
    private func refusal(_ bytes: [UInt8]) -> WireError.Code? {
        bytes.withUnsafeBytes { bytes in
            do throws(WireError) {
                _ = try FrameHeader(parsing: bytes)
                return nil
            } catch {
                return error.code
            }
        }
    }

    @Test func theBytesOfAHeaderAreFixed() throws {
        let header = FrameHeader(
            length: 0x0102_0304,
            type: .data,
            flags: .endStream,
            stream: StreamID(0x0A0B_0C0D)
        )
        var bytes = [UInt8](repeating: 0xEE, count: FrameHeader.byteCount)
        bytes.withUnsafeMutableBytes { header.write(into: $0) }
        #expect(bytes == [1, 2, 3, 4, 3, 1, 0, 0, 0x0A, 0x0B, 0x0C, 0x0D])
        #expect(try bytes.withUnsafeBytes { try FrameHeader(parsing: $0) } == header)
        #expect(header.frameByteCount == 0x0102_0304 + 12)
    }

    @Test func everyTypeSurvivesARoundTrip() throws {
        for type in FrameType.allCases {
            let header = FrameHeader(
                length: 8,
                type: type,
                stream: type.isOfConnection ? .connection : StreamID(.max)
            )
            var bytes = [UInt8](repeating: 0, count: FrameHeader.byteCount)
            bytes.withUnsafeMutableBytes { header.write(into: $0) }
            #expect(try bytes.withUnsafeBytes { try FrameHeader(parsing: $0) } == header)
        }
    }

    @Test func unknownTypesFlagsAndReservedBitsAreRefused() {
        #expect(self.refusal(headerBytes(type: 0, stream: 1)) == .malformed)
        #expect(self.refusal(headerBytes(type: 10, stream: 1)) == .malformed)
        #expect(self.refusal(headerBytes(type: 3, flags: 2, stream: 1)) == .malformed)
        #expect(self.refusal(headerBytes(type: 4, flags: 1, stream: 1)) == .malformed)
        #expect(self.refusal(headerBytes(type: 3, reserved: 1, stream: 1)) == .malformed)
        #expect(self.refusal(headerBytes(type: 3, flags: 1, stream: 1)) == nil)
    }

    @Test func framesOfCallsAndOfTheConnectionKeepToTheirStreams() {
        for type in FrameType.allCases {
            let wrong: UInt32 = type.isOfConnection ? 1 : 0
            let bytes = headerBytes(length: 8, type: type.rawValue, stream: wrong)
            #expect(self.refusal(bytes) == .violation, "\(type)")
        }
    }

    @Test func pingsHaveEightBytes() {
        for type in [FrameType.ping, .pong] {
            for length in [UInt32(0), 7, 9, .max] {
                let bytes = headerBytes(length: length, type: type.rawValue, stream: 0)
                #expect(self.refusal(bytes) == .malformed)
            }
        }
    }
}
