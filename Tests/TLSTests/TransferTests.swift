import NIOCore
import NIOEmbedded
import TLS
import Testing

@Suite struct TransferTests {
    private func pattern(_ count: Int, seed: Int = 0) -> ByteBuffer {
        ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) })
    }

    @Test func largeWritesArriveWhole() throws {
        let pair = try Pair.connected()
        let bytes = self.pattern(1_000_003)
        let promise = pair.loop.makePromise(of: Void.self)
        pair.client.channel.writeAndFlush(bytes, promise: promise)
        try pair.pump()
        try promise.futureResult.wait()
        #expect(pair.server.recorder.received == bytes)
    }

    @Test func aLargeTransferSurvivesOddPieces() throws {
        for pieceBytes in [1, 5, 17, 1_000, 16_406, 70_000] {
            let pair = try Pair.connected()
            let bytes = self.pattern(pieceBytes < 10 ? 20_000 : 200_000)
            pair.server.channel.writeAndFlush(bytes, promise: nil)
            try pair.pump(pieceBytes: pieceBytes)
            #expect(pair.client.recorder.received == bytes, "pieces of \(pieceBytes)")
        }
    }

    @Test func smallWritesOfOneFlushShareARecord() throws {
        let pair = try Pair.connected()
        let promises = (0..<100).map { _ in pair.loop.makePromise(of: Void.self) }
        for promise in promises {
            pair.client.channel.write(ByteBuffer(string: "0123456789"), promise: promise)
        }
        pair.client.channel.flush()
        let wire = try pair.client.takeOutput()
        #expect(wire.readableBytes < 1_000 + 64)
        pair.server.deliver(wire)
        #expect(pair.server.recorder.received.readableBytes == 1_000)
        for promise in promises { try promise.futureResult.wait() }
    }

    @Test func writesOfAllSizesKeepTheirOrder() throws {
        let seed: UInt64 = 7
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        let pair = try Pair.connected()
        var expected = ByteBuffer()
        for turn in 0..<300 {
            let bytes = self.pattern(
                Int(random.next() % (turn % 10 == 0 ? 40_000 : 300)),
                seed: turn
            )
            expected.writeImmutableBuffer(bytes)
            switch random.next() % 3 {
            case 0: pair.client.channel.write(bytes, promise: nil)
            case 1: pair.client.channel.writeAndFlush(bytes, promise: nil)
            default: pair.client.tls.writeNow(bytes)
            }
        }
        pair.client.channel.flush()
        try pair.pump(pieceBytes: 1_500)
        #expect(pair.server.recorder.received == expected)
    }

    @Test func interleavedConnectionsOnOneLoopNeverMix() throws {
        let seed: UInt64 = 42
        print("seed \(seed)")
        var random = SplitMix(state: seed)
        let buffers = TLSLoopBuffers()
        let server = try Fixture.server()
        let client = try Fixture.client()
        let pairs = try (0..<50).map { _ in
            try Pair(client: client, server: server, buffers: buffers)
        }
        for _ in 0..<6 {
            for pair in pairs { Self.exchangeOnce(pair) }
        }
        var expected = [ByteBuffer](repeating: ByteBuffer(), count: pairs.count)
        var held = [ByteBuffer](repeating: ByteBuffer(), count: pairs.count)
        for turn in 0..<3_000 {
            let index = Int(random.next() % UInt64(pairs.count))
            let bytes = self.pattern(Int(random.next() % 3_000) + 1, seed: index)
            expected[index].writeImmutableBuffer(bytes)
            pairs[index].client.tls.writeNow(bytes)
            // Held back for a while, as a slow socket does, and cut anywhere.
            held[index].writeImmutableBuffer(try pairs[index].client.takeOutput())
            let other = Int(random.next() % UInt64(pairs.count))
            let cut =
                held[other].readableBytes == 0
                ? 0 : Int(random.next() % UInt64(held[other].readableBytes + 1))
            if cut > 0, let piece = held[other].readSlice(length: cut) {
                pairs[other].server.deliver(piece)
            }
            if turn % 7 == 0 { held[other].discardReadBytes() }
        }
        for (index, pair) in pairs.enumerated() {
            pair.server.deliver(held[index])
            #expect(pair.server.recorder.errors.isEmpty)
            #expect(pair.server.recorder.received == expected[index], "connection \(index)")
        }
    }

    private static func exchangeOnce(_ pair: Pair) {
        if let bytes = try? pair.client.takeOutput() { pair.server.deliver(bytes) }
        if let bytes = try? pair.server.takeOutput() { pair.client.deliver(bytes) }
    }

    @Test func anEmptyWriteCompletesWithoutARecord() throws {
        let pair = try Pair.connected()
        let promise = pair.loop.makePromise(of: Void.self)
        pair.client.channel.writeAndFlush(ByteBuffer(), promise: promise)
        #expect(try pair.client.takeOutput().readableBytes == 0)
        try promise.futureResult.wait()
    }
}
