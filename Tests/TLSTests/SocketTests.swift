import Glibc
import NIOCore
import NIOPosix
import TLS
import Testing

/// The few facts that need real sockets, and a TLS implementation configured by somebody else.
@Suite struct SocketTests {
    /// Answers every message with itself.
    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(data, promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    /// Sends a text once it is safe to, and completes when as much came back.
    private final class Asker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let question: ByteBuffer
        let answer: EventLoopPromise<ByteBuffer>
        private var received = ByteBuffer()

        init(_ question: ByteBuffer, _ answer: EventLoopPromise<ByteBuffer>) {
            self.question = question
            self.answer = answer
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard event is TLSHandshakeCompleted else { return }
            context.writeAndFlush(self.wrapOutboundOut(self.question), promise: nil)
            context.read()
        }

        // With automatic reads off, the reader asks again after each burst.
        func channelReadComplete(context: ChannelHandlerContext) { context.read() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.received.writeImmutableBuffer(self.unwrapInboundIn(data))
            if self.received.readableBytes >= self.question.readableBytes {
                self.answer.succeed(self.received)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.answer.fail(error)
        }
    }

    private func withServer(
        _ body: (Int, MultiThreadedEventLoopGroup) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let context = try Fixture.context(
            .server,
            Fixture.issue(.node(1)),
            verification: .optional,
            peers: .member(cluster: Fixture.cluster)
        )
        let buffers = NIOLoopBoundBox<TLSLoopBuffers?>.makeBoxSendingValue(
            nil,
            eventLoop: group.next()
        )
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let shared = buffers.value ?? TLSLoopBuffers()
                    buffers.value = shared
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(context: context, buffers: shared), Echo(),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(try #require(server.localAddress?.port), group)
        } catch {
            try await server.close()
            try await group.shutdownGracefully()
            throw error
        }
        try await server.close()
        try await group.shutdownGracefully()
    }

    @Test(arguments: [true, false])
    func bytesGoThereAndBackOverSockets(readsAutomatically: Bool) async throws {
        try await self.withServer { port, group in
            let context = try Fixture.client()
            for count in [1, 300, 100_000, 3_000_000] {
                let question = ByteBuffer(repeating: 7, count: count)
                let answer = group.next().makePromise(of: ByteBuffer.self)
                let channel = try await ClientBootstrap(group: group)
                    .channelOption(.autoRead, value: readsAutomatically)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandlers([
                                TLSHandler(context: context, buffers: TLSLoopBuffers()),
                                Asker(question, answer),
                            ])
                        }
                    }
                    .connect(host: "127.0.0.1", port: port).get()
                #expect(try await answer.futureResult.get() == question)
                try await channel.close()
            }
        }
    }

    /// Writes numbered frames at once, far more than a socket takes, as soon as it is safe to.
    private final class Flood: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let tls: TLSHandler
        let frames: Int

        init(_ tls: TLSHandler, frames: Int) {
            self.tls = tls
            self.frames = frames
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard event is TLSHandshakeCompleted else { return }
            for number in 0..<self.frames {
                var frame = ByteBuffer(integer: UInt64(number))
                frame.writeRepeatingByte(UInt8(truncatingIfNeeded: number), count: 1_016)
                self.tls.writeNow(frame)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    /// Checks that the numbers arrive in order.
    private final class Counter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let frames: Int
        let done: EventLoopPromise<Int>
        private var rest = ByteBuffer()
        private var next = 0

        init(frames: Int, done: EventLoopPromise<Int>) {
            self.frames = frames
            self.done = done
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.rest.writeImmutableBuffer(self.unwrapInboundIn(data))
            while let frame = self.rest.readSlice(length: 1_024) {
                guard frame.getInteger(at: frame.readerIndex) == UInt64(self.next) else {
                    return self.done.succeed(self.next)
                }
                self.next += 1
            }
            self.rest.discardReadBytes()
            if self.next == self.frames { self.done.succeed(self.next) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.done.fail(error)
        }
    }

    @Test func aSocketThatLagsGetsEverythingInOrder() async throws {
        let frames = 16 << 10
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let serverContext = try Fixture.server()
        let clientContext = try Fixture.client()
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = TLSHandler(context: serverContext, buffers: TLSLoopBuffers())
                    try channel.pipeline.syncOperations.addHandlers([
                        tls, Flood(tls, frames: frames),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let done = group.next().makePromise(of: Int.self)
        let port = try #require(server.localAddress?.port)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(context: clientContext, buffers: TLSLoopBuffers()),
                        Counter(frames: frames, done: done),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        #expect(try await done.futureResult.get() == frames)
        try await channel.close()
        try await server.close()
        try await group.shutdownGracefully()
    }

    /// Runs `openssl s_client` against the port and gives all it says.
    private func sClient(_ options: String, port: Int) throws -> String {
        let command =
            "echo hello | timeout 10 openssl s_client -connect 127.0.0.1:\(port) "
            + "\(options) 2>&1"
        let pipe = try #require(popen(command, "r"))
        defer { pclose(pipe) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text.append(contentsOf: chunk[..<count])
        }
    }

    @Test func openSSLsOwnClientGetsTLS13AndNothingLess() async throws {
        try await self.withServer { port, _ in
            let good = try self.sClient("-tls1_3 -alpn bandera/1", port: port)
            #expect(good.contains("TLSv1.3"))
            #expect(good.contains("ALPN protocol: bandera/1"))
            #expect(!good.contains("New Session Ticket"))
            let old = try self.sClient("-tls1_2 -alpn bandera/1", port: port)
            #expect(old.contains("alert protocol version"))
            let silent = try self.sClient("-tls1_3", port: port)
            #expect(silent.contains("no application protocol"))
            let wrong = try self.sClient("-tls1_3 -alpn h2,bandera-peer/1", port: port)
            #expect(wrong.contains("no application protocol"))
        }
    }
}
