import Glibc
import NIOCore
import NIOPosix
import TLS
import Testing
import Transport
import Wire

/// A listener with real TLS on a free port of this machine, and what its clients need.
final class LoopbackServer: Sendable {
    let server: TransportServer
    let service: NIOLoopBound<ScriptedService>
    let tls: TLSContext
    let group: MultiThreadedEventLoopGroup
    private let watch: LogWatch

    var port: Int { self.server.port }
    var loop: any EventLoop { self.group.any() }

    /// Runs `body` with a server on one loop, and takes everything down afterwards.
    static func run(
        limits: TransportLimits = TransportLimits(),
        port: Int = 0,
        _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let server = try await LoopbackServer(group: group, limits: limits, port: port)
            try await body(server)
            await server.server.shutdown(grace: .milliseconds(10))
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private init(
        group: MultiThreadedEventLoopGroup,
        limits: TransportLimits,
        port: Int
    ) async throws {
        self.group = group
        let watch = LogWatch(group.any())
        self.watch = watch
        self.service = try await group.any().submit {
            let service = ScriptedService()
            service.onLog = { watch.saw($0) }
            return NIOLoopBound(service, eventLoop: group.any())
        }.get()
        self.tls = try Self.context(.server, name: .node(1))
        self.server = try await TransportServer.bind(
            host: "127.0.0.1",
            port: port,
            tls: self.tls,
            group: group,
            limits: limits,
            hello: .test(cluster: "north", nodeID: 1),
            service: { [service] _ in service.value }
        )
    }

    /// Connects like an operator's program.
    func connect(
        cluster: String = "north",
        limits: TransportLimits = TransportLimits(),
        on loop: (any EventLoop)? = nil
    ) async throws -> TransportConnection {
        try await TransportConnection.connect(
            host: "127.0.0.1",
            port: self.port,
            tls: try Self.context(.client, name: .operator("ana")),
            settings: .test(cluster: cluster),
            limits: limits,
            on: loop ?? self.loop
        )
    }

    /// Waits until the service has recorded a line that starts with `prefix` `count` times.
    func sees(_ prefix: String, count: Int = 1) async throws {
        try await self.watch.future(prefix, count: count).get()
    }

    /// Runs `body` on the server's loop.
    func onLoop<Value: Sendable>(
        _ body: @escaping @Sendable (ScriptedService) throws -> Value
    ) async throws -> Value {
        let service = self.service
        return try await self.loop.submit { try body(service.value) }.get()
    }

    static func context(
        _ role: TLSConfiguration.Role,
        name: PeerIdentity.Name
    ) throws -> TLSContext {
        let authority = try Self.authority.get()
        let identity = try PeerIdentity(cluster: "north", name: name)
        let issued = try authority.issue(identity, validity: LoopbackServer.validity)
        return try TLSContext.make(
            TLSConfiguration(
                role: role,
                alpn: "bandera/1",
                certificate: .text(issued.certificatePEM),
                key: .text(issued.keyPEM),
                authority: .text(authority.certificate.certificatePEM),
                peers: role == .server ? .member(cluster: "north") : .anyNode(cluster: "north")
            )
        )
    }

    private static let validity = CertificateValidity(
        notBeforeSeconds: Int64(time(nil)) - 3_600,
        notAfterSeconds: Int64(time(nil)) + 3_600
    )

    private static let authority = Result {
        try CertificateAuthority.create(cluster: "north", validity: LoopbackServer.validity)
    }
}

/// Turns a service's records into futures.
///
/// Used on one loop, save for `future`.
private final class LogWatch: Sendable {
    private struct State {
        var counts: [String: Int] = [:]
        var waiting: [(prefix: String, count: Int, promise: EventLoopPromise<Void>)] = []

        func count(_ prefix: String) -> Int {
            self.counts.reduce(0) { $0 + ($1.key.hasPrefix(prefix) ? $1.value : 0) }
        }
    }

    private let loop: any EventLoop
    private let state: NIOLoopBoundBox<State>

    init(_ loop: any EventLoop) {
        self.loop = loop
        self.state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: loop)
    }

    func saw(_ line: String) {
        var state = self.state.value
        state.counts[line, default: 0] += 1
        let due = state.waiting.filter { state.count($0.prefix) >= $0.count }
        state.waiting = state.waiting.filter { state.count($0.prefix) < $0.count }
        self.state.value = state
        for entry in due { entry.promise.succeed() }
    }

    func future(_ prefix: String, count: Int) -> EventLoopFuture<Void> {
        self.loop.flatSubmit {
            if self.state.value.count(prefix) >= count {
                return self.loop.makeSucceededVoidFuture()
            }
            let promise = self.loop.makePromise(of: Void.self)
            self.state.value.waiting.append((prefix, count, promise))
            return promise.futureResult
        }
    }
}
