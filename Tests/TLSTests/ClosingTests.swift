import NIOCore
import NIOEmbedded
import TLS
import Testing

@Suite struct ClosingTests {
    @Test func aCloseIsAnnouncedAndAnswered() throws {
        let pair = try Pair.connected()
        pair.client.send("last words")
        let promise = pair.loop.makePromise(of: Void.self)
        pair.client.channel.close(mode: .all, promise: promise)
        try pair.pump()
        #expect(pair.server.text == "last words")
        #expect(pair.server.recorder.isInactive && pair.client.recorder.isInactive)
        #expect(pair.server.recorder.errors.isEmpty && pair.client.recorder.errors.isEmpty)
        try promise.futureResult.wait()
    }

    @Test func aPeerThatNeverAnswersDoesNotHoldACloseUp() throws {
        let pair = try Pair.connected()
        pair.client.channel.close(mode: .all, promise: nil)
        pair.loop.advanceTime(by: .milliseconds(TLSLimits.closeTimeoutMilliseconds - 1))
        #expect(pair.client.channel.isActive)
        pair.loop.advanceTime(by: .milliseconds(1))
        #expect(!pair.client.channel.isActive)
    }

    @Test func bothSidesMayCloseAtOnce() throws {
        let pair = try Pair.connected()
        pair.client.channel.close(mode: .all, promise: nil)
        pair.server.channel.close(mode: .all, promise: nil)
        try pair.pump()
        #expect(!pair.client.channel.isActive && !pair.server.channel.isActive)
        #expect(pair.client.recorder.errors.isEmpty && pair.server.recorder.errors.isEmpty)
    }

    @Test func anEndWithoutCloseNotifyIsReported() throws {
        let pair = try Pair.connected()
        pair.server.channel.pipeline.fireChannelInactive()
        #expect(pair.server.recorder.errorCodes == [.closedUncleanly])
        #expect(pair.server.recorder.isInactive)
    }

    @Test func writesAfterACloseFail() throws {
        let pair = try Pair.connected()
        pair.client.channel.close(mode: .all, promise: nil)
        let promise = pair.loop.makePromise(of: Void.self)
        pair.client.channel.writeAndFlush(ByteBuffer(string: "late"), promise: promise)
        #expect(throws: TLSError(.closed, "")) { try promise.futureResult.wait() }
        pair.client.tls.writeNow(ByteBuffer(string: "late"))
        try pair.pump()
        #expect(pair.server.text.isEmpty)
    }

    @Test func unflushedWritesFailOnClose() throws {
        let pair = try Pair.connected()
        let promise = pair.loop.makePromise(of: Void.self)
        pair.client.channel.write(ByteBuffer(string: "never flushed"), promise: promise)
        pair.client.channel.close(mode: .all, promise: nil)
        try pair.pump()
        #expect(throws: TLSError(.closed, "")) { try promise.futureResult.wait() }
        #expect(pair.server.text.isEmpty)
    }

    @Test func aCloseDuringTheHandshakeIsImmediate() throws {
        let pair = try Pair()
        pair.client.channel.close(mode: .all, promise: nil)
        #expect(!pair.client.channel.isActive)
    }

    @Test func aClosedOutputStillReads() throws {
        let pair = try Pair.connected()
        pair.server.send("before")
        pair.client.channel.close(mode: .output, promise: nil)
        // The server's bytes were on their way when the client finished.
        try pair.pump()
        #expect(pair.client.text == "before")
        #expect(!pair.client.channel.isActive && !pair.server.channel.isActive)
        #expect(pair.client.recorder.errors.isEmpty && pair.server.recorder.errors.isEmpty)
    }
}
