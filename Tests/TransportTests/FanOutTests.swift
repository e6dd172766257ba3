import NIOCore
import NIOPosix
import TLS
import Testing
import Transport
import Wire

/// Many subscribers, and one that does not read.
@Suite struct FanOutTests {
    @Test func deliversEveryFrameToEverySubscriberInOrder() async throws {
        try await LoopbackServer.run { server in
            let subscribers = 200
            let messages = 50
            let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let loop = clients.any()
            var done: [EventLoopFuture<[[UInt8]]>] = []
            for _ in 0..<subscribers {
                let connection = try await server.connect(on: loop)
                done.append(subscribe(connection, messages: messages))
            }
            try await server.sees("request subscribe", count: subscribers)
            try await server.onLoop { service in
                for number in 0..<UInt8(messages) {
                    let frame = PreparedFrame(message: [number, number, number])
                    for call in service.calls { _ = call.sendPreparedFrame(frame) }
                }
            }
            let expected = (0..<UInt8(messages)).map { [$0, $0, $0] }
            for future in done { #expect(try await future.get() == expected) }
            try await clients.shutdownGracefully()
        }
    }

    @Test func cutsAClientThatNeverReadsAndServesTheOthers() async throws {
        var limits = TransportLimits()
        limits.tickInterval = .milliseconds(20)
        limits.stalledReaderTimeout = .milliseconds(100)
        try await LoopbackServer.run(limits: limits) { server in
            let good = try await server.connect()
            let lazy = try await RawClient.connect(server, greeting: true)
            try await lazy.send(
                Request(method: "flood", credit: WireLimits.creditMax)
                    .encodeFrame(.request, flags: .endStream, stream: StreamID(1))
            )
            try await lazy.stopReading()
            try await server.sees("request flood")
            #expect(try await good.unary("echo", body: [1]) == [1])
            try await server.sees("closed slowReader")
            #expect(try await good.unary("echo", body: [2]) == [2])
            try await lazy.close()
        }
    }

    @Test func cutsAClientThatNeverFinishesTheHandshake() async throws {
        var limits = TransportLimits()
        limits.tickInterval = .milliseconds(10)
        limits.handshakeTimeout = .milliseconds(50)
        try await LoopbackServer.run(limits: limits) { server in
            let silent = try await ClientBootstrap(group: server.group)
                .connect(host: "127.0.0.1", port: server.port).get()
            try await silent.closeFuture.get()
            try await server.sees("refused handshakeTimeout")

            let secure = try await RawClient.connect(server, greeting: false)
            try await server.sees("refused handshakeTimeout", count: 2)
            try await secure.close()
        }
    }

    @Test func closesAConnectionOfRandomBytesOnly() async throws {
        try await LoopbackServer.run { server in
            let good = try await server.connect()
            let random = try await RawClient.connect(server, greeting: true)
            try await random.send([UInt8](repeating: 0xa5, count: 1_000))
            try await server.sees("closed violation")
            #expect(try await good.unary("echo", body: [1]) == [1])
            try await random.close()
        }
    }

    @Test func refusesConnectionsBeyondItsLimit() async throws {
        var limits = TransportLimits()
        limits.connectionsMax = 2
        try await LoopbackServer.run(limits: limits) { server in
            let first = try await server.connect()
            _ = try await server.connect()
            await #expect(throws: TransportError.self) { try await server.connect() }
            first.close()
            try await server.sees("closed")
            _ = try await first.closeFuture.get()
        }
    }

    /// Opens a subscription; succeeds with its messages once they are all there.
    private func subscribe(
        _ connection: TransportConnection,
        messages: Int
    ) -> EventLoopFuture<[[UInt8]]> {
        connection.eventLoop.flatSubmit {
            let promise = connection.eventLoop.makePromise(of: [[UInt8]].self)
            var received: [[UInt8]] = []
            let events = ClientCallEvents(
                message: { call, message in
                    received.append(Array(message.readableBytesView))
                    // Half of the credit it needs at first, so that granting is tried as well.
                    if received.count % 25 == 0 { call.grantCredit(25) }
                    if received.count == messages { promise.succeed(received) }
                },
                ended: { _, status, _ in promise.fail(status) }
            )
            _ = connection.openStream(
                "subscribe",
                body: [],
                credit: UInt32(messages),
                events: events
            )
            return promise.futureResult
        }
    }
}

/// A TLS connection whose plaintext the test writes itself.
private final class RawClient {
    private let channel: any Channel

    private init(_ channel: any Channel) { self.channel = channel }

    static func connect(_ server: LoopbackServer, greeting: Bool) async throws -> RawClient {
        let tls = try LoopbackServer.context(.client, name: .operator("eve"))
        let channel = try await ClientBootstrap(group: server.group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = TLSHandler(context: tls, buffers: TLSLoopBuffers())
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: "127.0.0.1", port: server.port).get()
        let client = RawClient(channel)
        if greeting {
            let settings = Settings.test(cluster: "north")
            try await client.send(settings.encodeFrame(.settings, stream: .connection))
            try await server.sees("opened")
        }
        return client
    }

    func send(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func stopReading() async throws {
        try await self.channel.setOption(.autoRead, value: false).get()
    }

    func close() async throws {
        // The server may have been first.
        try? await self.channel.close().get()
    }
}
