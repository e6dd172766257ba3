import NIOCore
import NIOEmbedded
import Testing
import Transport
import Wire

/// One frame as it was sent.
struct SentFrame: Equatable {
    let header: FrameHeader
    let payload: [UInt8]

    var end: End? { self.header.type == .end ? try? End.decode(self.payload) : nil }

    var goaway: Goaway? { self.header.type == .goaway ? try? Goaway.decode(self.payload) : nil }
}

/// A server or client on an embedded channel, and the bytes' other side played by the test.
final class EmbeddedPeer {
    let channel = EmbeddedChannel()
    let loop: EmbeddedEventLoop
    private var outbound = ByteBuffer()
    /// How many buffers the side under test has written.
    private(set) var writeCount = 0

    init() throws {
        self.loop = self.channel.embeddedEventLoop
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// A server that has not been greeted yet.
    static func server(
        _ service: any TransportService,
        limits: TransportLimits = TransportLimits()
    ) throws -> EmbeddedPeer {
        let peer = try EmbeddedPeer()
        try PlainTransport.serve(
            peer.channel,
            limits: limits,
            hello: .test(cluster: "north", nodeID: 1),
            service: service
        )
        return peer
    }

    /// A server that has been greeted, and whose greeting was taken.
    static func openServer(
        _ service: any TransportService,
        limits: TransportLimits = TransportLimits()
    ) throws -> EmbeddedPeer {
        let peer = try Self.server(service, limits: limits)
        try peer.greet()
        #expect(try peer.frames().map(\.header.type) == [.settings])
        return peer
    }

    func greet(_ settings: Settings = .test(cluster: "north")) throws {
        try self.send(settings.encodeFrame(.settings, stream: .connection))
    }

    func send(_ bytes: [UInt8]) throws {
        try self.channel.writeInbound(ByteBuffer(bytes: bytes))
        self.loop.run()
    }

    func request(
        _ stream: UInt32,
        _ method: String,
        body: [UInt8] = [],
        credit: UInt32 = 0,
        timeoutMilliseconds: UInt32 = 0,
        endStream: Bool = true
    ) throws {
        let request = Request(
            method: method,
            timeoutMilliseconds: timeoutMilliseconds,
            credit: credit,
            body: body
        )
        let flags: FrameFlags = endStream ? .endStream : []
        try self.send(request.encodeFrame(.request, flags: flags, stream: StreamID(stream)))
    }

    func data(_ stream: UInt32, _ payload: [UInt8], endStream: Bool = false) throws {
        try self.send(
            frameBytes(.data, flags: endStream ? .endStream : [], stream: stream, payload)
        )
    }

    /// Takes all whole frames that were sent since the last look.
    func frames() throws -> [SentFrame] {
        self.loop.run()
        while var bytes = try self.channel.readOutbound(as: ByteBuffer.self) {
            self.writeCount += 1
            self.outbound.writeBuffer(&bytes)
        }
        var frames: [SentFrame] = []
        while self.outbound.readableBytes >= FrameHeader.byteCount {
            let header = try self.outbound.withUnsafeReadableBytes { bytes in
                try FrameHeader(parsing: bytes)
            }
            guard self.outbound.readableBytes >= header.frameByteCount else { break }
            self.outbound.moveReaderIndex(forwardBy: FrameHeader.byteCount)
            let payload = self.outbound.readBytes(length: Int(header.length)) ?? []
            frames.append(SentFrame(header: header, payload: payload))
        }
        return frames
    }
}

/// Makes a frame of a payload that needs no packing.
func frameBytes(
    _ type: FrameType,
    flags: FrameFlags = [],
    stream: UInt32,
    _ payload: [UInt8]
) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: FrameHeader.byteCount)
    let header = FrameHeader(
        length: UInt32(payload.count),
        type: type,
        flags: flags,
        stream: StreamID(stream)
    )
    bytes.withUnsafeMutableBytes { header.write(into: $0) }
    return bytes + payload
}

extension Settings {
    static func test(cluster: String, nodeID: UInt64 = 0) -> Settings {
        Settings(limits: .client, cluster: cluster, nodeID: nodeID, region: "MX")
    }
}
