import Testing
import Wire
import WireTestKit

@Suite struct FrameReaderTests {
    private func next(_ reader: inout FrameReader, _ bytes: [UInt8]) -> FrameReader.Step {
        bytes.withUnsafeBytes { reader.next($0) }
    }

    private func openReader(_ receiver: FrameReader.Receiver) -> FrameReader {
        var reader = FrameReader(receiver: receiver, frameBytesMax: 1000)
        _ = self.next(&reader, headerBytes(type: 1, stream: 0))
        return reader
    }

    private func violation(_ reader: inout FrameReader, _ bytes: [UInt8]) -> WireError.Code? {
        guard case .violation(let error) = self.next(&reader, bytes) else { return nil }
        return error.code
    }

    @Test func splitsFramesHoweverTheyArrive() {
        let frames: [(FrameHeader, [UInt8])] = [
            (FrameHeader(length: 2, type: .settings, stream: .connection), [1, 2]),
            (FrameHeader(length: 0, type: .request, stream: StreamID(1)), []),
            (
                FrameHeader(length: 3, type: .data, flags: .endStream, stream: StreamID(1)),
                [3, 4, 5]
            ),
            (FrameHeader(length: 8, type: .ping, stream: .connection), [0, 1, 2, 3, 4, 5, 6, 7]),
        ]
        var all: [UInt8] = []
        for (header, payload) in frames {
            var bytes = [UInt8](repeating: 0, count: FrameHeader.byteCount)
            bytes.withUnsafeMutableBytes { header.write(into: $0) }
            all += bytes + payload
        }
        for step in 1...all.count {
            var reader = FrameReader(receiver: .server, frameBytesMax: 1000)
            var received: [UInt8] = []
            var found = 0
            for start in stride(from: 0, to: all.count, by: step) {
                received += all[start..<min(start + step, all.count)]
                while case .frame(let header, let payload) = self.next(&reader, received) {
                    #expect(header == frames[found].0)
                    #expect(Array(received[payload]) == frames[found].1)
                    received.removeFirst(payload.upperBound)
                    found += 1
                }
            }
            #expect(found == frames.count, "in steps of \(step)")
            #expect(received.isEmpty)
        }
    }

    @Test func saysHowManyBytesAFrameNeeds() {
        var reader = FrameReader(receiver: .server, frameBytesMax: 1000)
        let settings = headerBytes(length: 100, type: 1, stream: 0)
        #expect(self.next(&reader, []) == .incomplete(byteCountNeeded: 12))
        #expect(self.next(&reader, Array(settings[..<11])) == .incomplete(byteCountNeeded: 12))
        #expect(self.next(&reader, settings) == .incomplete(byteCountNeeded: 112))
    }

    @Test func refusesAnOversizedFrameBeforeItsPayloadArrives() {
        var reader = self.openReader(.server)
        #expect(self.violation(&reader, headerBytes(length: 1001, type: 2, stream: 1)) == .tooLarge)
        var other = self.openReader(.server)
        #expect(self.violation(&other, headerBytes(length: .max, type: 3, stream: 1)) == .tooLarge)
    }

    @Test func settingsComeFirstAndOnce() {
        for type in FrameType.allCases where type != .settings {
            var reader = FrameReader(receiver: .server, frameBytesMax: 1000)
            let stream: UInt32 = type.isOfConnection ? 0 : 1
            let bytes = headerBytes(length: 8, type: type.rawValue, stream: stream)
            #expect(self.violation(&reader, bytes) == .violation)
        }
        var reader = self.openReader(.server)
        #expect(self.violation(&reader, headerBytes(type: 1, stream: 0)) == .violation)
    }

    @Test func eachSideTakesOnlyWhatTheOtherMaySend() {
        for (receiver, type) in [
            (FrameReader.Receiver.server, FrameType.end), (.client, .request), (.client, .cancel),
        ] {
            var reader = self.openReader(receiver)
            let bytes = headerBytes(type: type.rawValue, stream: 1)
            #expect(self.violation(&reader, bytes) == .violation, "\(receiver) \(type)")
        }
    }

    @Test func refusesEverythingAfterTheFirstRefusal() {
        var reader = self.openReader(.server)
        #expect(self.violation(&reader, headerBytes(type: 77, stream: 1)) == .malformed)
        #expect(self.violation(&reader, headerBytes(type: 3, stream: 1)) == .malformed)
        #expect(self.violation(&reader, []) == .malformed)
    }

    @Test func randomBytesNeverTrap() {
        let seed = Chance.printedSeed()
        var chance = Chance(seed: seed)
        for _ in 0..<2000 {
            var reader = self.openReader(Bool.random(using: &chance) ? .server : .client)
            var bytes = chance.bytes(0...40)
            while case .frame(_, let payload) = self.next(&reader, bytes) {
                bytes.removeFirst(payload.upperBound)
            }
        }
    }
}
