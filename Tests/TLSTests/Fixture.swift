import NIOCore
import NIOEmbedded
import TLS
import Testing

/// Certificates for tests: two authorities and what they issue, made once.
enum Fixture {
    static let cluster = "test.bandera"
    /// 2020-01-01, and 2090-01-01.
    static let always = CertificateValidity(
        notBeforeSeconds: 1_577_836_800,
        notAfterSeconds: 3_786_912_000
    )
    static let past = CertificateValidity(
        notBeforeSeconds: 1_577_836_800,
        notAfterSeconds: 1_577_923_200
    )
    static let future = CertificateValidity(
        notBeforeSeconds: 3_786_825_600,
        notAfterSeconds: 3_786_912_000
    )

    static let authority = Result {
        try CertificateAuthority.create(cluster: cluster, validity: always)
    }
    static let foreignAuthority = Result {
        try CertificateAuthority.create(cluster: cluster, validity: always)
    }

    static func issue(
        _ name: PeerIdentity.Name,
        cluster: String = Fixture.cluster,
        validity: CertificateValidity = always,
        by authority: Result<CertificateAuthority, any Error> = Fixture.authority
    ) throws -> IssuedCertificate {
        try authority.get().issue(
            PeerIdentity(cluster: cluster, name: name),
            dnsNames: ["localhost"],
            ipAddresses: ["127.0.0.1"],
            validity: validity
        )
    }

    static func context(
        _ role: TLSConfiguration.Role,
        _ certificate: IssuedCertificate?,
        alpn: String = "bandera/1",
        authority: Result<CertificateAuthority, any Error> = Fixture.authority,
        verification: TLSConfiguration.ClientVerification = .required,
        peers: PeerPolicy = .anyNode(cluster: Fixture.cluster)
    ) throws -> TLSContext {
        try TLSContext.make(
            TLSConfiguration(
                role: role,
                alpn: alpn,
                certificate: (certificate?.certificatePEM).map { .text($0) },
                key: (certificate?.keyPEM).map { .text($0) },
                authority: .text(authority.get().certificate.certificatePEM),
                clientVerification: verification,
                peers: peers
            )
        )
    }

    /// Node 1 serving node 2.
    static func server() throws -> TLSContext { try Self.context(.server, Self.issue(.node(1))) }
    static func client() throws -> TLSContext { try Self.context(.client, Self.issue(.node(2))) }
}

/// Collects what a TLS handler fires.
final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var completed: TLSHandshakeCompleted?
    var errors: [any Error] = []
    var received = ByteBuffer()
    var isInactive = false
    var receivedBeforeCompletion = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandshakeCompleted { self.completed = event }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.completed == nil { self.receivedBeforeCompletion = true }
        var bytes = self.unwrapInboundIn(data)
        self.received.writeBuffer(&bytes)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.errors.append(error)
    }

    func channelInactive(context: ChannelHandlerContext) { self.isInactive = true }

    var errorCodes: [TLSError.Code] { self.errors.compactMap { ($0 as? TLSError)?.code } }
}

/// One end of a connection without a socket.
final class End {
    let channel: EmbeddedChannel
    let tls: TLSHandler
    let recorder = Recorder()

    init(
        _ context: TLSContext,
        loop: EmbeddedEventLoop,
        buffers: TLSLoopBuffers,
        peers: PeerPolicy? = nil
    ) throws {
        self.channel = EmbeddedChannel(loop: loop)
        self.tls = TLSHandler(context: context, buffers: buffers, peers: peers)
        try self.channel.pipeline.syncOperations.addHandlers([self.tls, self.recorder])
    }

    func connect() throws {
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// What this end wants on the wire.
    func takeOutput() throws -> ByteBuffer {
        var all = ByteBuffer()
        while var next = try self.channel.readOutbound(as: ByteBuffer.self) {
            all.writeBuffer(&next)
        }
        return all
    }

    func deliver(_ bytes: ByteBuffer) {
        // Errors are recorded by the recorder.
        _ = try? self.channel.writeInbound(bytes)
    }

    func send(_ text: String) { self.channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }

    var text: String { String(buffer: self.recorder.received) }
}

/// Two ends and the wire between them.
final class Pair {
    let loop = EmbeddedEventLoop()
    let client: End
    let server: End

    init(
        client: TLSContext,
        server: TLSContext,
        clientPeers: PeerPolicy? = nil,
        buffers: TLSLoopBuffers = TLSLoopBuffers()
    ) throws {
        self.client = try End(client, loop: self.loop, buffers: buffers, peers: clientPeers)
        self.server = try End(server, loop: self.loop, buffers: buffers)
        try self.server.connect()
        try self.client.connect()
    }

    convenience init() throws {
        try self.init(client: Fixture.client(), server: Fixture.server())
    }

    /// Carries bytes both ways, at most `pieceBytes` at once, until both ends are silent.
    func pump(pieceBytes: Int = .max) throws {
        while true {
            self.loop.run()
            let toServer = try self.client.takeOutput()
            let toClient = try self.server.takeOutput()
            if toServer.readableBytes == 0 && toClient.readableBytes == 0 { return }
            Self.deliver(toServer, to: self.server, pieceBytes)
            Self.deliver(toClient, to: self.client, pieceBytes)
        }
    }

    private static func deliver(_ bytes: ByteBuffer, to end: End, _ pieceBytes: Int) {
        var rest = bytes
        while rest.readableBytes > 0 {
            guard let piece = rest.readSlice(length: min(pieceBytes, rest.readableBytes)) else {
                return
            }
            end.deliver(piece)
        }
    }

    /// A pair whose handshake has completed.
    static func connected() throws -> Pair {
        let pair = try Pair()
        try pair.pump()
        try #require(pair.client.tls.isOpen && pair.server.tls.isOpen)
        return pair
    }
}
