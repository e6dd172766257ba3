import NIOCore
import NIOEmbedded
import TLS
import Testing

@Suite struct HostileBytesTests {
    private func server() throws -> (End, EmbeddedEventLoop) {
        let loop = EmbeddedEventLoop()
        let end = try End(Fixture.server(), loop: loop, buffers: TLSLoopBuffers())
        try end.connect()
        return (end, loop)
    }

    @Test func plainHTTPIsNotTLS() throws {
        let (server, loop) = try self.server()
        server.deliver(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        #expect(server.recorder.errorCodes == [.notTLS])
        loop.advanceTime(by: .milliseconds(TLSLimits.closeTimeoutMilliseconds))
        #expect(!server.channel.isActive)
    }

    @Test func randomBytesNeverCrashOrPass() throws {
        let seed: UInt64 = 0x5EED
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        let context = try Fixture.server()
        for _ in 0..<300 {
            let server = try End(context, loop: EmbeddedEventLoop(), buffers: TLSLoopBuffers())
            try server.connect()
            let count = Int(random.next() % 600) + 1
            // Half of them look like a handshake record at first.
            var bytes: [UInt8] = random.next() % 2 == 0 ? [22, 3, 1] : []
            while bytes.count < count { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
            server.deliver(ByteBuffer(bytes: bytes))
            #expect(server.recorder.completed == nil)
            #expect(server.text.isEmpty)
        }
    }

    @Test func everyFlippedByteOfAHandshakeIsRefused() throws {
        let server = try Fixture.server()
        let client = try Fixture.client()
        let probe = try Pair(client: client, server: server)
        probe.server.deliver(try probe.client.takeOutput())
        probe.client.deliver(try probe.server.takeOutput())
        let flightBytes = try probe.client.takeOutput().readableBytes
        for index in stride(from: 0, to: flightBytes, by: 11) {
            let pair = try Pair(client: client, server: server)
            pair.server.deliver(try pair.client.takeOutput())
            pair.client.deliver(try pair.server.takeOutput())
            var flight = try pair.client.takeOutput()
            let at = flight.readerIndex + min(index, flight.readableBytes - 1)
            let byte: UInt8 = try #require(flight.getInteger(at: at))
            flight.setInteger(byte ^ 0x55, at: at)
            pair.server.deliver(flight)
            #expect(pair.server.recorder.completed == nil, "byte \(index)")
        }
    }

    @Test func aTruncatedHandshakeIsReportedWhenThePeerGoesAway() throws {
        let pair = try Pair()
        var hello = try pair.client.takeOutput()
        let half = hello.readableBytes / 2
        hello.moveWriterIndex(to: hello.readerIndex + half)
        pair.server.deliver(hello)
        pair.server.channel.pipeline.fireChannelInactive()
        #expect(pair.server.recorder.errorCodes == [.closedUncleanly])
        #expect(pair.server.recorder.isInactive)
    }

    @Test func aFlippedByteAfterTheHandshakeClosesTheConnection() throws {
        let pair = try Pair.connected()
        pair.client.send("hello")
        var record = try pair.client.takeOutput()
        let last = record.writerIndex - 1
        let byte: UInt8 = try #require(record.getInteger(at: last))
        record.setInteger(byte ^ 1, at: last)
        pair.server.deliver(record)
        #expect(pair.server.recorder.errorCodes == [.violation])
        #expect(pair.server.text.isEmpty)
        try pair.pump()
        #expect(pair.client.recorder.errorCodes == [.violation])
    }

    @Test func aRecordThatIsTooLongIsRefused() throws {
        let pair = try Pair.connected()
        pair.server.deliver(ByteBuffer(bytes: [23, 3, 3, 0xff, 0xff, 0]))
        #expect(pair.server.recorder.errorCodes.count == 1)
    }

    @Test func anEndlessHandshakeIsCut() throws {
        let (server, _) = try self.server()
        // A client hello that announces the longest body, in many records that never end.
        var record = ByteBuffer(bytes: [22, 3, 1, 0x40, 0x00, 1, 0xff, 0xff, 0xff])
        record.writeRepeatingByte(0, count: 0x4000 - 4)
        for _ in 0..<16 where server.recorder.errors.isEmpty { server.deliver(record) }
        #expect(server.recorder.errors.count == 1)
    }
}

/// A seeded generator for tests.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
