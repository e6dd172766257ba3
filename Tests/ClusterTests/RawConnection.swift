import BanderaClient
import LocalCluster
import NIOCore
import NIOPosix
import Synchronization
import TLS
import Wire

/// A connection on which a test writes whatever bytes it likes, over real TLS or none.
final class RawConnection: Sendable {
    private let channel: any Channel
    private let inbound: RawInbound

    private init(channel: any Channel, inbound: RawInbound) {
        self.channel = channel
        self.inbound = inbound
    }

    /// Connects without TLS: nothing is sent until `write`.
    static func openPlain(_ endpoint: Endpoint) async throws -> RawConnection {
        try await Self.open(endpoint, tls: nil)
    }

    /// Connects and completes the TLS handshake with the certificate called `name`.
    static func open(
        _ port: Port,
        of node: LocalNode,
        certificates: ClusterCertificates,
        name: String
    ) async throws -> RawConnection {
        let context = try TLSContext.make(
            TLSConfiguration(
                role: .client,
                alpn: port.applicationProtocol,
                certificate: .file(certificates.certificatePath(name)),
                key: .file(certificates.keyPath(name)),
                authority: .file(certificates.authorityPath),
                peers: .anyNode(cluster: certificates.cluster)
            )
        )
        let connection = try await Self.open(port.endpoint(of: node), tls: context)
        // The node begins with its settings, so that what comes after them is an answer.
        try await Patience.wait(.seconds(10), for: "the settings of \(port)") {
            connection.inbound.isSecure && connection.inbound.bytes > 0 ? () : nil
        }
        return connection
    }

    private static func open(
        _ endpoint: Endpoint,
        tls: TLSContext?
    ) async throws -> RawConnection {
        let inbound = RawInbound()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        let buffers = TLSLoopBuffers()
                        try pipeline.addHandler(TLSHandler(context: tls, buffers: buffers))
                    }
                    try pipeline.addHandler(RawInboundHandler(inbound))
                }
            }
            .connect(host: endpoint.host, port: endpoint.port).get()
        return RawConnection(channel: channel, inbound: inbound)
    }

    /// Writes bytes as they are; those for a connection that is gone are forgotten.
    func write(_ bytes: [UInt8]) async {
        try? await self.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Turns reading off: the node's bytes pile up.
    func stopReading() async throws {
        try await self.channel.setOption(.autoRead, value: false).get()
    }

    /// Waits until the node has closed the connection.
    func closed(within limit: Duration, _ what: String) async throws {
        try await Patience.wait(limit, for: "the node to close a connection: \(what)") {
            self.channel.isActive ? nil : ()
        }
    }

    /// Writes bytes and waits until the node has sent something.
    func ask(_ bytes: [UInt8], within limit: Duration, _ what: String) async throws {
        let before = self.inbound.bytes
        await self.write(bytes)
        try await Patience.wait(limit, for: "an answer: \(what)") {
            self.inbound.bytes > before ? () : nil
        }
    }

    func close() { self.channel.close(promise: nil) }

    /// The words in what the node sent last, for failure messages.
    var heard: String { self.inbound.words }

    /// The connection's own port.
    var localPort: Int { self.channel.localAddress?.port ?? 0 }
}

/// What came in on a ``RawConnection``.
private final class RawInbound: Sendable {
    private static let wordsBytesMax = 2_048

    private let state = Mutex((bytes: 0, isSecure: false, last: [UInt8]()))

    var bytes: Int { self.state.withLock { $0.bytes } }
    var isSecure: Bool { self.state.withLock { $0.isSecure } }

    var words: String {
        let printable = self.state.withLock { $0.last }.filter { (0x20...0x7e).contains($0) }
        return String(decoding: printable, as: UTF8.self)
    }

    func received(_ buffer: ByteBuffer) {
        self.state.withLock { state in
            state.bytes += buffer.readableBytes
            state.last = Array(buffer.readableBytesView.suffix(Self.wordsBytesMax))
        }
    }

    func secured() { self.state.withLock { $0.isSecure = true } }
}

private final class RawInboundHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbound: RawInbound

    init(_ inbound: RawInbound) { self.inbound = inbound }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.inbound.received(self.unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandshakeCompleted { self.inbound.secured() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
